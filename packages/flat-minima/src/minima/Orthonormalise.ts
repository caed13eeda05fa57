import * as Elementary from "@nonconvex/numerics/Elementary"

/** Length of row i, safe against overflow and underflow of its square. */
const lengthOf = (rows: Float64Array, n: number, i: number): number => {
  let largest = 0
  for (let j = i * n; j < (i + 1) * n; j++) largest = Math.max(largest, Math.abs(rows[j]!))
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return largest
  let sum = 0
  for (let j = i * n; j < (i + 1) * n; j++) sum += Elementary.square(rows[j]! / largest)
  return largest * Math.sqrt(sum)
}

/** Removes from row i its component along the unit row k. */
const takeOff = (rows: Float64Array, n: number, i: number, k: number): void => {
  let product = 0
  for (let j = 0; j < n; j++) product += rows[k * n + j]! * rows[i * n + j]!
  for (let j = 0; j < n; j++) rows[i * n + j]! -= product * rows[k * n + j]!
}

/** Result of `orthonormalise`. */
export interface Basis {
  rank: number
  /** The smallest kept part and the largest dropped part, relative to the row. */
  kept: number
  dropped: number
}

/**
 * Orthonormalises the rows of `rows` in place (Gram-Schmidt, twice). Drops those with a new part below `tolerance`, and moves
 * the kept ones to the front. Writes the result into `basis`; allocates nothing.
 */
export const orthonormalise = (
  rows: Float64Array,
  n: number,
  tolerance: number,
  basis: Basis,
): void => {
  basis.rank = 0
  basis.kept = Number.POSITIVE_INFINITY
  basis.dropped = 0
  for (let i = 0; i * n < rows.length; i++) {
    const target = basis.rank
    for (let j = 0; j < n; j++) rows[target * n + j] = rows[i * n + j]!
    const before = lengthOf(rows, n, target)
    if (before === 0) continue
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < target; k++) takeOff(rows, n, target, k)
    }
    const after = lengthOf(rows, n, target)
    const ratio = after / before
    if (ratio > tolerance) {
      for (let j = target * n; j < (target + 1) * n; j++) rows[j]! /= after
      basis.kept = Math.min(basis.kept, ratio)
      basis.rank++
    } else basis.dropped = Math.max(basis.dropped, ratio)
  }
}
