/**
 * Linear regression of one column on the others, from a noisy scatter matrix: post-processing of one release, which costs no privacy.
 *
 * For rows (x, t) the matrix contains A = sum x x^T, b = sum t x and sum t^2, which is all that least squares needs. Let the
 * noise and the rounding have spectral norm at most tau. This fails with probability at most `failure` / 2; it is the event
 * of the certificate, so both sets of statements hold together. Let U span the k largest directions of the noisy A with
 * eigenvalues l_1 >= ... >= l_k > tau. With v = (w, -1):
 *
 * - The noisy coefficients w = U L^-1 U^T b differ from the exact ones of that span, w*, by (U^T A U)^-1 U^T E v. So |w - w*| <=
 *   tau |v| / (l_k - tau), and coefficient j differs by at most |L^-1 U^T e_j| tau |v| l_k / (l_k - tau).
 * - The residual of w on the exact rows, v^T S v, is within tau |v|^2 of that of the noisy matrix.
 * - No coefficients have a smaller residual than the Schur complement of the noisy matrix minus tau I, or 0 if that is not
 *   positive.
 *
 * Derived here. Exact quantities refer to the clipped and rounded rows, and to the centre, through which the fit passes.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Schema from "effect/Schema"
import * as LowRank from "../components/LowRank.ts"
import { type Noisy, noiseNorm as normOf } from "../components/Noisy.ts"

const Interval = Schema.Struct({
  estimate: Schema.Number,
  lower: Schema.Number,
  upper: Schema.Number,
})
type Interval = typeof Interval.Type

/** Coefficients with their bounds, all of which hold with probability 1 - failure. */
export const Regression = Schema.Struct({
  /** The column that is explained, from 0. */
  target: Schema.Int,
  failure: Schema.Number,
  noiseNorm: Schema.Number,
  /** Requested number of directions of the other columns, and how many of the largest exceed the noise and are used. */
  asked: Schema.Int,
  rank: Schema.Int,
  /**
   * Intervals of the coefficients of all columns except the target, in order, for the exact coefficients in the span of
   * these directions.
   */
  coefficients: Schema.Array(Interval),
  /** Bound on the distance of all coefficients together. */
  distance: Schema.Number,
  /** Total and residual sum of squares of the target about its centre, in the units of the noisy matrix. */
  total: Interval,
  left: Interval,
  /** Lower bound on the residual of any coefficients, of any rank and without noise. */
  leastLeft: Schema.Number,
})
export type Regression = typeof Regression.Type

/** Block of the other columns, and the column of their products with the target. */
const blocksOf = ({ dimension: d, matrix }: Noisy, target: number) => {
  const others = Array.from({ length: d }, (_, j) => j).filter((j) => j !== target)
  const p = others.length
  const block = new Float64Array(p * p)
  others.forEach((i, a) => others.forEach((j, b) => (block[a * p + b] = matrix[i * d + j]!)))
  return {
    block,
    column: Float64Array.from(others, (i) => matrix[i * d + target]!),
    square: matrix[target * (d + 1)]!,
  }
}

const around = (estimate: number, error: number): Interval => ({
  estimate,
  lower: estimate - error,
  upper: estimate + error,
})

/** As `around`, for a nonnegative quantity. */
const positive = (estimate: number, error: number): Interval => {
  const { lower, upper } = around(Math.max(0, estimate), error)
  return { estimate: Math.max(0, estimate), lower: Math.max(0, lower), upper: Math.max(0, upper) }
}

/** c - b^T A^-1 b, or 0 if A is not positive definite: a lower bound for all matrices that are at least this one. */
const schurComplement = (
  block: Float64Array,
  column: Float64Array,
  square: number,
  kernels: Kernels.Kernels,
): number => {
  const p = column.length
  const factor = block.slice()
  if (kernels.cholesky(p, factor) !== -1) return 0
  const solved = column.slice()
  for (let i = 0; i < p; i++) {
    let sum = solved[i]!
    for (let k = 0; k < i; k++) sum -= factor[i * p + k]! * solved[k]!
    solved[i] = sum / factor[i * p + i]!
  }
  return Math.max(0, square - Vector.dot(solved, solved))
}

/**
 * Regresses column `target` on the others by their largest `rank` directions, or by those that exceed twice the noise.
 * Without any such direction the coefficients are 0. Throws InvalidInput on a single column, an invalid target, a rank below
 * 1 and a failure outside of (0, 1).
 */
export const regress = (
  noisy: Noisy,
  target: number,
  rank: number,
  failure = 0.05,
  kernels: Kernels.Kernels = Kernels.standard(),
): Regression => {
  const p = noisy.dimension - 1
  Require.count("Regression.regress", "dimension", noisy.dimension, 2)
  Require.count("Regression.regress", "target", target, 0, p)
  Require.count("Regression.regress", "rank", rank)
  Require.fraction("Regression.regress", "failure", failure)
  const { block, column, square } = blocksOf(noisy, target)
  const asked = Math.min(rank, p)
  const { residuals, values, vectors } = LowRank.topK(
    { dimension: p, matrix: block },
    asked,
    kernels,
  )
  const tau = normOf(noisy, failure / 2) + residuals.reduce((a, b) => Math.max(a, b), 0)
  const standing = values.findIndex((value) => !(value > 2 * tau))
  const used = standing < 0 ? asked : standing
  const estimates = new Float64Array(p)
  const squares = new Float64Array(p)
  for (let k = 0; k < used; k++) {
    const u = vectors.subarray(k * p, (k + 1) * p)
    Vector.axpy(Vector.dot(u, column) / values[k]!, u, estimates)
    u.forEach((x, j) => (squares[j]! += (x / values[k]!) * (x / values[k]!)))
  }
  const length = Vector.norm(Float64Array.of(...estimates, 1))
  const last = used === 0 ? Infinity : values[used - 1]!
  // of no direction the exact coefficients are 0 too
  const distance = used === 0 ? 0 : (tau * length) / (last - tau)
  const product = new Float64Array(p)
  kernels.symmetricProduct(p, block, estimates, product)
  const remaining = square - 2 * Vector.dot(estimates, column) + Vector.dot(estimates, product)
  const lowered = block.slice()
  for (let j = 0; j < p; j++) lowered[j * (p + 1)]! -= tau
  return {
    target,
    failure,
    noiseNorm: tau,
    asked,
    rank: used,
    coefficients: Array.from(estimates, (estimate, j) =>
      around(estimate, used === 0 ? 0 : Math.sqrt(squares[j]!) * distance * last),
    ),
    distance,
    total: positive(square, tau),
    left: positive(remaining, tau * length * length),
    leastLeft: schurComplement(lowered, column, square - tau, kernels),
  }
}
