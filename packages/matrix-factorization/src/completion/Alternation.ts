/**
 * Effects of rows and columns, and a product of low rank beside them, by alternating least squares on what is observed alone.
 *
 * The objective is `sum q_ij (t - b_i - c_j - <u_i, v_j>)^2 / 2 + (ridge_r |b|^2 + ridge_c |c|^2) / 2 + penalty sum (w_i |u_i|^2 + z_j |v_j|^2) / 2`,
 * where entry (i, j) counts q_ij, 1 where all count alike.
 * Without a limit on the rank its least value is that with `penalty |W^(1/2) X Z^(1/2)|_*` for X = U V' (Srebro, Rennie and Jaakkola
 * 2005, as recalled), which is convex; `DualityGap.ts` says how far a point is from it.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Directions from "./Directions.ts"
import type { Compressed, Observations } from "./Table.ts"

/** What effects and a product of low rank are penalised by. */
export interface Penalties {
  /** Ridges of the effects of rows and of columns. */
  readonly ridge: readonly [rows: number, columns: number]
  /** Of the trace norm; Infinity where there is no product. */
  readonly penalty: number
  /** w and z. */
  readonly weights: readonly [rows: Float64Array, columns: Float64Array]
}

/** Factors and effects: of row i `rows[i * (rank + 1)]` and on, its effect last; columns alike. Mutable. */
export interface Factors {
  rank: number
  rows: Float64Array
  columns: Float64Array
}

/** Nothing but zeros. */
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

/** The fitted value of an entry, less what was taken off before. */
export const valueAt = ({ columns, rank, rows }: Factors, row: number, column: number): number => {
  const [p, q] = [row * (rank + 1), column * (rank + 1)]
  let sum = rows[p + rank]! + columns[q + rank]!
  for (let a = 0; a < rank; a++) sum += rows[p + a]! * columns[q + a]!
  return sum
}

/** Solves `G x = g` in place of g for the lower triangle of a positive definite G (n x n), which becomes its Cholesky factor. */
export const solvePositive = (gram: Float64Array, g: Float64Array, n: number): void => {
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j <= i; j++) {
      const other = j * n
      let sum = gram[row + j]!
      for (let k = 0; k < j; k++) sum -= gram[row + k]! * gram[other + k]!
      // of a singular matrix rounding leaves nothing: no step in such a direction
      gram[row + j] = i === j ? Math.sqrt(sum > 0 ? sum : Infinity) : sum / gram[other + j]!
    }
    let sum = g[i]!
    for (let k = 0; k < i; k++) sum -= gram[row + k]! * g[k]!
    g[i] = sum / gram[row + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = g[i]!
    for (let k = i + 1; k < n; k++) sum -= gram[k * n + i]! * g[k]!
    g[i] = sum / gram[i * n + i]!
  }
}

/** Entries whose factors are gathered for one product. */
const block = 128

/** Effects of one side given those of the other. */
const solveEffects = (
  { confidence, others, starts, values }: Compressed,
  own: Float64Array,
  other: Float64Array,
  ridge: number,
): void => {
  for (let k = 0; k < own.length; k++) {
    const [from, to] = [starts[k]!, starts[k + 1]!]
    let [sum, count] = [0, 0]
    for (let e = from; e < to; e++) {
      const weight = confidence?.[e] ?? 1
      sum += weight * (values[e]! - other[others[e]!]!)
      count += weight
    }
    own[k] = to > from ? sum / (count + ridge) : 0
  }
}

/** Least squares of factors and effect of every row given those of the columns; or the other way round. */
const solveSide = (
  { confidence, others, starts, values }: Compressed,
  own: Float64Array,
  other: Float64Array,
  rank: number,
  penalty: number,
  weights: Float64Array,
  ridge: number,
  kernels: Kernels.Kernels,
): void => {
  if (rank === 0) {
    solveEffects({ confidence, others, starts, values }, own, other, ridge)
    return
  }
  const n = rank + 1
  // of an entry the factors of the other side, a one for the effect, and the target, times the root of what it counts: one product has
  // all sums
  const width = n + 1
  const { arena, syrk } = Kernels.withRoom(kernels, 8 * width * (block + width))
  const [gram, g] = [new Float64Array(n * n), new Float64Array(n)]
  arena.scoped((space) => {
    const gathered = space.f64(block * width)
    const sums = space.f64(width * width)
    for (let k = 0; k < starts.length - 1; k++) {
      const [from, to] = [starts[k]!, starts[k + 1]!]
      for (let start = from; start < to; start += block) {
        const count = Math.min(block, to - start)
        for (let e = 0; e < count; e++) {
          const at = others[start + e]! * n
          const place = e * width
          const root = confidence === undefined ? 1 : Math.sqrt(confidence[start + e]!)
          for (let a = 0; a < rank; a++) gathered[place + a] = root * other[at + a]!
          gathered[place + rank] = root
          gathered[place + n] = root * (values[start + e]! - other[at + rank]!)
        }
        const filled = count === block ? gathered : gathered.subarray(0, count * width)
        syrk(true, width, count, 1, filled, start === from ? 0 : 1, sums)
      }
      g.fill(0)
      if (to > from) {
        const shrinkage = penalty * weights[k]!
        for (let a = 0; a < n; a++) {
          for (let b = 0; b < a; b++) gram[a * n + b] = sums[a * width + b]!
          gram[a * n + a] = sums[a * width + a]! + (a < rank ? shrinkage : ridge)
          g[a] = sums[n * width + a]!
        }
        solvePositive(gram, g, n)
      }
      own.set(g, k * n)
    }
  })
}

/** Writes the residuals `q (t - fitted)` in the order of the rows where `out` is given; returns the sum of `q (t - fitted)^2`. */
const fitTo = ({ byRow }: Observations, { columns, rank, rows }: Factors, out?: Float64Array) => {
  const { confidence, others, starts, values } = byRow
  const n = rank + 1
  let square = 0
  for (let i = 0; i < starts.length - 1; i++) {
    const p = i * n
    for (let e = starts[i]!; e < starts[i + 1]!; e++) {
      const q = others[e]! * n
      let left = values[e]! - rows[p + rank]! - columns[q + rank]!
      for (let a = 0; a < rank; a++) left -= rows[p + a]! * columns[q + a]!
      const weighed = confidence === undefined ? left : confidence[e]! * left
      square += weighed * left
      if (out !== undefined) out[e] = weighed
    }
  }
  return square
}

/** The residuals `q (t - fitted)` in the order of the rows: minus the slope of what is minimised. */
export const residualsOf = (observations: Observations, factors: Factors): Float64Array => {
  const out = new Float64Array(observations.count)
  fitTo(observations, factors, out)
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

/** The objective at factors. */
export const objectiveOf = (
  observations: Observations,
  factors: Factors,
  { penalty, ridge, weights }: Penalties,
): number => {
  const { columns, rank, rows } = factors
  const [left, right] = [squares(rows, rank, weights[0]), squares(columns, rank, weights[1])]
  const product = rank === 0 ? 0 : penalty * (left.factors + right.factors)
  const effects = ridge[0] * left.effects + ridge[1] * right.effects
  return (fitTo(observations, factors) + effects + product) / 2
}

/** When a fit ends. */
export interface Effort {
  /** Relative decrease of the objective in a sweep below which nothing more is to be won. */
  readonly tolerance: number
  /** Between two additions of directions. */
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

/** Adds the directions of the residuals that pay at this penalty, at most up to a rank; says whether there were any. */
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
  const residuals = residualsOf(observations, factors)
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
  solveSide(byRow, rows, columns, rank, penalty, weights[0], ridge[0], kernels)
  solveSide(byColumn, columns, rows, rank, penalty, weights[1], ridge[1], kernels)
}

/** How much of the last step is gone again before a sweep: more after each that helped, nothing after one that did not. */
const [firstMomentum, momentumGrowth, mostMomentum] = [0.4, 1.3, 3] as const

/** Sweeps before a small gain ends them: new directions begin slowly. */
const leastSweeps = 3

/** Sweeps with momentum that starts again where the objective grew (Mitchell, Ye and De Sterck 2020, as recalled). */
const descend = (
  observations: Observations,
  factors: Factors,
  penalties: Penalties,
  { sweeps, tolerance }: Effort,
  kernels: Kernels.Kernels,
): boolean => {
  const { columns } = factors
  const objective = () => objectiveOf(observations, factors, penalties)
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
 * Improves factors in place until the effort ends: sweeps, and between them directions of the residuals, up to a rank of `atMost`.
 * Returns whether the last sweep gained less than the tolerance and no direction was left to add.
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
