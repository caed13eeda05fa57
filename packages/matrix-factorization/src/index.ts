export { type DeepFactorisation, deepFactorisation } from "./DeepFactorisation.ts"
export { dense } from "./DenseMeasurements.ts"
export * as Factorisation from "./Factorisation.ts"
export { Unobserved, UnseenDirections } from "./Failures.ts"
export { type Flattened, flatten } from "./Flatten.ts"
export { balanced, flattestIsotropic, flattestSingle, flattestTwoLayers } from "./Flattest.ts"
export { flattestInterpolant, type FlattestInterpolant } from "./FlattestInterpolant.ts"
export { gaugeDescent } from "./GaugeDescent.ts"
export * as Initialisation from "./Initialisation.ts"
export {
  labelNoiseDescent,
  type LabelNoiseOptions,
  type LabelNoiseState,
  type Sampling,
} from "./LabelNoise.ts"
export { MatrixFactorization, system } from "./MatrixFactorization.ts"
export { measure, type Measurements } from "./Measurements.ts"
export { minimiseNuclearNorm, type NuclearNormSolution } from "./NuclearNorm.ts"
export { recover, type Recovery } from "./Recovery.ts"
export { rescale } from "./Rescaling.ts"
export {
  isometryBound,
  type IsometryInterval,
  rankOneCorrelation,
  rankOneInterval,
} from "./RestrictedIsometry.ts"
export { type Sharpness, sharpness, traceOfHessian } from "./Sharpness.ts"
export { largestPenalty, type RegularisedSolution, softImpute } from "./SoftImpute.ts"
export { completion, isotropic, sparse } from "./SparseMeasurements.ts"
export * as Theory from "./Theory.ts"
export { type TraceNorm, traceNorm } from "./TraceNorm.ts"
export {
  type CompletedTable,
  completeTable,
  type CompletionPlan,
  type Fit,
  planCompletion,
  type Table,
  unobserved,
} from "./TableCompletion.ts"
