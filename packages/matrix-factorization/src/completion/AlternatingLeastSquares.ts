/**
 * Effects of rows and columns plus a low-rank product, by alternating least squares on the observed entries only; without a
 * product, `Effects.ts` is faster.
 *
 * The objective is `sum q_ij (t - b_i - c_j - <u_i, v_j>)^2 / 2 + (ridge_r |b|^2 + ridge_c |c|^2) / 2 + penalty sum (w_i
 * |u_i|^2 + z_j |v_j|^2) / 2`, where entry (i, j) counts q_ij, 1 where all count alike. Without a limit on the rank, its
 * minimum equals that with `penalty |W^(1/2) X Z^(1/2)|_*` for X = U V', which is convex (Srebro, Rennie and Jaakkola 2005,
 * as recalled). `DualityGap.ts` bounds the distance of a point from that minimum.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Directions from "./Directions.ts"
import * as Effects from "./Effects.ts"
import type { Observations } from "./Table.ts"

/** Penalties of the effects and of a product of low rank. */
export interface Penalties {
  /** Ridges of the effects of rows and of columns. */
  readonly ridge: readonly [rows: number, columns: number]
  /** Weight of the trace norm; Infinity without a product. */
  readonly penalty: number
  /** w and z. */
  readonly weights: readonly [rows: Float64Array, columns: Float64Array]
}

/** Factors and effects: row i starts at `rows[i * (rank + 1)]`, with its effect last; columns have the same layout. Mutable. */
export interface Factors {
  rank: number
  rows: Float64Array
  columns: Float64Array
}

/** Factors and effects of zeros. */
export const nothing = ({ columns, rows }: Observations): Factors => ({
  rank: 0,
  rows: new Float64Array(rows),
  columns: new Float64Array(columns),
})

export const copy = ({ columns, rank, rows }: Factors): Factors => ({
  rank,
  rows: rows.slice(),
  columns: columns.slice(),
})

/** The fitted value of an entry, minus the subtracted mean. */
export const valueAt = ({ columns, rank, rows }: Factors, row: number, column: number): number => {
  const [p, q] = [row * (rank + 1), column * (rank + 1)]
  let sum = rows[p + rank]! + columns[q + rank]!
  for (let a = 0; a < rank; a++) sum += rows[p + a]! * columns[q + a]!
  return sum
}

/** Residuals `q (t - fitted)` in the order of the rows: the negative gradient of the objective in the fitted values. */
export const residualsOf = (
  { byRow, count }: Observations,
  { columns, rank, rows }: Factors,
  kernels: Kernels.Kernels,
): Float64Array => {
  const out = new Float64Array(count)
  if (rank === 0) Effects.residuals(byRow, rows, columns, out)
  else kernels.sparseResiduals(rank, byRow, rows, columns, out)
  return out
}

/** Sums of squares of the factors, weighted, and of the effects, of one side. */
const squares = (own: Float64Array, rank: number, weights: Float64Array) => {
  const n = rank + 1
  let [factors, effects] = [0, 0]
  for (let k = 0; k < weights.length; k++) {
    let sum = 0
    for (let a = k * n; a < k * n + rank; a++) sum += own[a]! * own[a]!
    factors += weights[k]! * sum
    effects += Elementary.square(own[k * n + rank]!)
  }
  return { factors, effects }
}

/** The objective at factors; `out` gets the residuals, as from `residualsOf`, in the same pass over the entries. */
export const objectiveOf = (
  observations: Observations,
  { columns, rank, rows }: Factors,
  { penalty, ridge, weights }: Penalties,
  kernels: Kernels.Kernels,
  out?: Float64Array,
): number => {
  if (rank === 0) return Effects.objectiveOf(observations, rows, columns, ridge, out)
  const [of, by] = [squares(rows, rank, weights[0]), squares(columns, rank, weights[1])]
  const product = penalty * (of.factors + by.factors)
  const effects = ridge[0] * of.effects + ridge[1] * by.effects
  const left = kernels.sparseResiduals(rank, observations.byRow, rows, columns, out)
  return (left + effects + product) / 2
}

/** Stopping rule of a fit. */
export interface Effort {
  /** Relative decrease of the objective in a sweep below which the search stops. */
  readonly tolerance: number
  /** Steps between two additions of directions; total steps without a product. */
  readonly sweeps: number
}

const widened = (old: Float64Array, rank: number, added: ReadonlyArray<Float64Array>) => {
  const [before, after] = [rank + 1, rank + added.length + 1]
  const count = old.length / before
  const out = new Float64Array(count * after)
  for (let k = 0; k < count; k++) {
    for (let a = 0; a < rank; a++) out[k * after + a] = old[k * before + a]!
    added.forEach((direction, a) => {
      out[k * after + rank + a] = direction[k]!
    })
    out[k * after + after - 1] = old[k * before + rank]!
  }
  return out
}

/**
 * Adds the directions of the residuals that improve the objective at this penalty, up to a given rank; returns whether there
 * were any.
 */
const grow = (
  observations: Observations,
  factors: Factors,
  penalties: Penalties,
  atMost: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): boolean => {
  const room = atMost - factors.rank
  if (room <= 0) return false
  const residuals = residualsOf(observations, factors, kernels)
  const found = Directions.leading(
    observations,
    residuals,
    penalties.weights,
    room,
    seed.child(factors.rank),
    kernels,
  ).filter(({ value }) => value > penalties.penalty)
  const roots = found.map(({ value }) => Math.sqrt(value - penalties.penalty))
  const scaled = (side: "left" | "right") =>
    found.map((direction, a) => direction[side].map((x) => x * roots[a]!))
  factors.rows = widened(factors.rows, factors.rank, scaled("left"))
  factors.columns = widened(factors.columns, factors.rank, scaled("right"))
  factors.rank += found.length
  return found.length > 0
}

const sweep = (
  { byColumn, byRow }: Observations,
  factors: Factors,
  penalties: Penalties,
  kernels: Kernels.Kernels,
): void => {
  const { columns, rank, rows } = factors
  const { penalty, ridge, weights } = penalties
  const [own, other] = weights.map((side) => side.map((weight) => penalty * weight))
  kernels.sparseLeastSquares(rank, byRow, columns, own!, ridge[0], rows)
  kernels.sparseLeastSquares(rank, byColumn, rows, other!, ridge[1], columns)
}

/** Momentum before a sweep: increased after each improvement, reset to none otherwise. */
const [firstMomentum, momentumGrowth, mostMomentum] = [0.4, 1.3, 3] as const

/** Minimum number of sweeps before a small gain ends them, since new directions begin slowly. */
const leastSweeps = 3

/** Sweeps with momentum that starts again where the objective grew (Mitchell, Ye and De Sterck 2020, as recalled). */
const descend = (
  observations: Observations,
  factors: Factors,
  penalties: Penalties,
  { sweeps, tolerance }: Effort,
  kernels: Kernels.Kernels,
): boolean => {
  const { columns, rank, rows } = factors
  if (rank === 0) {
    return Effects.improve(observations, rows, columns, penalties.ridge, tolerance, sweeps)
  }
  const objective = () => objectiveOf(observations, factors, penalties, kernels)
  let before = objective()
  const [last, kept] = [columns.slice(), columns.slice()]
  let momentum = 0
  for (let k = 0; k < sweeps; k++) {
    kept.set(columns)
    for (let i = 0; i < columns.length; i++) columns[i]! += momentum * (columns[i]! - last[i]!)
    sweep(observations, factors, penalties, kernels)
    let after = objective()
    if (after > before && momentum > 0) {
      columns.set(kept)
      momentum = 0
      sweep(observations, factors, penalties, kernels)
      after = objective()
    } else {
      momentum = momentum === 0 ? firstMomentum : Math.min(mostMomentum, momentum * momentumGrowth)
    }
    last.set(kept)
    if (k >= leastSweeps && before - after <= tolerance * after) return true
    before = after
  }
  return false
}

/** Directions that are added at once. */
const atOnce = 8

/**
 * Improves factors in place until the effort is spent: alternates sweeps with directions of the residuals, up to a rank of
 * `atMost`. Returns whether the last sweep gained less than the tolerance and no direction was left to add.
 */
export const improve = (
  observations: Observations,
  factors: Factors,
  penalties: Penalties,
  atMost: number,
  { sweeps, tolerance }: Effort,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): boolean => {
  for (;;) {
    const room = Math.min(atMost, factors.rank + atOnce)
    const grown = grow(observations, factors, penalties, room, seed, kernels)
    const done = descend(observations, factors, penalties, { sweeps, tolerance }, kernels)
    if (!grown) return done
    if (factors.rank >= atMost) return done
  }
}
