/** Eigenvalues and eigenvectors of real symmetric tridiagonal matrices. */
import { invalid, requireCount, requireFinite, requireLength } from "./InvalidInput.ts"

const epsilon = 2 ** -53
const safeMinimum = 2.2250738585072014e-308

/**
 * Implicit QL with Wilkinson shifts, in place: `diagonal` (n) becomes the eigenvalues, unsorted; `off` (n - 1 used) is destroyed.
 *
 * Each rotation of columns i and i + 1 is also applied to the rows i and i + 1 of `rows` (n x n, row-major), which are
 * contiguous: start from Q^T and row j becomes the eigenvector of diagonal[j]. Entries must be scaled to at most about 1.
 * Deflation as in LAPACK's dsteqr: off^2 <= eps^2 |d_i| |d_i+1| + safe minimum.
 */
export const implicitQL = (
  diagonal: Float64Array,
  off: Float64Array,
  n: number,
  rows?: Float64Array,
): void => {
  const limit = 60 * n
  let sweeps = 0
  for (let l = 0; l < n; l++) {
    for (;;) {
      let m = l
      for (; m < n - 1; m++) {
        const e = off[m]!
        const bound = epsilon * epsilon * Math.abs(diagonal[m]!) * Math.abs(diagonal[m + 1]!)
        if (e * e <= bound + safeMinimum) break
      }
      if (m === l) break
      if (sweeps++ === limit) invalid("Tridiagonal", "QL did not converge", { sweeps, n })
      const p0 = diagonal[l]!
      let g = (diagonal[l + 1]! - p0) / (2 * off[l]!)
      let r = Math.sqrt(g * g + 1)
      g = diagonal[m]! - p0 + off[l]! / (g + (g < 0 ? -r : r))
      let s = 1
      let c = 1
      let p = 0
      for (let i = m - 1; i >= l; i--) {
        const f = s * off[i]!
        const b = c * off[i]!
        r = Math.sqrt(f * f + g * g)
        if (i < m - 1) off[i + 1] = r
        if (r === 0) {
          c = 1
          s = 0
        } else {
          c = g / r
          s = f / r
        }
        g = diagonal[i + 1]! - p
        r = (diagonal[i]! - g) * s + 2 * c * b
        p = s * r
        diagonal[i + 1] = g + p
        g = c * r - b
        if (rows !== undefined) rotateRows(rows, i * n, (i + 1) * n, n, c, s)
      }
      diagonal[l] = diagonal[l]! - p
      off[l] = g
      if (m < n - 1) off[m] = 0
    }
  }
}

const rotateRows = (
  rows: Float64Array,
  first: number,
  second: number,
  n: number,
  c: number,
  s: number,
): void => {
  for (let k = 0; k < n; k++) {
    const upper = rows[first + k]!
    const lower = rows[second + k]!
    rows[second + k] = s * upper + c * lower
    rows[first + k] = c * upper - s * lower
  }
}

/**
 * The eigenvalues, ascending, of the symmetric tridiagonal matrix with `diagonal` (n) and `off` (n - 1); the inputs stay as they
 * are. Throws InvalidInput on wrong lengths and on entries that are not finite.
 */
export const eigenvalues = (diagonal: Float64Array, off: Float64Array): Float64Array => {
  const n = diagonal.length
  requireCount("Tridiagonal.eigenvalues", "n", n)
  requireLength("Tridiagonal.eigenvalues", "off", off.length, Math.max(0, n - 1))
  requireFinite("Tridiagonal.eigenvalues", "diagonal", diagonal)
  requireFinite("Tridiagonal.eigenvalues", "off", off)
  let largest = 0
  for (const value of diagonal) largest = Math.max(largest, Math.abs(value))
  for (const value of off) largest = Math.max(largest, Math.abs(value))
  const scale = powerOfTwoNear(largest)
  const d = diagonal.map((value) => value / scale)
  const e = off.map((value) => value / scale)
  implicitQL(d, e, n)
  return d.toSorted().map((value) => value * scale)
}

/** A power of two within a factor 2 of x, and 1 for x = 0: scaling by it is exact away from underflow. */
export const powerOfTwoNear = (x: number): number =>
  x === 0 ? 1 : 2 ** Math.max(-1021, Math.min(1022, Math.floor(Math.log2(x))))
