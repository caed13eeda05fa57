/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import { clusters } from "./Clusters.ts"
import { collapse } from "./Collapse.ts"
import { controls } from "./Controls.ts"
import { driftOfReplicas } from "./DriftOfReplicas.ts"
import { finiteStep } from "./FiniteStep.ts"
import { flatLimits } from "./FlatLimits.ts"
import { realData } from "./RealData.ts"
import { recalledFigures } from "./RecalledFigures.ts"
import { sparseRegression } from "./SparseRegression.ts"
import { stepsToOneFeature } from "./StepsToOneFeature.ts"
import { transient } from "./Transient.ts"

export const experiments: ReadonlyArray<Experiment> = [
  recalledFigures,
  collapse,
  transient,
  controls,
  clusters,
  driftOfReplicas,
  finiteStep,
  sparseRegression,
  realData,
  flatLimits,
  stepsToOneFeature,
]
