export type { Model } from "./completion/Models.ts"
export type { Validation } from "./completion/Search.ts"
export type { Table } from "./completion/Table.ts"
export {
  chooseModel,
  type CompletedTable,
  completeTable,
  fitTable,
} from "./completion/TableCompletion.ts"
export { errorAt, type Fit, predict } from "./completion/TableFit.ts"
export { type DeepFactorisation, deepFactorisation } from "./factorisation/DeepFactorisation.ts"
export * as Factorisation from "./factorisation/Factorisation.ts"
export * as Initialisation from "./factorisation/Initialisation.ts"
export {
  labelNoiseDescent,
  type LabelNoiseDescentOptions,
  type LabelNoiseDescentState,
  type Sampling,
} from "./factorisation/LabelNoiseDescent.ts"
export { flatten, type Flattened } from "./flatness/Flatten.ts"
export {
  balanced,
  flattestIsotropic,
  flattestSingle,
  flattestTwoLayers,
} from "./flatness/Flattest.ts"
export { flattestInterpolant, type FlattestInterpolant } from "./flatness/FlattestInterpolant.ts"
export { gaugeDescent } from "./flatness/GaugeDescent.ts"
export { rescale } from "./flatness/Rescaling.ts"
export { type Sharpness, sharpness, traceOfHessian } from "./flatness/Sharpness.ts"
export { type TraceNorm, traceNorm } from "./flatness/TraceNorm.ts"
export { dense } from "./measurements/DenseMeasurements.ts"
export { measure, type Measurements } from "./measurements/Measurements.ts"
export {
  isometryBound,
  type IsometryInterval,
  rankOneCorrelation,
  rankOneInterval,
} from "./measurements/RestrictedIsometry.ts"
export { completion, isotropic, sparse } from "./measurements/SparseMeasurements.ts"
export { UnseenDirections } from "./measurements/UnseenDirections.ts"
export { minimiseNuclearNorm, type NuclearNormSolution } from "./recovery/NuclearNorm.ts"
export { recover, type Recovery } from "./recovery/Recovery.ts"
export { largestPenalty, type RegularisedSolution, softImpute } from "./recovery/SoftImpute.ts"
export * as Theory from "./theory/Theory.ts"
