// The public surface, and nothing else: a name that is not here is free to change.
export { adviseBatchSize } from "./descent/BatchAdvice.ts"
export { batchDescent } from "./descent/BatchDescent.ts"
export { catapultDescent, spikesIn } from "./descent/CatapultDescent.ts"
export { diagnoseLog } from "./diagnosis/Diagnosis.ts"
export { descentOf, parameterDescent } from "./descent/Descent.ts"
export { milestones, raising } from "./descent/RateControl.ts"
export * as Agop from "./features/index.ts"
export { recursiveFeatureMachine } from "./features/RecursiveFeatureMachine.ts"
export {
  type Diagnosis,
  type MonitorOptions,
  spikeMonitor,
  type Status,
} from "./monitor/SpikeMonitor.ts"
export { normalStart, ntkArchitecture } from "./network/NtkArchitecture.ts"
export { ntkNetwork } from "./network/NtkNetwork.ts"
export { meanSquared } from "./network/OutputLoss.ts"
export * as TangentKernel from "./network/index.ts"
