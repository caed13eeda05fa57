/** Small dense matrices, row-major: what the closed forms are written in. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Svd from "@nonconvex/numerics/Svd"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"

/** A B for A m x k and B k x n. */
export const multiply = (
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
): Float64Array => {
  const c = new Float64Array(m * n)
  Kernels.strict().gemm(false, false, m, n, k, 1, a, b, 0, c)
  return c
}

/** The n x m transpose of A, m x n. */
export const transpose = (a: Float64Array, m: number, n: number): Float64Array => {
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j]!
  return out
}

export const identity = (n: number, scale = 1): Float64Array => {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) out[i * n + i] = scale
  return out
}

/** The solution X of A X = B for an invertible A, n x n, and B n x columns; infinities or NaN where A is singular. */
export const solve = (
  a: Float64Array,
  b: Float64Array,
  n: number,
  columns: number,
): Float64Array => {
  const kernels = Kernels.strict()
  const factor = a.slice()
  const tau = new Float64Array(n)
  const x = b.slice()
  kernels.qr(n, n, factor, tau)
  kernels.multiplyQ(true, n, n, factor, tau, columns, x)
  kernels.solveTriangular(false, false, n, columns, factor, x)
  return x
}

/** A^-1, as `solve`. */
export const inverse = (a: Float64Array, n: number): Float64Array => solve(a, identity(n), n, n)

/** f(A) for a symmetric A, n x n, by its eigenvalues. */
export const symmetricFunction = (
  a: Float64Array,
  n: number,
  f: (eigenvalue: number, largest: number) => number,
): Float64Array => {
  const pairs = SymmetricEigen.eigen(a, n)
  const largest = pairs.values[n - 1]!
  const scaled = pairs.vectors.slice()
  for (let j = 0; j < n; j++) {
    const factor = f(pairs.values[j]!, largest)
    for (let i = 0; i < n; i++) scaled[j * n + i]! *= factor
  }
  const out = new Float64Array(n * n)
  Kernels.strict().gemm(true, false, n, n, n, 1, scaled, pairs.vectors, 0, out)
  return out
}

/** Directions whose eigenvalue is below this part of the largest count as not seen at all. */
export const nullTolerance = 1e-12

/** The square root of a positive semidefinite matrix. */
export const squareRoot = (a: Float64Array, n: number): Float64Array =>
  symmetricFunction(a, n, (value) => Math.sqrt(Math.max(value, 0)))

/** The inverse of that root, zero on the null space. */
export const inverseSquareRoot = (a: Float64Array, n: number): Float64Array =>
  symmetricFunction(a, n, (value, largest) =>
    value > nullTolerance * largest ? 1 / Math.sqrt(value) : 0,
  )

/** How many eigenvalues of a positive semidefinite matrix count as zero. */
export const nullity = (a: Float64Array, n: number): number => {
  const values = SymmetricEigen.eigenvalues(a, n)
  const largest = values[n - 1]!
  return values.filter((value) => value <= nullTolerance * largest).length
}

/** The nuclear norm: the sum of the singular values of A, m x n. */
export const nuclearNorm = (a: Float64Array, m: number, n: number): number =>
  Svd.singularValues(a, m, n).reduce((sum, value) => sum + value, 0)

/** Singular values below `tolerance` times the largest do not count. */
export const rank = (values: Float64Array, tolerance = nullTolerance): number =>
  values.filter((value) => value > tolerance * values[0]!).length
