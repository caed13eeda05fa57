/** Rows clipped to the ball of the bound, and rounded to an integer grid. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"

/** Bits of the integers that represent the entries of a row. */
export const rowBits = 20

/** The rows of a bound as integer vectors: entry m represents m 2^exponent. */
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
 * Writes centred rows as grid integers to `out`, each clipped to the ball, and returns how many were clipped. Rows have as
 * many numbers as the centre.
 *
 * Sums of squares are integers below 2^42, so the comparisons with the largest are exact: no row of the result is longer
 * than the bound. Rounds to nearest, or towards zero if the nearest point lies outside the ball.
 */
export const quantise = (
  rows: Float64Array,
  { bound, exponent, largest }: RowGrid,
  centre: Float64Array,
  out: Float64Array,
  kernels: Kernels.Kernels = Kernels.standard(),
): number =>
  kernels.quantise(rows, { bound, largest, steps: Elementary.powerOfTwo(-exponent) }, centre, out)
