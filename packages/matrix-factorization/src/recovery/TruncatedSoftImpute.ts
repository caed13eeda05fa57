import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Measurements } from "../measurements/Measurements.ts"
import { operatorNorm } from "./Shrinkage.ts"
import type { RegularisedSolution } from "./SoftImpute.ts"
import { truncatedShrinkage } from "./TruncatedShrinkage.ts"

interface Options {
  readonly penalty: number
  readonly tolerance: number
  readonly maxIterations: number
}

/** As `softImpute` gives it, with the singular values of the matrix. */
export interface TruncatedSolution extends RegularisedSolution {
  /** Descending, without the zeros. */
  readonly singularValues: Float64Array
}

/** Iterations between two looks at the gap, which cost about as much as two of them. */
const every = 5

/**
 * `softImpute` for large matrices of small rank: the same iteration and the same certificate, with the singular vectors past the
 * threshold alone. The measurements must be single entries, each at most once and times at most `largestWeight`. Each call of what is
 * returned starts from the last solution: call it for penalties from the largest to the smallest.
 */
export const truncatedSoftImpute = (
  measurements: Measurements,
  targets: Float64Array,
  largestWeight: number,
  seed: Seed.Seed,
): ((options: Options) => TruncatedSolution) => {
  const { columns, count, rows } = measurements
  const size = rows * columns
  const step = 1 / largestWeight ** 2
  const shrink = truncatedShrinkage(rows, columns, seed)
  const residual = new Float64Array(count)
  const slope = new Float64Array(size)
  const ahead = new Float64Array(size)
  let x = new Float64Array(size)
  let next = new Float64Array(size)
  let singularValues: Float64Array = new Float64Array(0)

  const look = (iterations: number, { penalty, tolerance }: Options): TruncatedSolution => {
    measurements.residualAndAdjoint(undefined, x, targets, 1, residual, slope)
    const norm = operatorNorm(slope, rows, columns)
    // -s (A(X) - b) is feasible for the dual problem
    const s = norm > penalty ? penalty / norm : 1
    const square = Vector.dot(residual, residual)
    const objective = square / 2 + penalty * singularValues.reduce((sum, value) => sum + value, 0)
    const lowerBound = -s * Vector.dot(residual, targets) - (s * s * square) / 2
    return {
      matrix: x.slice(),
      objective,
      lowerBound,
      gap: objective - lowerBound,
      rank: singularValues.length,
      singularValues,
      iterations,
      status: Math.abs(objective - lowerBound) <= tolerance * objective ? "certified" : "budget",
    }
  }

  return (options) => {
    const { maxIterations, penalty } = options
    let momentum = 1
    ahead.set(x)
    for (let iteration = 1; ; iteration++) {
      measurements.residualAndAdjoint(undefined, ahead, targets, 1, residual, slope)
      for (let k = 0; k < size; k++) slope[k] = ahead[k]! - step * slope[k]!
      singularValues = shrink(slope, step * penalty, next)
      let turned = 0
      for (let k = 0; k < size; k++) turned += (ahead[k]! - next[k]!) * (next[k]! - x[k]!)
      const grown = turned > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2
      const factor = turned > 0 ? 0 : (momentum - 1) / grown
      momentum = grown
      for (let k = 0; k < size; k++) ahead[k] = next[k]! + factor * (next[k]! - x[k]!)
      ;[x, next] = [next, x]
      if (iteration % every === 0 || iteration === maxIterations) {
        const found = look(iteration, options)
        if (found.status === "certified" || iteration === maxIterations) return found
      }
    }
  }
}
