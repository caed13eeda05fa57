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

const sumOfSquares = (row: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < row.length; i++) sum += row[i]! * row[i]!
  return sum
}

/**
 * Writes the row as integers of the grid into `out`, clipped to the ball, and says whether it had to be clipped.
 *
 * Sums of squares are integers below 2^42, so the last comparison is exact: no row of the result is longer than the bound. Rounding is
 * to nearest, and towards zero only where nearest would leave the ball.
 */
export const quantise = (row: Float64Array, grid: RowGrid, out: Float64Array): boolean => {
  const { bound, exponent, largest } = grid
  const norm = Vector.norm(row)
  const isLong = norm > bound
  const step = Elementary.powerOfTwo(exponent)
  const unscaled = (i: number): number =>
    isLong ? (row[i]! / norm) * (bound / step) : row[i]! / step
  for (let i = 0; i < row.length; i++) out[i] = Math.round(unscaled(i))
  if (sumOfSquares(out) <= largest) return isLong
  for (let i = 0; i < row.length; i++) out[i] = Math.trunc(unscaled(i))
  if (sumOfSquares(out) <= largest) return isLong
  for (let i = 0; i < row.length; i++) out[i] = Math.trunc(unscaled(i) * (1 - 2 ** -18))
  return isLong
}
