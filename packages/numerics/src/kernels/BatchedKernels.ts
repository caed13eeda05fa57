/** Many small problems of one shape, one after the other in memory. */
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Cholesky from "./reference/Cholesky.ts"
import * as Gemm from "./reference/Gemm.ts"
import * as Triangular from "./reference/Triangular.ts"
import * as TridiagonalBatched from "./reference/TridiagonalBatched.ts"

export interface BatchedKernels {
  /**
   * C_i = A_i B_i for `count` products, A_i m x k, B_i k x n, k at most 256; the bits of one gemm each.
   * Throws InvalidInput on wrong lengths, larger k and a C that overlaps A or B, ArenaFull where copies do not fit.
   */
  readonly gemmBatched: (
    count: number,
    m: number,
    n: number,
    k: number,
    a: Float64Array,
    b: Float64Array,
    c: Float64Array,
  ) => void
  /** Each A_i = L_i L_i^T in place, as cholesky. Returns -1, or the first matrix that is not positive definite (where it stops). */
  readonly choleskyBatched: (count: number, n: number, a: Float64Array) => number
  /** Each op(T_i) X_i = B_i in place of B_i, as solveTriangular. */
  readonly solveTriangularBatched: (
    count: number,
    lower: boolean,
    transpose: boolean,
    n: number,
    columns: number,
    t: Float64Array,
    b: Float64Array,
  ) => void
  /**
   * The eigenvalues, ascending, of `count` symmetric tridiagonal matrices with n and n - 1 numbers each, as Tridiagonal.eigenvalues;
   * `values` may be `diagonal`. Returns -1, or the first matrix with an entry that is not finite (where it stops).
   */
  readonly tridiagonalBatched: (
    count: number,
    n: number,
    diagonal: Float64Array,
    off: Float64Array,
    values: Float64Array,
  ) => number
}

export const batchedKernels = (engine: Engine): BatchedKernels => ({
  gemmBatched: gemmBatched(engine),
  choleskyBatched: choleskyBatched(engine),
  solveTriangularBatched: solveTriangularBatched(engine),
  tridiagonalBatched: tridiagonalBatched(engine),
})

const part = (x: Float64Array, i: number, size: number) => x.subarray(i * size, (i + 1) * size)

const gemmBatched =
  ({ exports: wasm, staging }: Engine): BatchedKernels["gemmBatched"] =>
  (count, m, n, k, a, b, c) => {
    Check.dimensions("Kernels.gemmBatched", count, m, n)
    Check.atMost("Kernels.gemmBatched", "k", k, 256)
    Check.length("Kernels.gemmBatched", "a", a, count * m * k)
    Check.length("Kernels.gemmBatched", "b", b, count * k * n)
    Check.length("Kernels.gemmBatched", "c", c, count * m * n)
    Check.apart("Kernels.gemmBatched", "c and a", c, a)
    Check.apart("Kernels.gemmBatched", "c and b", c, b)
    if (wasm === undefined) {
      for (let i = 0; i < count; i++) {
        const to = part(c, i, m * n)
        Gemm.gemm(false, false, m, n, k, 1, part(a, i, m * k), part(b, i, k * n), 0, to)
      }
      return
    }
    try {
      const pa = staging.input(a)
      const pb = staging.input(b)
      const pc = staging.output(c, false)
      wasm.gemmBatched(count, m, n, k, pa, pb, pc, 0)
      staging.back(c, pc)
    } finally {
      staging.end()
    }
  }

const choleskyBatched =
  ({ exports: wasm, staging }: Engine): BatchedKernels["choleskyBatched"] =>
  (count, n, a) => {
    Check.dimensions("Kernels.choleskyBatched", count, n)
    Check.length("Kernels.choleskyBatched", "a", a, count * n * n)
    if (wasm === undefined) {
      for (let i = 0; i < count; i++) if (Cholesky.cholesky(n, part(a, i, n * n)) >= 0) return i
      return -1
    }
    try {
      const pa = staging.output(a, true)
      const failed = wasm.choleskyBatched(count, n, pa, 0)
      staging.back(a, pa)
      return failed
    } finally {
      staging.end()
    }
  }

const solveTriangularBatched =
  ({ exports: wasm, staging }: Engine): BatchedKernels["solveTriangularBatched"] =>
  (count, lower, transpose, n, columns, t, b) => {
    Check.dimensions("Kernels.solveTriangularBatched", count, n, columns)
    Check.length("Kernels.solveTriangularBatched", "t", t, count * n * n)
    Check.length("Kernels.solveTriangularBatched", "b", b, count * n * columns)
    Check.apart("Kernels.solveTriangularBatched", "t and b", b, t)
    if (wasm === undefined) {
      for (let i = 0; i < count; i++) {
        const right = part(b, i, n * columns)
        Triangular.solveTriangular(lower, transpose, n, columns, part(t, i, n * n), right)
      }
      return
    }
    try {
      const pt = staging.input(t)
      const pb = staging.output(b, true)
      const [low, turned] = [lower ? 1 : 0, transpose ? 1 : 0]
      wasm.solveTriangularBatched(count, low, turned, n, columns, pt, pb)
      staging.back(b, pb)
    } finally {
      staging.end()
    }
  }

const tridiagonalBatched =
  ({ exports: wasm, staging }: Engine): BatchedKernels["tridiagonalBatched"] =>
  (count, n, diagonal, off, values) => {
    Check.dimensions("Kernels.tridiagonalBatched", count, n)
    Check.length("Kernels.tridiagonalBatched", "diagonal", diagonal, count * n)
    Check.length("Kernels.tridiagonalBatched", "off", off, count * Math.max(0, n - 1))
    Check.length("Kernels.tridiagonalBatched", "values", values, count * n)
    Check.elementwise("Kernels.tridiagonalBatched", "values and diagonal", values, diagonal)
    Check.apart("Kernels.tridiagonalBatched", "values and off", values, off)
    if (wasm === undefined) return TridiagonalBatched.eigenvalues(count, n, diagonal, off, values)
    try {
      const [pd, pe] = [staging.input(diagonal), staging.input(off)]
      const to = staging.output(values, false)
      const failed = wasm.tridiagonalBatched(count, n, pd, pe, to, staging.temporary(32 + 64 * n))
      staging.back(values, to)
      return failed
    } finally {
      staging.end()
    }
  }
