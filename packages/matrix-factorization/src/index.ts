export { type DeepFactorisation, deepFactorisation } from "./factorisation/DeepFactorisation.ts"
export { dense } from "./measurements/DenseMeasurements.ts"
export * as Factorisation from "./factorisation/Factorisation.ts"
export { Unobserved, UnseenDirections } from "./measurements/UnseenDirections.ts"
export { type Flattened, flatten } from "./flatness/Flatten.ts"
export { balanced, flattestIsotropic, flattestSingle, flattestTwoLayers } from "./flatness/Flattest.ts"
export { flattestInterpolant, type FlattestInterpolant } from "./flatness/FlattestInterpolant.ts"
export { gaugeDescent } from "./flatness/GaugeDescent.ts"
export * as Initialisation from "./factorisation/Initialisation.ts"
export {
  labelNoiseDescent,
  type LabelNoiseOptions,
  type LabelNoiseState,
  type Sampling,
} from "./factorisation/LabelNoiseDescent.ts"
export { MatrixFactorization, system } from "./evidence/system.ts"
export { measure, type Measurements } from "./measurements/Measurements.ts"
export { minimiseNuclearNorm, type NuclearNormSolution } from "./recovery/NuclearNorm.ts"
export { recover, type Recovery } from "./recovery/Recovery.ts"
export { rescale } from "./flatness/Rescaling.ts"
export {
  isometryBound,
  type IsometryInterval,
  rankOneCorrelation,
  rankOneInterval,
} from "./measurements/RestrictedIsometry.ts"
export { type Sharpness, sharpness, traceOfHessian } from "./flatness/Sharpness.ts"
export { largestPenalty, type RegularisedSolution, softImpute } from "./recovery/SoftImpute.ts"
export { completion, isotropic, sparse } from "./measurements/SparseMeasurements.ts"
export * as Theory from "./theory/Theory.ts"
export { type TraceNorm, traceNorm } from "./flatness/TraceNorm.ts"
export {
  type CompletedTable,
  completeTable,
  type CompletionPlan,
  type Fit,
  planCompletion,
  type Table,
  unobserved,
} from "./completion/TableCompletion.ts"
