/** Rows as integers of a grid, clipped to a ball, in plain loops: the twin of `assembly/grid.ts`. */
import * as Vector from "../../Vector.ts"

/**
 * A row minus the centre, where its squares might overflow or vanish, and its norm. If the row is so long that the norm might
 * overflow, a shorter row in its direction, still far outside.
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

/** Like `centredSafely`, in one pass if the squares cannot lose digits: the sums of `Vector.norm`. */
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

/** Like `nearest` but towards zero, for `share` times the numbers. */
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

/** A ball of integer vectors. */
export interface Ball {
  /** The Euclidean norm of the longest rows, in their units; no square of it may overflow or vanish. */
  readonly bound: number
  /** A power of two: of the grid in a unit of the rows. */
  readonly steps: number
  /** The largest sum of squares of the integers. */
  readonly largest: number
}

export const quantise = (
  rows: Float64Array,
  { bound, largest, steps }: Ball,
  centre: Float64Array,
  out: Float64Array,
): number => {
  const row = new Float64Array(centre.length)
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
