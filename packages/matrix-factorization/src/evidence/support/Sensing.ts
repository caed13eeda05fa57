/** Gaussian measurements of a random matrix of Frobenius norm 1. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { measure, type Measurements } from "../../index.ts"
import { gaussianMeasurements, lowRank } from "./Instances.ts"
import { constraints } from "../../recovery/Constraints.ts"

export interface Sensing {
  readonly measurements: Measurements
  readonly targets: Float64Array
  readonly truth: Float64Array
  /** `|X - M*|_F / |M*|_F`. */
  readonly error: (x: Float64Array) => number
  /** The error of the interpolant of least Frobenius norm. */
  readonly minimumNormError: () => number
}

export const sensing = (
  size: number,
  rank: number,
  count: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Sensing => {
  const measurements = gaussianMeasurements(size, size, count, seed.child("A"), kernels)
  const truth = lowRank(size, size, rank, seed.child("M"), kernels)
  Vector.scale(1 / Vector.norm(truth), truth)
  const targets = measure(measurements, truth)
  const error = (x: Float64Array): number => Vector.distance(x, truth)
  return {
    measurements,
    targets,
    truth,
    error,
    minimumNormError: () => error(constraints(measurements, targets).minimumNorm),
  }
}
