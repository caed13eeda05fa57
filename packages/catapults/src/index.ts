// The public surface, and nothing else: a name that is not here is free to change.
export { adviseFor, type Advice, bands } from "./Advice.ts"
export { classify, type Confidence, type Evidence, type Kind } from "./Classification.ts"
export {
  type Curvature,
  type Diagnosis,
  type MonitorOptions,
  type Observation,
  spikeMonitor,
  type SpikeMonitor,
  type Status,
} from "./Monitor.ts"
export {
  type Spike,
  spikeDetector,
  type SpikeDetector,
  type SpikeOptions,
  spikesOf,
} from "./Spikes.ts"
export { Catapults, system } from "./Catapults.ts"
export * as Theory from "./Theory.ts"
