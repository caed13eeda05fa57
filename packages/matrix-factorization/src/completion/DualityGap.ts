/**
 * Duality gap of effects and a product: the distance from the optimum of their problem at any rank.
 *
 * With the trace norm in place of the squares of the factors the problem is convex. Take any y whose weighted matrix has an
 * operator norm of at most the penalty. It bounds the problem from below by `<y, t> - sum y^2 / (2 q) - sum (row sums of
 * y)^2 / (2 ridge_r) - sum (column sums of y)^2 / (2 ridge_c)`. Here an entry counts q (Fenchel duality; ours). The
 * residuals times q, scaled down until they satisfy this, give a bound that is attained at the optimum.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as AlternatingLeastSquares from "./AlternatingLeastSquares.ts"
import * as Directions from "./Directions.ts"
import type { Observations } from "./Table.ts"

export interface Gap {
  /** The objective minus the lower bound, relative to the objective. */
  readonly relative: number
  /**
   * Largest singular value of the weighted residuals; above the penalty a further direction improves the objective. 0 for an
   * infinite penalty.
   */
  readonly norm: number
}

export const at = (
  observations: Observations,
  factors: AlternatingLeastSquares.Factors,
  penalties: AlternatingLeastSquares.Penalties,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Gap => {
  const { byRow, columns, count, rows } = observations
  const { penalty, ridge, weights } = penalties
  const residuals = new Float64Array(count)
  const objective = AlternatingLeastSquares.objectiveOf(
    observations,
    factors,
    penalties,
    kernels,
    residuals,
  )
  const norm =
    penalty === Infinity
      ? 0
      : Directions.operatorNorm(observations, residuals, weights, seed, kernels)
  const { confidence, others, starts, values } = byRow
  const [rowSums, columnSums] = [new Float64Array(rows), new Float64Array(columns)]
  let [linear, square] = [0, 0]
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let e = starts[i]!, to = starts[i + 1]!; e < to; e++) {
      const y = residuals[e]!
      linear += y * values[e]!
      square += confidence === undefined ? y * y : (y * y) / confidence[e]!
      sum += y
      columnSums[others[e]!]! += y
    }
    rowSums[i] = sum
  }
  for (const sum of rowSums) square += (sum * sum) / ridge[0]
  for (const sum of columnSums) square += (sum * sum) / ridge[1]
  const best = square > 0 ? linear / square : 0
  const s = norm > 0 ? Math.min(best, penalty / norm) : best
  const lowerBound = s * linear - (s * s * square) / 2
  return { relative: objective > 0 ? (objective - lowerBound) / objective : 0, norm }
}
