/** Eigenvalues and eigenvectors of dense real symmetric matrices. */
import { requireCount, requireFinite, requireLength } from "./InvalidInput.ts"
import { implicitQL, powerOfTwoNear } from "./Tridiagonal.ts"
import * as Vector from "./Vector.ts"

/** An eigen-decomposition, values ascending. */
export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array
  /**
   * Orthonormal eigenvectors, one after the other: vector j is `vectors.subarray(j * n, (j + 1) * n)`. That is the matrix of
   * columns stored by columns, or the transposed matrix stored by rows.
   */
  readonly vectors: Float64Array
}

/**
 * Householder reduction to tridiagonal form, in place on the lower triangle of row-major `a` (n x n).
 *
 * Row k (from n-1 down to 1) is reduced by H_k = I - tau v v^T on the first k coordinates with v_{k-1} = 1; v stays in row k,
 * tau in `tau[k]`. Afterwards T = Q^T A Q with Q = H_{n-1} ... H_1 has `diagonal` and `off` (off[k-1] = T[k][k-1]).
 */
const tridiagonalise = (
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  off: Float64Array,
  tau: Float64Array,
): void => {
  const p = new Float64Array(n)
  for (let k = n - 1; k > 0; k--) {
    const v = a.subarray(k * n, k * n + k)
    diagonal[k] = a[k * n + k]!
    const alpha = v[k - 1]!
    const length = Vector.norm(v)
    tau[k] = 0
    off[k - 1] = alpha
    if (length === Math.abs(alpha)) continue
    const beta = alpha < 0 ? length : -length
    const t = (beta - alpha) / beta
    for (let j = 0; j < k - 1; j++) v[j] = v[j]! / (alpha - beta)
    v[k - 1] = 1
    tau[k] = t
    off[k - 1] = beta
    p.fill(0, 0, k)
    for (let i = 0; i < k; i++) {
      const row = i * n
      const vi = v[i]!
      let sum = a[row + i]! * vi
      for (let j = 0; j < i; j++) {
        const aij = a[row + j]!
        sum += aij * v[j]!
        p[j] = p[j]! + aij * vi
      }
      p[i] = p[i]! + sum
    }
    let inner = 0
    for (let i = 0; i < k; i++) inner += p[i]! * v[i]!
    const half = 0.5 * t * t * inner
    for (let i = 0; i < k; i++) p[i] = t * p[i]! - half * v[i]!
    for (let i = 0; i < k; i++) {
      const row = i * n
      const vi = v[i]!
      const pi = p[i]!
      for (let j = 0; j <= i; j++) a[row + j] = a[row + j]! - (vi * p[j]! + pi * v[j]!)
    }
  }
  if (n > 0) diagonal[0] = a[0]!
}

/** Q^T by rows, from the reflections that tridiagonalise left in the rows of `a`. */
const transposedFactor = (a: Float64Array, n: number, tau: Float64Array): Float64Array => {
  const q = new Float64Array(n * n)
  for (let i = 0; i < n; i++) q[i * n + i] = 1
  // Q^T = H_1 ... H_{n-1}; only the leading block of rows and columns has been touched before H_k arrives.
  for (let k = 1; k < n; k++) {
    const t = tau[k]!
    if (t === 0) continue
    const v = a.subarray(k * n, k * n + k)
    for (let i = 0; i < k; i++) {
      const row = q.subarray(i * n, i * n + k)
      Vector.axpy(-t * Vector.dot(row, v), v, row)
    }
  }
  return q
}

const prepare = (operation: string, a: Float64Array, n: number) => {
  requireCount(operation, "n", n)
  requireLength(operation, "a", a.length, n * n)
  requireFinite(operation, "a", a)
  const scale = powerOfTwoNear(Vector.maxAbs(a))
  return { work: a.map((value) => value / scale), scale }
}

/**
 * All eigenvalues, ascending, and orthonormal eigenvectors of a real symmetric n x n matrix; reads the lower triangle only.
 *
 * Householder tridiagonalisation and implicit QL. Residuals and orthogonality are within 50 ulp times n of the norm.
 * Throws InvalidInput on a wrong length and on entries that are not finite.
 */
export const eigen = (a: Float64Array, n: number): Eigen => {
  const { work, scale } = prepare("SymmetricEigen.eigen", a, n)
  const diagonal = new Float64Array(n)
  const off = new Float64Array(n)
  const tau = new Float64Array(n)
  tridiagonalise(work, n, diagonal, off, tau)
  const rows = transposedFactor(work, n, tau)
  implicitQL(diagonal, off, n, rows)
  const order = Uint32Array.from(diagonal.keys()).toSorted((i, j) => diagonal[i]! - diagonal[j]!)
  order.forEach((from, to) => work.set(rows.subarray(from * n, (from + 1) * n), to * n))
  return { values: Float64Array.from(order, (i) => diagonal[i]! * scale), vectors: work }
}

/** All eigenvalues, ascending, of a real symmetric n x n matrix; reads the lower triangle only. Throws as `eigen`. */
export const eigenvalues = (a: Float64Array, n: number): Float64Array => {
  const { work, scale } = prepare("SymmetricEigen.eigenvalues", a, n)
  const diagonal = new Float64Array(n)
  const off = new Float64Array(n)
  tridiagonalise(work, n, diagonal, off, new Float64Array(n))
  implicitQL(diagonal, off, n)
  return diagonal.toSorted().map((value) => value * scale)
}

/** The j-th eigenvector as a view, for 0 <= j < number of values. */
export const vector = (pairs: Eigen, j: number): Float64Array => {
  const n = pairs.vectors.length / pairs.values.length
  return pairs.vectors.subarray(j * n, (j + 1) * n)
}
