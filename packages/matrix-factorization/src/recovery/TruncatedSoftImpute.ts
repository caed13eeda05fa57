import type * as Seed from "@nonconvex/numerics/Seed"
import type { Measurements } from "../measurements/Measurements.ts"
import { proximalDescent, type RegularisedSolution } from "./ProximalDescent.ts"
import { truncatedShrinkage } from "./TruncatedShrinkage.ts"

interface Options {
  readonly penalty: number
  readonly tolerance: number
  readonly maxIterations: number
}

/** As `softImpute` gives it, with the singular values of the matrix. */
interface TruncatedSolution extends RegularisedSolution {
  /** Descending, without the zeros. */
  readonly singularValues: Float64Array
}

/** Iterations between two computations of the gap, each of which costs about as much as two of them. */
const checkEvery = 5

/**
 * `softImpute` for large matrices of small rank: the same iteration and certificate, with the singular vectors past the threshold alone.
 * The measurements must be single entries, each at most once and times at most `largestWeight`, and the targets of about size 1. Each
 * call of what is returned starts from the last solution: call it for penalties from the largest to the smallest.
 */
export const truncatedSoftImpute = (
  measurements: Measurements,
  targets: Float64Array,
  largestWeight: number,
  seed: Seed.Seed,
): ((options: Options) => TruncatedSolution) => {
  const { columns, rows } = measurements
  const shrink = truncatedShrinkage(rows, columns, seed, measurements.given)
  let start: Float64Array = new Float64Array(rows * columns)
  return (options) => {
    let singularValues: Float64Array = new Float64Array(0)
    const found = proximalDescent({
      ...options,
      measurements,
      targets,
      start,
      step: 1 / largestWeight ** 2,
      shrink: (z, threshold, out) => {
        singularValues = shrink(z, threshold, out)
      },
      nuclearNorm: () => singularValues.reduce((sum, value) => sum + value, 0),
      checkEvery,
    })
    start = found.matrix
    return { ...found, rank: singularValues.length, singularValues }
  }
}
