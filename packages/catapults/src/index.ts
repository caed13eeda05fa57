// The public surface, and nothing else: a name that is not here is free to change.
export { adagrad } from "./descent/Adagrad.ts"
export { adviseBatchSize } from "./descent/BatchAdvice.ts"
export { batchDescent, type BatchState, supercriticalShare } from "./descent/BatchDescent.ts"
export { catapultDescent, type CatapultState, spikesIn } from "./descent/CatapultDescent.ts"
export { diagnoseLog, type LogDiagnosis, type LogEvent } from "./diagnosis/Diagnosis.ts"
export type { Optimizer, TrainingLog } from "./diagnosis/TrainingLog.ts"
export { type Descent, descentOf, parameterDescent } from "./descent/Descent.ts"
export {
  capped,
  milestones,
  raising,
  type RateControl,
  reproductionRates,
} from "./descent/RateControl.ts"
export { failureOf, type Outcome, RunDiverged } from "./descent/RunDiverged.ts"
export { rmsprop } from "./descent/Rmsprop.ts"
export { sampleDescent } from "./descent/SampleDescent.ts"
export * as Agop from "./features/Agop.ts"
export { recursiveFeatureMachine } from "./features/RecursiveFeatureMachine.ts"
export type { Curvature } from "./monitor/CurvatureGauge.ts"
export {
  type Diagnosis,
  type MonitorOptions,
  type Observation,
  spikeMonitor,
  type SpikeMonitor,
  type Status,
} from "./monitor/SpikeMonitor.ts"
export { type Spike, spikeDetector, spikesOf } from "./monitor/Spikes.ts"
export type { Floats, Model, Training } from "./network/Model.ts"
export {
  normalStart,
  ntkArchitecture,
  type NtkArchitecture,
  signedStart,
} from "./network/NtkArchitecture.ts"
export { ntkNetwork, type NtkNetwork } from "./network/NtkNetwork.ts"
export { logisticLoss, meanSquared, type OutputLoss, sumSquared } from "./network/OutputLoss.ts"
export { frozenGates, linearised } from "./network/QuadraticModel.ts"
export * as TangentKernel from "./network/TangentKernel.ts"
export { ZeroKernel } from "./network/ZeroKernel.ts"
export type { Advice } from "./spikes/Advice.ts"
export type { Evidence, Kind } from "./spikes/Evidence.ts"
export * as Theory from "./theory/index.ts"
