/** The public surface, and nothing else: a name that is not here is free to change. */
export { Certificate, certify } from "./certificate/Certificate.ts"
export type { CertifyOptions, Phase } from "./certificate/CertifyOptions.ts"
export { checkHessian, HessianMismatch } from "./certificate/HessianCheck.ts"
export { checkProducts, ProductCheck, WrongProducts } from "./certificate/ProductCheck.ts"
export * as Flatness from "./flatness/Flatness.ts"
export * as LimitMap from "./minima/LimitMap.ts"
export { type Descent, descend, type DescentOptions } from "./minima/NewtonDescent.ts"
export { NoMinimumNearby, settle, type Settled } from "./minima/Settle.ts"
export * as TangentProjection from "./minima/TangentProjection.ts"
export { monitor, type Monitor, type MonitorOptions, type Reading } from "./monitor/Monitor.ts"
export { spectralDensity, type SpectralDensity } from "./monitor/SpectralDensity.ts"
export * as Draws from "./perturbation/Draws.ts"
export { type Escape, escape } from "./perturbation/Escape.ts"
export * from "./perturbation/FlatDescent.ts"
export type { PerturbationOptions, PerturbedState } from "./perturbation/PerturbedStep.ts"
export * from "./perturbation/SharpnessAwarePerturbation.ts"
export { smoothedPerturbation, type SmoothedOptions } from "./perturbation/SmoothedPerturbation.ts"
export {
  type DiagonalNetwork,
  diagonalNetwork,
  type SparseRecovery,
  sparseRecovery,
  traceAtMinimum,
} from "./problems/DiagonalNetwork.ts"
export { type SampleModel, squareLossModel } from "./problems/SampleModel.ts"
export { scalarModel } from "./problems/ScalarModel.ts"
export * as Theory from "./theory/Theory.ts"
