/** An equilibrium of a matrix game in fractions, which prove themselves. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { approach, exchanged, orient } from "../game/CentralPath.ts"
import { bytesOf } from "../game/Equilibria.ts"
import * as Payoffs from "../game/Payoffs.ts"
import { type Basis, type Mixed, optimal, type Outcomes, outcomesOf } from "./Basis.ts"
import { bitsOf, type Rational } from "@nonconvex/numerics/Rational"
import * as WholePayoffs from "./WholePayoffs.ts"
import { mostUnknowns, room } from "./WholeSystem.ts"

/** Progress of an exact solve: steps to the support, then digits of the fractions, of which some or all are needed. */
export interface ExactProgress {
  readonly stage: "steps" | "exchanges" | "digits"
  readonly done: number
  readonly most: number
}

/** Strategies in integers, with exact bounds on the value. */
export interface ExactBounds {
  readonly rows: Mixed
  readonly columns: Mixed
  /** Guaranteed payoff of the row player, and the most that the column player pays: the value is between them. */
  readonly least: Rational
  readonly most: Rational
}

/** An equilibrium: `least` equals `most`, which is the proof. */
export interface ExactAnswer extends ExactBounds {
  /** True if the equilibrium is proved to be unique. */
  readonly isOnly: boolean
  /** Strategies that were exchanged for others without rounding. */
  readonly exchanges: number
}

/** Fractions are too long to compute; approximate number of binary digits of each number. */
export interface TooLong {
  readonly bits: number
}

/** Steps of an interior point, about. */
const steps = 30

/** Maximum number of products of a solution digit and a part of an entry in one solve; this many take minutes. */
const mostProducts = 3e10

/** Bound on the binary digits of a probability at a basis, by Hadamard's inequality, from the digits of the entries. */
const bitsFor = ({ rows }: Basis, entry: number): number =>
  Math.ceil(rows.length * (entry + Elementary.log2(rows.length + 1) / 2))

/** Guarantees of both players for any strategies, without rounding. */
const bounded = (
  game: WholePayoffs.WholePayoffs,
  { columns, rows }: Pick<ExactBounds, "rows" | "columns">,
  outcomes: Outcomes,
): ExactBounds & { readonly isProof: boolean } => {
  const isMixed = [rows, columns].every(
    ({ total, weights }) =>
      weights.every((x) => x >= 0n) && weights.reduce((sum, x) => sum + x, 0n) === total,
  )
  const gained = outcomes.columns.reduce((a, b) => (b < a ? b : a))
  const paid = outcomes.rows.reduce((a, b) => (b > a ? b : a))
  return {
    rows,
    columns,
    least: WholePayoffs.payoffOf(game, { numerator: gained, denominator: rows.total }),
    most: WholePayoffs.payoffOf(game, { numerator: paid, denominator: columns.total }),
    isProof: isMixed && gained * columns.total === paid * rows.total,
  }
}

/** Probabilities that are played, as the integers of 2^-60 that they are, or are next to. */
const mixedOf = (probabilities: Float64Array): Mixed => {
  const played = Array.from(probabilities.keys()).filter((i) => probabilities[i]! > 0)
  const weights = played.map((i) => BigInt(Math.round(probabilities[i]! * 2 ** 60)))
  return { played, weights, total: weights.reduce((sum, x) => sum + x, 0n) }
}

/**
 * Bounds on the value of a game, without rounding, from strategies in doubles: `point` holds the columns, then the rows. Payoffs are read as decimals.
 *
 * Throws InvalidInput on wrong lengths.
 */
export const exactBounds = (
  payoffs: Float64Array,
  columns: number,
  point: Float64Array,
): ExactBounds => {
  Require.vector("exactBounds", "point", point, columns + payoffs.length / columns)
  const game = WholePayoffs.ofDecimals(payoffs, columns)
  const [first, second] = [point.subarray(columns), point.subarray(0, columns)].map(mixedOf)
  const mixed = { rows: first!, columns: second! }
  const outcomes = outcomesOf(game, mixed.rows, mixed.columns)
  const { isProof: _, ...bounds } = bounded(game, mixed, outcomes)
  return bounds
}

/**
 * Basis near the optimal one: the support of an interior point if that equilibrium is unique, otherwise the end of the
 * simplex method.
 */
const nearBasis = (
  payoffs: Float64Array,
  columns: number,
  given: Kernels.Kernels,
  onStep: (progress: ExactProgress) => void,
): Basis => {
  const rows = payoffs.length / columns
  const scale = Payoffs.scaleOf(payoffs)
  if (scale.range === 0) return { rows: [0], columns: [0] }
  const kernels = Kernels.withRoom(given, bytesOf(rows, columns))
  return kernels.arena.scoped((workspace) => {
    const { isTurned, ...game } = orient(payoffs, columns, scale, { kernels, workspace })
    const { pair, played } = approach(game, ({ steps: done }) => {
      onStep({ stage: "steps", done, most: Math.max(steps, done + 1) })
    })
    const found =
      pair === undefined
        ? exchanged(game, played, (done) => {
            onStep({ stage: "exchanges", done, most: Math.max(rows + columns, done + 1) })
          })
        : played
    return isTurned
      ? { rows: found.min, columns: found.max }
      : { rows: found.max, columns: found.min }
  })
}

/**
 * Equilibrium of a matrix game as fractions: `payoffs` are row-major, with a column for each pure strategy of the second
 * player, who pays. Payoffs are read as decimals: 0.1 is exactly one tenth.
 *
 * The support comes from an interior point method, or from the simplex method if several equilibria are near. Linear systems
 * of integers give the probabilities, and exact exchanges follow until no probability is negative and no strategy does
 * better. The proof is von Neumann's: these strategies guarantee the value to the row player, and the column player pays no
 * more. Both are compared as fractions. If there are several equilibria, it returns a vertex, which is the same on every
 * machine with the strict kernels.
 *
 * If computing the fractions would take more than minutes, it reports their length instead. For 500 played strategies per
 * side and payoffs of 17 digits, they have 10,000 digits each and take half a minute. Throws InvalidInput on wrong lengths
 * and on numbers that are not finite; ArenaFull without enough memory.
 *
 * @example
 * ```ts import.meta.vitest
 * import { exactEquilibrium } from "@nonconvex/reproducible-minimax"
 *
 * // the first player shows 1 or 2 fingers and wins the sum where it is even
 * const found = exactEquilibrium({ payoffs: Float64Array.of(2, -3, -3, 4), columns: 2 })
 * "isOnly" in found && found.isOnly // => true
 * "isOnly" in found && found.rows // => { played: [0, 1], weights: [7n, 5n], total: 12n }
 * "isOnly" in found && found.least // => { numerator: -1n, denominator: 12n }
 * ```
 */
export const exactEquilibrium = (options: {
  readonly payoffs: Float64Array
  readonly columns: number
  readonly kernels?: Kernels.Kernels
  readonly onStep?: (progress: ExactProgress) => void
}): ExactAnswer | TooLong => {
  const { columns, onStep = () => undefined, payoffs } = options
  Require.count("exactEquilibrium", "columns", columns)
  Require.typed("exactEquilibrium", "payoffs", payoffs)
  Require.count("exactEquilibrium", "payoffs.length / columns", payoffs.length / columns)
  const given = options.kernels ?? Kernels.standard()
  const basis = nearBasis(payoffs, columns, given, onStep)
  const game = WholePayoffs.ofDecimals(payoffs, columns)
  const entry = bitsOf(game.entries.reduce((a, b) => (b > a ? b : a)))
  const size = basis.rows.length
  const bits = bitsFor(basis, entry)
  // some 20 bits a digit, and a part
  const products = ((2 * bits) / 20) * (size * size) * Math.ceil(entry / 20)
  if (products > mostProducts || size >= mostUnknowns) return { bits }
  const smaller = Math.min(game.rows, columns, mostUnknowns - 1) + 1
  const kernels = Kernels.withRoom(given, 8 * (room(smaller, entry) + 64 * smaller))
  const onDigit = (done: number, most: number) => onStep({ stage: "digits", done, most })
  const start = (from: Basis) => optimal(game, from, { kernels, onDigit, limit: 1000 })
  // two strategies alone are never singular
  const found = start(basis) ?? start({ rows: [0], columns: [0] })
  if (found === undefined) return { bits }
  const { exchanges, isStrict, outcomes } = found
  const { isProof, ...bounds } = bounded(game, found, outcomes)
  if (!isProof) throw new Error("an optimal basis that is no equilibrium")
  return { ...bounds, isOnly: isStrict, exchanges }
}
