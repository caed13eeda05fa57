/** Small dense matrices, row-major, for the closed forms. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Svd from "@nonconvex/numerics/Svd"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"

/** A B for A m x k and B k x n. */
export const multiply = (
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
  kernels: Kernels.Kernels,
): Float64Array => {
  const c = new Float64Array(m * n)
  kernels.gemm(false, false, m, n, k, 1, a, b, 0, c)
  return c
}

/** P M Q for M rows x columns, P rows x rows and Q columns x columns. */
export const sandwich = (
  p: Float64Array,
  m: Float64Array,
  q: Float64Array,
  rows: number,
  columns: number,
  kernels: Kernels.Kernels,
): Float64Array => {
  const half = multiply(p, m, rows, rows, columns, kernels)
  return multiply(half, q, rows, columns, columns, kernels)
}

/** The n x m transpose of A, m x n. */
export const transpose = (a: Float64Array, m: number, n: number): Float64Array => {
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j]!
  return out
}

/** `scale` times the n x n identity. */
export const identity = (n: number, scale = 1): Float64Array => {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) out[i * n + i] = scale
  return out
}

/** A^-1 for an invertible A, n x n; infinities or NaN where A is singular. */
export const inverse = (a: Float64Array, n: number, kernels: Kernels.Kernels): Float64Array => {
  const factor = a.slice()
  const tau = new Float64Array(n)
  const x = identity(n)
  kernels.qr(n, n, factor, tau)
  kernels.multiplyQ(true, n, n, factor, tau, n, x)
  kernels.solveTriangular(false, false, n, n, factor, x)
  return x
}

/** f(A) for a symmetric A, n x n, by its eigenvalues. */
const symmetricFunction = (
  a: Float64Array,
  n: number,
  f: (eigenvalue: number, largest: number) => number,
  kernels: Kernels.Kernels,
): Float64Array => {
  const pairs = SymmetricEigen.eigen(a, n, kernels)
  const largest = pairs.values[n - 1]!
  const scaled = pairs.vectors.slice()
  for (let j = 0; j < n; j++) {
    const factor = f(pairs.values[j]!, largest)
    for (let i = 0; i < n; i++) scaled[j * n + i]! *= factor
  }
  const out = new Float64Array(n * n)
  kernels.gemm(true, false, n, n, n, 1, scaled, pairs.vectors, 0, out)
  return out
}

/** Share of the largest eigenvalue below which a direction counts as unseen. */
export const nullTolerance = 1e-12

/** The square root of a positive semidefinite matrix, n x n. */
export const squareRoot = (a: Float64Array, n: number, kernels: Kernels.Kernels): Float64Array =>
  symmetricFunction(a, n, (value) => Math.sqrt(Math.max(value, 0)), kernels)

/** The inverse of that root, zero on the null space. */
export const inverseSquareRoot = (a: Float64Array, n: number, kernels: Kernels.Kernels) =>
  symmetricFunction(
    a,
    n,
    (value, largest) => (value > nullTolerance * largest ? 1 / Math.sqrt(value) : 0),
    kernels,
  )

/** Counts the eigenvalues of a positive semidefinite matrix, n x n, that count as zero. */
export const nullity = (a: Float64Array, n: number, kernels: Kernels.Kernels): number => {
  const values = SymmetricEigen.eigenvalues(a, n, kernels)
  const largest = values[n - 1]!
  return values.filter((value) => value <= nullTolerance * largest).length
}

/** The nuclear norm: the sum of the singular values of A, m x n. */
export const nuclearNorm = (
  a: Float64Array,
  m: number,
  n: number,
  kernels: Kernels.Kernels,
): number => Svd.singularValues(a, m, n, kernels).reduce((sum, value) => sum + value, 0)

/** Counts the singular values, descending, that are above `tolerance` times the largest. */
export const rank = (values: Float64Array, tolerance = nullTolerance): number =>
  values.filter((value) => value > tolerance * values[0]!).length
