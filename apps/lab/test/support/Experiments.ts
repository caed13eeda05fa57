/** All that can be run. */
import { system as catapults } from "@nonconvex/catapults/evidence"
import { system as dpLowrank } from "@nonconvex/dp-lowrank/evidence"
import { system as flatMinima } from "@nonconvex/flat-minima/evidence"
import { system as labelNoise } from "@nonconvex/label-noise/evidence"
import { experiments as matrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import { experiments as optimSam } from "@nonconvex/optim-sam/evidence"
import { experiments as reproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import type { Experiment } from "@nonconvex/evidence"

/** Every experiment of the seven systems. */
export const experiments: ReadonlyArray<Experiment.Experiment> = [
  optimSam,
  flatMinima.experiments,
  labelNoise.experiments,
  matrixFactorization,
  dpLowrank.experiments,
  reproducibleMinimax,
  catapults.experiments,
].flat()
