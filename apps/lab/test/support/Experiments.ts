/** All that can be run. */
import { system as catapults } from "@nonconvex/catapults/evidence"
import { system as dpLowrank } from "@nonconvex/dp-lowrank/evidence"
import { system as flatMinima } from "@nonconvex/flat-minima/evidence"
import { system as labelNoise } from "@nonconvex/label-noise/evidence"
import { system as matrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import { system as optimSam } from "@nonconvex/optim-sam/evidence"
import { system as reproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import type { Experiment } from "@nonconvex/evidence"

/** Every experiment of the seven systems. */
export const experiments: ReadonlyArray<Experiment.Experiment> = [
  optimSam.experiments,
  flatMinima.experiments,
  labelNoise.experiments,
  matrixFactorization.experiments,
  dpLowrank.experiments,
  reproducibleMinimax.experiments,
  catapults.experiments,
].flat()
