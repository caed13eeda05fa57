// The public surface, and nothing else: a name that is not here is free to change.
export { adagrad, rmsprop, type SquareState } from "./Adaptive.ts"
export { adviseFor, type Advice, bands } from "./Advice.ts"
export * as Agop from "./Agop.ts"
export { adviseBatchSize, type BatchSizeForecast } from "./BatchAdvice.ts"
export { batchDescent, type BatchDescent } from "./BatchDescent.ts"
export {
  catapultDescent,
  type CatapultDescent,
  type CatapultOptions,
  type Outcome,
} from "./CatapultDescent.ts"
export { Catapults, system } from "./Catapults.ts"
export {
  classify,
  type Confidence,
  type Evidence,
  type Kind,
  type Steps,
  type Verdict,
} from "./Classification.ts"
export { type Descent, descentOf, parameterDescent } from "./Descent.ts"
export { RunDiverged, ZeroKernel } from "./Failures.ts"
export { type DifferentiableInputs, type Floats, kernelOperator, type Model } from "./Model.ts"
export type { Curvature } from "./Gauge.ts"
export {
  type Diagnosis,
  type MonitorOptions,
  type Observation,
  spikeMonitor,
  type SpikeMonitor,
  type Status,
} from "./Monitor.ts"
export {
  normalStart,
  ntkArchitecture,
  type NtkArchitecture,
  type NtkLayer,
  signedStart,
} from "./NtkArchitecture.ts"
export { ntkNetwork, type NtkNetwork } from "./NtkNetwork.ts"
export {
  logisticLoss,
  meanSquared,
  type OutputLoss,
  type SquaredLoss,
  sumSquared,
} from "./OutputLoss.ts"
export { frozenGates, linearised, type Taylor, taylorModel } from "./QuadraticModel.ts"
export {
  capped,
  milestones,
  raising,
  type RateControl,
  reproductionRates,
  type Situation,
} from "./RateControl.ts"
export { type FeatureMachine, recursiveFeatureMachine } from "./RecursiveFeatureMachine.ts"
export { sampleDescent, type SampleDescent } from "./SampleDescent.ts"
export {
  type Spike,
  spikeDetector,
  type SpikeDetector,
  type SpikeOptions,
  spikesOf,
} from "./Spikes.ts"
export * as TangentKernel from "./TangentKernel.ts"
export * as Theory from "./Theory.ts"
export * as TwoLayer from "./TwoLayer.ts"
export * as LinearNetwork from "./theory/LinearNetwork.ts"
export * as QuadraticDynamics from "./theory/QuadraticDynamics.ts"
export * as ReducedMap from "./theory/ReducedMap.ts"
