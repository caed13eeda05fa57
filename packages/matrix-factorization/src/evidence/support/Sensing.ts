/** Gaussian measurements of a random matrix of low rank. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { measure } from "../../index.ts"
import { constraints } from "../../recovery/Constraints.ts"
import { gaussianMeasurements, lowRank } from "./Instances.ts"

export interface SensingSize {
  readonly rows: number
  readonly columns: number
  readonly rank: number
  /** Measurements. */
  readonly count: number
}

export const gaussianSensing = (
  { columns, count, rank, rows }: SensingSize,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
) => {
  const measurements = gaussianMeasurements(rows, columns, count, seed.child("A"), kernels)
  const truth = lowRank(rows, columns, rank, seed.child("M"), kernels)
  return { measurements, truth, targets: measure(measurements, truth) }
}

/** The same of a square matrix M* of Frobenius norm 1. */
export const unitSensing = (
  size: number,
  rank: number,
  count: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
) => {
  const sized = { rows: size, columns: size, rank, count }
  const { measurements, truth } = gaussianSensing(sized, seed, kernels)
  Vector.scale(1 / Vector.norm(truth), truth)
  const targets = measure(measurements, truth)
  /** `|X - M*|_F`. */
  const error = (x: Float64Array): number => Vector.distance(x, truth)
  return {
    measurements,
    targets,
    truth,
    error,
    /** Error of the interpolant of least Frobenius norm. */
    minimumNormError: () => error(constraints(measurements, targets).minimumNorm),
  }
}
