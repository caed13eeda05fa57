/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { cornerExperiment } from "./experiments/Corner.ts"
import { depthIndependenceExperiment } from "./experiments/DepthIndependence.ts"
import { driftExperiment } from "./experiments/Drift.ts"
import { labelNoiseExperiment } from "./experiments/LabelNoise.ts"
import { peerProtocol } from "./experiments/PeerProtocol.ts"
import { realTable } from "./experiments/RealTable.ts"
import { recoveryExperiment } from "./experiments/Recovery.ts"
import { transition } from "./experiments/Transition.ts"

export const experiments: ReadonlyArray<Experiment> = [
  labelNoiseExperiment,
  recoveryExperiment,
  transition,
  depthIndependenceExperiment,
  driftExperiment,
  cornerExperiment,
  peerProtocol,
  realTable,
]
