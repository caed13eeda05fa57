/** The experiments of this package: Figure 1 of the paper, what its theorems say of errors and gaps, and what it is worth on data. */
import type { Experiment } from "@nonconvex/evidence"
import { audits } from "./experiments/Audits.ts"
import { equalPrivacy } from "./experiments/EqualPrivacy.ts"
import { errorScaling } from "./experiments/ErrorScaling.ts"
import { gapTails } from "./experiments/GapTails.ts"
import { paths } from "./experiments/Paths.ts"
import { subspaceUtility } from "./experiments/SubspaceUtility.ts"
import { weakMetricExperiment } from "./experiments/WeakMetric.ts"

export const experiments: ReadonlyArray<Experiment> = [
  paths,
  gapTails,
  errorScaling,
  equalPrivacy,
  weakMetricExperiment,
  subspaceUtility,
  audits,
]
