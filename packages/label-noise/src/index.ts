export * as Activation from "./Activation.ts"
export { certify, type SharpnessCertificate } from "./Certificate.ts"
export { diagnose, type Diagnostics, projectedFeatures } from "./Diagnostics.ts"
export { DivergedInTransient, NotIncreasing, NotInterpolating, SingularGram } from "./Failures.ts"
export { driftOfStep } from "./FiniteStep.ts"
export { type FlatLimit, flatLimit } from "./FlatLimit.ts"
export { Geometry } from "./Geometry.ts"
export {
  labelNoise,
  type LabelNoiseOptions,
  type LabelNoiseState,
  runLabelNoise,
  type Sampling,
  stabilityLimit,
  stepLabelNoise,
} from "./LabelNoiseSgd.ts"
export { LabelNoise, system } from "./LabelNoise.ts"
export { type Form, noisyDescent, type NoisyDescent } from "./NoisyDescent.ts"
export { plan, type Plan, type PlanOptions } from "./Planner.ts"
export { type Cluster, detectRegime, type FlowRegime, type Regime, regimeAt } from "./Regime.ts"
export { retract } from "./Retraction.ts"
export * as RungeKutta from "./RungeKutta.ts"
export {
  type Flow,
  flowOfParameters,
  flowOfPreactivations,
  type FlowOptions,
} from "./SharpnessFlow.ts"
export { type StepBudget, stepBudget } from "./StepBudget.ts"
export * as Theory from "./Theory.ts"
export { outputs, residual, type TwoLayer, twoLayer, type TwoLayerOptions } from "./TwoLayer.ts"
export { warmStart, type WarmStartOptions } from "./WarmStart.ts"
