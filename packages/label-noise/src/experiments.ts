/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { clusters } from "./experiments/Clusters.ts"
import { collapse } from "./experiments/Collapse.ts"
import { controls } from "./experiments/Controls.ts"
import { drift } from "./experiments/Drift.ts"
import { finiteStep } from "./experiments/FiniteStep.ts"
import { realData } from "./experiments/RealData.ts"
import { recalledFigures } from "./experiments/RecalledFigures.ts"
import { sparseRegression } from "./experiments/SparseRegression.ts"
import { transient } from "./experiments/Transient.ts"

export const experiments: ReadonlyArray<Experiment> = [
  recalledFigures,
  collapse,
  transient,
  controls,
  clusters,
  drift,
  finiteStep,
  sparseRegression,
  realData,
]
