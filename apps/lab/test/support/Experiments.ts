/** All that can be run. */
import { experiments as catapults } from "@nonconvex/catapults/evidence"
import { experiments as dpLowrank } from "@nonconvex/dp-lowrank/evidence"
import { experiments as flatMinima } from "@nonconvex/flat-minima/evidence"
import { experiments as labelNoise } from "@nonconvex/label-noise/evidence"
import { experiments as matrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import { experiments as optimSam } from "@nonconvex/optim-sam/evidence"
import { experiments as reproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import type { Experiment } from "@nonconvex/evidence"

/** Every experiment of the seven systems. */
export const experiments: ReadonlyArray<Experiment.Experiment> = [
  optimSam,
  flatMinima,
  labelNoise,
  matrixFactorization,
  dpLowrank,
  reproducibleMinimax,
  catapults,
].flat()
