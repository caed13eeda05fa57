/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { fashionMnist } from "./experiments/FashionMnist.ts"
import { matrixSensingExperiment } from "./experiments/MatrixSensing.ts"
import { singleNeuron } from "./experiments/SingleNeuron.ts"
import { sparseCodingExperiment } from "./experiments/SparseCoding.ts"
import { trajectories } from "./experiments/Trajectories.ts"
import { valleyExperiment } from "./experiments/Valley.ts"

export const experiments: ReadonlyArray<Experiment> = [
  trajectories,
  singleNeuron,
  valleyExperiment,
  matrixSensingExperiment,
  sparseCodingExperiment,
  fashionMnist,
]
