/** Rows in the ball of the bound, on an integer grid with no rounding left to argue about. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"

/** Bits of the integers that stand for the entries of a row. */
export const rowBits = 20

/** The rows of a bound as integer vectors: entry m stands for m 2^exponent. */
export interface RowGrid {
  readonly bound: number
  readonly exponent: number
  /** The largest sum of squares of a row in the ball. */
  readonly largest: number
}

/** The grid of a bound: 2^20 steps or up to twice fewer. */
export const rowGrid = (bound: number): RowGrid => {
  const exponent = Math.ceil(Elementary.log2(bound)) - rowBits
  const steps = bound / Elementary.powerOfTwo(exponent)
  // steps has at most 33 bits after the point, so the product is an integer
  const scaled = BigInt(steps * 2 ** 33)
  return { bound, exponent, largest: Number((scaled * scaled) >> 66n) }
}

/**
 * A row minus the centre, where squares of it might overflow or vanish, and its norm; of a row so long that the norm might overflow, a
 * shorter one in its direction, far outside still.
 */
const centredSafely = (
  rows: Float64Array,
  from: number,
  centre: Float64Array,
  row: Float64Array,
): number => {
  for (let j = 0; j < row.length; j++) row[j] = rows[from + j]! * 0.5 - centre[j]! * 0.5
  Vector.scale(Vector.maxAbs(row) > 1e200 ? 2 ** -60 : 2, row)
  return Vector.norm(row)
}

/** As `centredSafely`, in one pass where the squares have no such digits to lose: the sums of `Vector.norm`. */
const centred = (
  rows: Float64Array,
  from: number,
  centre: Float64Array,
  row: Float64Array,
): number => {
  const d = row.length
  const whole = d - (d % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let j = 0
  for (; j < whole; j += 4) {
    const x0 = (rows[from + j]! * 0.5 - centre[j]! * 0.5) * 2
    const x1 = (rows[from + j + 1]! * 0.5 - centre[j + 1]! * 0.5) * 2
    const x2 = (rows[from + j + 2]! * 0.5 - centre[j + 2]! * 0.5) * 2
    const x3 = (rows[from + j + 3]! * 0.5 - centre[j + 3]! * 0.5) * 2
    s0 += x0 * x0
    s1 += x1 * x1
    s2 += x2 * x2
    s3 += x3 * x3
    row[j] = x0
    row[j + 1] = x1
    row[j + 2] = x2
    row[j + 3] = x3
  }
  for (; j < d; j++) {
    const x = (rows[from + j]! * 0.5 - centre[j]! * 0.5) * 2
    if (j === whole) s0 += x * x
    else if (j === whole + 1) s1 += x * x
    else s2 += x * x
    row[j] = x
  }
  const sum = s0 + s1 + (s2 + s3)
  return Vector.isSafeSum(sum) ? Math.sqrt(sum) : centredSafely(rows, from, centre, row)
}

/** Writes the integers nearest to `factor` times the row, halves up, from `to` on, and returns the sum of their squares. */
const nearest = (row: Float64Array, factor: number, out: Float64Array, to: number): number => {
  const twice = 2 * factor
  let sum = 0
  for (let i = 0; i < row.length; i++) {
    // what Math.round is, without a branch; and without its negative zero
    const value = Math.ceil(0.5 * Math.floor(row[i]! * twice)) + 0
    sum += value * value
    out[to + i] = value
  }
  return sum
}

/** As `nearest`, towards zero, of `share` of the numbers. */
const towardsZero = (
  row: Float64Array,
  factor: number,
  share: number,
  out: Float64Array,
  to: number,
): number => {
  let sum = 0
  for (let i = 0; i < row.length; i++) {
    const value = Math.trunc(row[i]! * factor * share) + 0
    sum += value * value
    out[to + i] = value
  }
  return sum
}

/**
 * Writes rows, less their centre, as integers of the grid into `out`, each clipped to the ball, and says how many had to be clipped. Rows have
 * as many numbers as the centre; without one, what is given is one row about 0.
 *
 * Sums of squares are integers below 2^42, so the comparisons with the largest are exact: no row of the result is longer than the bound.
 * Rounding is to nearest, and towards zero only where nearest would leave the ball.
 */
export const quantise = (
  rows: Float64Array,
  { bound, exponent, largest }: RowGrid,
  out: Float64Array,
  centre: Float64Array = new Float64Array(rows.length),
): number => {
  const row = new Float64Array(centre.length)
  // of grids of a bound no power overflows, so that to multiply by one is to divide by the other
  const steps = Elementary.powerOfTwo(-exponent)
  let clipped = 0
  for (let at = 0; at < rows.length; at += row.length) {
    const norm = centred(rows, at, centre, row)
    let factor = steps
    if (norm > bound) {
      clipped++
      for (let j = 0; j < row.length; j++) row[j] = row[j]! / norm
      factor = bound * steps
    }
    if (nearest(row, factor, out, at) <= largest) continue
    if (towardsZero(row, factor, 1, out, at) <= largest) continue
    towardsZero(row, factor, 1 - 2 ** -18, out, at)
  }
  return clipped
}
