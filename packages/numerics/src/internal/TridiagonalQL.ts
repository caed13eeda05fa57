/** QL iterations for symmetric tridiagonal matrices, in place: with vectors, and for the eigenvalues alone without square roots. */
import { invalid } from "../InvalidInput.ts"

const epsilon = 2 ** -53
const smallestNormal = 2.2250738585072014e-308
/** Reciprocals up to here are used instead of divisions. */
const largest = 1e280
/** Maximum number of sweeps per eigenvalue; 1.7 is typical. */
const sweepLimit = 60

/**
 * Implicit QL with Wilkinson's shift: `diagonal` (n) becomes the eigenvalues, unsorted; `off` (n - 1 used) is destroyed.
 *
 * Each rotation of columns i and i + 1 also turns the rows i and i + 1 of `rows` (n x n, row-major), which are contiguous.
 * Start from Q^T, and row j becomes the eigenvector of diagonal[j]. Entries must be scaled to at most about 1; off-diagonals
 * are dropped as in LAPACK's dsteqr. Throws InvalidInput if the iteration does not converge, which only happens with NaN.
 */
export const implicitQL = (
  diagonal: Float64Array,
  off: Float64Array,
  n: number,
  rows: Float64Array,
): void => {
  let sweeps = 0
  for (let l = 0; l < n; l++) {
    for (;;) {
      let m = l
      while (m < n - 1 && !isNegligible(off[m]! * off[m]!, diagonal[m]!, diagonal[m + 1]!)) m++
      if (m === l) break
      if (sweeps++ === sweepLimit * n) invalid("TridiagonalQL", "no convergence", { sweeps, n })
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
        if (r < 1e-145) r = smallLength(f, g)
        if (i < m - 1) off[i + 1] = r
        c = r === 0 ? 1 : g / r
        s = r === 0 ? 0 : f / r
        g = diagonal[i + 1]! - p
        r = (diagonal[i]! - g) * s + 2 * c * b
        p = s * r
        diagonal[i + 1] = g + p
        g = c * r - b
        rotateRows(rows, i * n, n, c, s)
      }
      diagonal[l] = diagonal[l]! - p
      off[l] = g
      if (m < n - 1) off[m] = 0
    }
  }
}

/** Length of (f, g) when squares underflow; not by Math.hypot, which depends on the engine. */
const smallLength = (f: number, g: number): number => {
  const [x, y] = [2 ** 600 * f, 2 ** 600 * g]
  return 2 ** -600 * Math.sqrt(x * x + y * y)
}

const isNegligible = (square: number, left: number, right: number): boolean =>
  square <= epsilon * epsilon * Math.abs(left) * Math.abs(right) + smallestNormal

const rotateRows = (rows: Float64Array, first: number, n: number, c: number, s: number): void => {
  const second = first + n
  for (let k = 0; k < n; k++) {
    const upper = rows[first + k]!
    const lower = rows[second + k]!
    rows[second + k] = s * upper + c * lower
    rows[first + k] = c * upper - s * lower
  }
}

/**
 * Eigenvalues alone, unsorted, by the rational QL of Pal, Walker and Kahan (as LAPACK's dsterf). `diagonal` (n) becomes the
 * eigenvalues, and `off` (n - 1 used) is destroyed. Entries must be scaled to at most about 1.
 *
 * Throws InvalidInput if the iteration does not converge, which only happens with NaN.
 */
export const rootFreeQL = (diagonal: Float64Array, off: Float64Array, n: number): void => {
  const d = diagonal
  const e = off
  for (let i = 0; i < n - 1; i++) e[i] = e[i]! * e[i]!
  let sweeps = 0
  for (let l = 0; l < n; l++) {
    for (;;) {
      let m = l
      while (m < n - 1 && !isNegligible(e[m]!, d[m]!, d[m + 1]!)) m++
      if (m === l) break
      if (sweeps++ === sweepLimit * n) invalid("TridiagonalQL", "no convergence", { sweeps, n })
      const root = Math.sqrt(e[l]!)
      const start = (d[l + 1]! - d[l]!) / (2 * root)
      const length = Math.sqrt(start * start + 1)
      const sigma = d[l]! - root / (start + (start < 0 ? -length : length))
      let c = 1
      let s = 0
      let gamma = d[m]! - sigma
      let p = gamma * gamma
      for (let i = m - 1; i >= l; i--) {
        const square = e[i]!
        const r = p + square
        if (i < m - 1) e[i + 1] = s * r
        const oldC = c
        const oldGamma = gamma
        // 1 / c beside c, not after it: the two divisions overlap.
        const inverse = r / p
        c = p / r
        s = square / r
        const alpha = d[i]!
        gamma = c * (alpha - sigma) - s * oldGamma
        d[i + 1] = oldGamma + (alpha - gamma)
        if (r < largest * p) p = gamma * gamma * inverse
        else p = c === 0 ? oldC * square : (gamma * gamma) / c
      }
      e[l] = s * p
      d[l] = sigma + gamma
      if (m < n - 1) e[m] = 0
    }
  }
}
