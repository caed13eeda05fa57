export {
  type ImputedTable,
  imputeColumns,
  isBetterByColumns,
  mayHaveColumns,
} from "./completion/ColumnImputation.ts"
export type { ImplicitFit, ImplicitModel } from "./completion/ImplicitFeedback.ts"
export {
  areCounts,
  chooseImplicit,
  type CountedLists,
  type ImplicitChoice,
  recommendImplicit,
} from "./completion/ImplicitSearch.ts"
export { hasOneScale } from "./completion/Coordinates.ts"
export type { Model } from "./completion/Models.ts"
export { completeRow, type RowModel, rowModel } from "./completion/NewRow.ts"
export type { Table } from "./completion/Table.ts"
export { completeTable, fitTable } from "./completion/MatrixCompletion.ts"
export {
  type Lists,
  type Measured,
  type RankingEvidence,
  type RatedLists,
  recommend,
} from "./completion/Recommendation.ts"
export { errorAt, type Fit, predict } from "./completion/TableFit.ts"
export { deepFactorisation } from "./factorisation/DeepFactorisation.ts"
export * as Factorisation from "./factorisation/index.ts"
export { labelNoiseDescent } from "./factorisation/LabelNoiseDescent.ts"
export { flatten } from "./flatness/Flatten.ts"
export { flattestIsotropic } from "./flatness/Flattest.ts"
export { flattestInterpolant } from "./flatness/FlattestInterpolant.ts"
export { rescale } from "./flatness/Rescaling.ts"
export { sharpness } from "./flatness/Sharpness.ts"
export { dense } from "./measurements/DenseMeasurements.ts"
export { measure } from "./measurements/Measurements.ts"
export { completion, isotropic } from "./measurements/SparseMeasurements.ts"
export { minimiseNuclearNorm } from "./recovery/NuclearNorm.ts"
export { recover } from "./recovery/Recovery.ts"
