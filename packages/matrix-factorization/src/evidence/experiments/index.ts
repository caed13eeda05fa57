/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { cornerExperiment } from "./Corner.ts"
import { driftExperiment } from "./Drift.ts"
import { everyDepth } from "./EveryDepth.ts"
import { flatnessOnATable } from "./FlatnessOnATable.ts"
import { labelNoise } from "./LabelNoise.ts"
import { peerProtocol } from "./PeerProtocol.ts"
import { realTable } from "./RealTable.ts"
import { recovery } from "./Recovery.ts"
import { transition } from "./Transition.ts"

export const experiments: ReadonlyArray<Experiment.Experiment> = [
  labelNoise,
  recovery,
  transition,
  everyDepth,
  driftExperiment,
  cornerExperiment,
  peerProtocol,
  realTable,
  flatnessOnATable,
]
