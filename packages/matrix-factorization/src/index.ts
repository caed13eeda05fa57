export type { Model } from "./completion/Models.ts"
export { completeRow, type RowModel, rowModel } from "./completion/NewRow.ts"
export type { Table } from "./completion/Table.ts"
export { type CompletedTable, completeTable, fitTable } from "./completion/TableCompletion.ts"
export { errorAt, type Fit, predict } from "./completion/TableFit.ts"
export { deepFactorisation } from "./factorisation/DeepFactorisation.ts"
export * as Factorisation from "./factorisation/Factorisation.ts"
export * as Initialisation from "./factorisation/Initialisation.ts"
export { labelNoiseDescent } from "./factorisation/LabelNoiseDescent.ts"
export { flatten } from "./flatness/Flatten.ts"
export {
  balanced,
  flattestIsotropic,
  flattestSingle,
  flattestTwoLayers,
} from "./flatness/Flattest.ts"
export { flattestInterpolant } from "./flatness/FlattestInterpolant.ts"
export { gaugeDescent } from "./flatness/GaugeDescent.ts"
export { rescale } from "./flatness/Rescaling.ts"
export { sharpness, traceOfHessian } from "./flatness/Sharpness.ts"
export { traceNorm } from "./flatness/TraceNorm.ts"
export { dense } from "./measurements/DenseMeasurements.ts"
export { measure } from "./measurements/Measurements.ts"
export { rankOneCorrelation, rankOneInterval } from "./measurements/RestrictedIsometry.ts"
export { completion, isotropic, sparse } from "./measurements/SparseMeasurements.ts"
export { minimiseNuclearNorm } from "./recovery/NuclearNorm.ts"
export { recover } from "./recovery/Recovery.ts"
export { largestPenalty, softImpute } from "./recovery/SoftImpute.ts"
export * as Theory from "./theory/index.ts"
