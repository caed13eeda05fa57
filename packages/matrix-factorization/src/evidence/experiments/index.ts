/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { cornerExperiment } from "./Corner.ts"
import { everyDepth } from "./EveryDepth.ts"
import { driftExperiment } from "./Drift.ts"
import { flatnessOnATable } from "./FlatnessOnATable.ts"
import { labelNoiseExperiment } from "./LabelNoise.ts"
import { peerProtocol } from "./PeerProtocol.ts"
import { realTable } from "./RealTable.ts"
import { recoveryExperiment } from "./Recovery.ts"
import { transition } from "./Transition.ts"

export const experiments: ReadonlyArray<Experiment.Experiment> = [
  labelNoiseExperiment,
  recoveryExperiment,
  transition,
  everyDepth,
  driftExperiment,
  cornerExperiment,
  peerProtocol,
  realTable,
  flatnessOnATable,
]
