/**
 * Factorisation of implicit feedback: counts such as clicks, plays or purchases, where a cell without a count is weak evidence
 * against (Hu, Koren and Volinsky 2008, as recalled).
 *
 * The objective is `sum q_ij (p_ij - <x_i, y_j>)^2 + penalty (|X|^2 + |Y|^2)` over all cells, with preference p = 1 and
 * confidence q = 1 + alpha r where a count r was observed, else p = 0 and q = 1.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { Compressed, Observations } from "./Table.ts"

/** Parameters of the objective. */
export interface ImplicitModel {
  readonly rank: number
  /** Confidence that one unit of a count adds to that of an unobserved cell, which is 1. */
  readonly alpha: number
  /** Ridge of the factors. */
  readonly penalty: number
}

/** Factors of a table of counts. */
export interface ImplicitFit {
  readonly model: ImplicitModel
  /** rows x rank and columns x rank, row-major; preferences are `left right'`. */
  readonly left: Float64Array
  readonly right: Float64Array
  readonly objective: number
  /** Relative decrease of the objective in the last sweep. */
  readonly decrease: number
  readonly sweeps: number
  /** "limited": the sweeps ran out before the decrease fell below the tolerance. */
  readonly status: "converged" | "limited"
}

/** Stopping rule of a fit. */
export interface ImplicitEffort {
  readonly sweeps: number
  /** Relative decrease of the objective below which the sweeps end. */
  readonly tolerance: number
}

/** One side of the alternation. */
interface Side {
  /** The observed cells of each row (or column), then one cell for each column of the Cholesky factor. */
  readonly cells: Compressed
  readonly count: number
  /** Factors, each with an effect of 0 after it, then the columns of the Cholesky factor. */
  readonly factors: Float64Array
  /** The part with the factors. */
  readonly own: Float64Array
  /** No ridge of its own: the Cholesky factor has it. */
  readonly ridge: Float64Array
}

/**
 * Observed cells with weight `alpha r` and target `(1 + alpha r) / (alpha r)`. With the unobserved ones, which all rows share
 * as the Gram matrix of the other side, they have the minimiser of the objective: the factor of that matrix is `rank` more
 * cells of weight 1 and target 0.
 */
const sideOf = (
  { others, starts, values }: Compressed,
  otherCount: number,
  { alpha, rank }: ImplicitModel,
): Side => {
  const count = starts.length - 1
  const length = values.length + count * rank
  const cells = {
    starts: Uint32Array.from(starts, (start, k) => start + k * rank),
    others: new Uint32Array(length),
    values: new Float64Array(length),
    confidence: new Float64Array(length).fill(1),
  }
  for (let k = 0, to = 0; k < count; k++) {
    for (let e = starts[k]!; e < starts[k + 1]!; e++, to++) {
      const weight = alpha * values[e]!
      cells.others[to] = others[e]!
      cells.confidence[to] = weight
      cells.values[to] = (1 + weight) / weight
    }
    for (let a = 0; a < rank; a++) cells.others[to++] = otherCount + a
  }
  const factors = new Float64Array((count + rank) * (rank + 1))
  const own = factors.subarray(0, count * (rank + 1))
  return { cells, count, factors, own, ridge: new Float64Array(count) }
}

/** The Gram matrix of one side into `gram`, whose last row is of the effects, which are 0. */
const gramOf = (side: Side, rank: number, gram: Float64Array, kernels: Kernels.Kernels): void =>
  kernels.syrk(true, rank + 1, side.count, 1, side.own, 0, gram)

/** The factors of one side that minimise the objective, given those of the other. */
const solve = (
  side: Side,
  other: Side,
  { penalty, rank }: ImplicitModel,
  gram: Float64Array,
  kernels: Kernels.Kernels,
): void => {
  const n = rank + 1
  gramOf(other, rank, gram, kernels)
  for (let a = 0; a < rank; a++) gram[a * n + a]! += penalty
  gram[n * n - 1] = 1
  kernels.cholesky(n, gram)
  for (let k = 0; k < rank; k++) {
    const to = (other.count + k) * n
    for (let a = 0; a < rank; a++) other.factors[to + a] = a < k ? 0 : gram[a * n + k]!
  }
  // an infinite ridge leaves no effects
  kernels.sparseLeastSquares(rank, side.cells, other.factors, side.ridge, Infinity, side.own)
}

const squares = (values: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!
  return sum
}

/** The objective, in time that depends on the observed cells alone. */
const objectiveAt = (
  rows: Side,
  columns: Side,
  { byRow }: Observations,
  { alpha, penalty, rank }: ImplicitModel,
  grams: readonly [Float64Array, Float64Array],
  kernels: Kernels.Kernels,
): number => {
  const n = rank + 1
  gramOf(rows, rank, grams[0], kernels)
  gramOf(columns, rank, grams[1], kernels)
  let sum = penalty * (squares(rows.own) + squares(columns.own))
  for (let at = 0; at < n * n; at++) sum += grams[0][at]! * grams[1][at]!
  for (let k = 0; k < rows.count; k++) {
    for (let e = byRow.starts[k]!; e < byRow.starts[k + 1]!; e++) {
      const to = byRow.others[e]! * n
      let value = 0
      for (let a = 0; a < rank; a++) value += rows.own[k * n + a]! * columns.own[to + a]!
      sum += (1 + alpha * byRow.values[e]!) * (1 - value) * (1 - value) - value * value
    }
  }
  return sum
}

/** Factors without their effects. */
const withoutEffects = ({ count, own }: Side, rank: number): Float64Array => {
  const out = new Float64Array(count * rank)
  for (let k = 0; k < count; k++) {
    out.set(own.subarray(k * (rank + 1), k * (rank + 1) + rank), k * rank)
  }
  return out
}

/** Deviation of the factors of the columns at the start. */
const start = 0.1

/**
 * Fits the factors by alternating least squares, from normal factors of the columns. All counts must be positive, and the
 * rank at least 1.
 */
export const fitImplicit = (
  observations: Observations,
  model: ImplicitModel,
  { sweeps: most, tolerance }: ImplicitEffort,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): ImplicitFit => {
  const { byColumn, byRow, columns: width, rows: height } = observations
  const { rank } = model
  const n = rank + 1
  const rows = sideOf(byRow, width, model)
  const columns = sideOf(byColumn, height, model)
  const stream = RandomStream.make(seed)
  for (let j = 0; j < width; j++) {
    for (let a = 0; a < rank; a++) columns.own[j * n + a] = start * stream.normal()
  }
  const grams = [new Float64Array(n * n), new Float64Array(n * n)] as const
  let [objective, decrease, sweeps] = [Infinity, Infinity, 0]
  while (sweeps < most && decrease > tolerance) {
    solve(rows, columns, model, grams[0], kernels)
    solve(columns, rows, model, grams[0], kernels)
    const after = objectiveAt(rows, columns, observations, model, grams, kernels)
    decrease = objective === Infinity ? Infinity : (objective - after) / after
    objective = after
    sweeps++
  }
  return {
    model,
    left: withoutEffects(rows, rank),
    right: withoutEffects(columns, rank),
    objective,
    decrease,
    sweeps,
    status: decrease <= tolerance ? "converged" : "limited",
  }
}
