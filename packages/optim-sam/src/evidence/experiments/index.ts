/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { fashionMnist } from "./FashionMnist.ts"
import { matrixSensingExperiment } from "./MatrixSensing.ts"
import { normalisationAndRobustness } from "./NormalisationAndRobustness.ts"
import { robustness } from "./Robustness.ts"
import { robustnessWithBatchNormalisation } from "./RobustnessWithBatchNormalisation.ts"
import { singleNeuron } from "./SingleNeuron.ts"
import { sparseCodingExperiment } from "./SparseCoding.ts"
import { trajectories } from "./Trajectories.ts"
import { valleyExperiment } from "./Valley.ts"
import { worstCases } from "./WorstCases.ts"

export const experiments: ReadonlyArray<Experiment.Experiment> = [
  trajectories,
  singleNeuron,
  valleyExperiment,
  matrixSensingExperiment,
  sparseCodingExperiment,
  fashionMnist,
  robustness,
  robustnessWithBatchNormalisation,
  normalisationAndRobustness,
  worstCases,
]
