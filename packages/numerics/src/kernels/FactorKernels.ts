/** Factorisations and triangular solves; matrices are row-major without gaps. */
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Cholesky from "./reference/Cholesky.ts"
import * as Qr from "./reference/Qr.ts"
import * as Triangular from "./reference/Triangular.ts"

export interface FactorKernels {
  /**
   * Replaces the lower triangle of A (n x n) by L of A = L L^T; the upper triangle is neither read nor written. Returns -1,
   * or the first column whose pivot is not positive: then A is not positive definite, and its content is invalid.
   *
   * Throws InvalidInput on wrong lengths, ArenaFull where a copy does not fit.
   */
  readonly cholesky: (n: number, a: Float64Array) => number
  /**
   * Replaces B (n x columns) by the solution X of op(T) X = B; op(T) = T^T if `transpose`. T (n x n) is lower or upper
   * triangular, and only that triangle is read. A zero on its diagonal gives infinities or NaN. Throws as cholesky, also
   * where T overlaps B.
   */
  readonly solveTriangular: (
    lower: boolean,
    transpose: boolean,
    n: number,
    columns: number,
    t: Float64Array,
    b: Float64Array,
  ) => void
  /**
   * Replaces A (m x n) by its QR factors, in the layout of LAPACK's dgeqrf. R is on and above the diagonal, the Householder
   * vectors are below it, with `tau` (min(m, n)). Rank-deficient matrices have small entries on the diagonal of R; columns
   * longer than 2^1022 may overflow. Throws as cholesky.
   */
  readonly qr: (m: number, n: number, a: Float64Array, tau: Float64Array) => void
  /** B = Q B, or Q^T B if `transpose`, for B m x columns. Q (m x m) is as `qr` left it in `a` and `tau`. Throws as cholesky. */
  readonly multiplyQ: (
    transpose: boolean,
    m: number,
    n: number,
    a: Float64Array,
    tau: Float64Array,
    columns: number,
    b: Float64Array,
  ) => void
}

export const factorKernels = (engine: Engine): FactorKernels => ({
  cholesky: cholesky(engine),
  solveTriangular: solveTriangular(engine),
  qr: qr(engine),
  multiplyQ: multiplyQ(engine),
})

/** Below this dimension the plain loop is faster than a call with its copies. */
const small = 8

const cholesky =
  ({ exports: wasm, staging }: Engine): FactorKernels["cholesky"] =>
  (n, a) => {
    Check.dimensions("Kernels.cholesky", n)
    Check.length("Kernels.cholesky", "a", a, n * n)
    if (wasm === undefined || n < small) return Cholesky.cholesky(n, a)
    try {
      const pa = staging.output(a, true)
      const column = wasm.cholesky(n, pa, 0)
      staging.back(a, pa)
      return column
    } finally {
      staging.end()
    }
  }

const solveTriangular =
  ({ exports: wasm, staging }: Engine): FactorKernels["solveTriangular"] =>
  (lower, transpose, n, columns, t, b) => {
    Check.dimensions("Kernels.solveTriangular", n, columns)
    Check.length("Kernels.solveTriangular", "t", t, n * n)
    Check.length("Kernels.solveTriangular", "b", b, n * columns)
    Check.apart("Kernels.solveTriangular", "t and b", b, t)
    if (wasm === undefined || n < small) {
      return Triangular.solveTriangular(lower, transpose, n, columns, t, b)
    }
    try {
      const pt = staging.input(t)
      const pb = staging.output(b, true)
      wasm.solveTriangular(lower ? 1 : 0, transpose ? 1 : 0, n, columns, pt, pb)
      staging.back(b, pb)
    } finally {
      staging.end()
    }
  }

const qr =
  ({ exports: wasm, staging }: Engine): FactorKernels["qr"] =>
  (m, n, a, tau) => {
    Check.dimensions("Kernels.qr", m, n)
    Check.length("Kernels.qr", "a", a, m * n)
    Check.length("Kernels.qr", "tau", tau, Math.min(m, n))
    Check.apart("Kernels.qr", "a and tau", tau, a)
    if (wasm === undefined || m * n < small * small) return Qr.qr(m, n, a, tau)
    try {
      const pa = staging.output(a, true)
      const ptau = staging.output(tau, false)
      wasm.qr(m, n, pa, ptau, staging.temporary(8 * (m + n)))
      staging.back(a, pa)
      staging.back(tau, ptau)
    } finally {
      staging.end()
    }
  }

const multiplyQ =
  ({ exports: wasm, staging }: Engine): FactorKernels["multiplyQ"] =>
  (transpose, m, n, a, tau, columns, b) => {
    Check.dimensions("Kernels.multiplyQ", m, n, columns)
    Check.length("Kernels.multiplyQ", "a", a, m * n)
    Check.length("Kernels.multiplyQ", "tau", tau, Math.min(m, n))
    Check.length("Kernels.multiplyQ", "b", b, m * columns)
    Check.apart("Kernels.multiplyQ", "b and a", b, a)
    Check.apart("Kernels.multiplyQ", "b and tau", b, tau)
    if (wasm === undefined || m * n < small * small) {
      return Qr.multiplyQ(transpose, m, n, a, tau, columns, b)
    }
    try {
      const pa = staging.input(a)
      const ptau = staging.input(tau)
      const pb = staging.output(b, true)
      const work = staging.temporary(8 * (m + columns))
      wasm.multiplyQ(transpose ? 1 : 0, m, n, pa, ptau, columns, pb, work)
      staging.back(b, pb)
    } finally {
      staging.end()
    }
  }
