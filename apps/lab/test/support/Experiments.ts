/** All that can be run. */
import { Catapults } from "@nonconvex/catapults/evidence"
import { DpLowrank } from "@nonconvex/dp-lowrank/evidence"
import { FlatMinima } from "@nonconvex/flat-minima/evidence"
import { LabelNoise } from "@nonconvex/label-noise/evidence"
import { MatrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import { OptimSam } from "@nonconvex/optim-sam/evidence"
import { ReproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import type { Experiment } from "@nonconvex/evidence"

/** Every experiment of the seven systems. */
export const experiments: ReadonlyArray<Experiment.Experiment> = [
  OptimSam,
  FlatMinima,
  LabelNoise,
  MatrixFactorization,
  DpLowrank,
  ReproducibleMinimax,
  Catapults,
].flatMap(({ system }) => system.experiments)
