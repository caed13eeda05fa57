export { DivergedInTransient } from "./descent/DivergedInTransient.ts"
export { driftOfStep } from "./descent/FiniteStep.ts"
export * from "./descent/LabelNoiseSgd.ts"
export { interpolate, type InterpolationOptions } from "./descent/Interpolation.ts"
export { type Form, noisyDescent, type NoisyDescent } from "./descent/NoisyDescent.ts"
export { warmStart, type WarmStartOptions } from "./descent/WarmStart.ts"
export * from "./flow/Regime.ts"
export * from "./flow/SharpnessFlow.ts"
export type { Tolerance } from "./flow/RungeKutta.ts"
export { Geometry } from "./geometry/Geometry.ts"
export { retract } from "./geometry/Retraction.ts"
export { certify, type SharpnessCertificate } from "./limit/Certificate.ts"
export { diagnose, type Diagnostics, projectedFeatures } from "./limit/Diagnostics.ts"
export { type FlatLimit, flatLimit } from "./limit/FlatLimit.ts"
export * as Activation from "./network/Activation.ts"
export { NotIncreasing, NotInterpolating, SingularGram } from "./network/Failures.ts"
export {
  outputs,
  residual,
  type TwoLayer,
  twoLayer,
  type TwoLayerOptions,
  twoLayerThrough,
} from "./network/TwoLayer.ts"
export { plan, type Plan, type PlanOptions } from "./planning/Planner.ts"
export { type StepBudget, stepBudget } from "./planning/StepBudget.ts"
export * as Theory from "./theory/Theory.ts"
