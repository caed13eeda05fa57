export { Certificate, certify, type CertifyOptions } from "./Certificate.ts"
export * as Draws from "./Draws.ts"
export { flatDescent, type FlatDescentState, smoothedFlatDescent } from "./FlatDescent.ts"
export { FlatMinima, system } from "./FlatMinima.ts"
export * as Flatness from "./Flatness.ts"
export { checkHessian, HessianMismatch } from "./HessianCheck.ts"
export * as LimitMap from "./LimitMap.ts"
export { monitor, type Monitor, type Reading } from "./Monitor.ts"
export type { PerturbationOptions, PerturbedState } from "./Perturbed.ts"
export {
  type DiagonalNetwork,
  diagonalNetwork,
  type SparseRecovery,
  sparseRecovery,
  traceAtMinimum,
} from "./problems/DiagonalNetwork.ts"
export { exponentialValley } from "./problems/ExponentialValley.ts"
export {
  gradientOfTraceAtMinimum,
  type QuadraticModel,
  quadraticModel,
} from "./problems/QuadraticModel.ts"
export { scalarModel } from "./problems/ScalarModel.ts"
export { isSampleModel, type SampleModel, squareLossModel } from "./SampleModel.ts"
export { type Escape, escape } from "./Escape.ts"
export { NoMinimumNearby, settle, type Settled } from "./Settle.ts"
export { sharpnessAwarePerturbation, type SharpnessAwareOptions } from "./SharpnessAware.ts"
export { smoothedPerturbation, type SmoothedOptions } from "./Smoothed.ts"
export { spectralDensity, type SpectralDensity } from "./SpectralDensity.ts"
export * as TangentProjection from "./TangentProjection.ts"
export * as Theory from "./Theory.ts"
