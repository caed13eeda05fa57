/** Products of matrices and vectors; matrices are row-major without gaps. */
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Gemm from "./reference/Gemm.ts"
import * as Gemv from "./reference/Gemv.ts"
import * as Gemv32 from "./reference/Gemv32.ts"
import { separate, settle } from "./Separate.ts"
import type { Floats } from "./Staging.ts"

export interface MatrixKernels {
  /**
   * y = alpha op(A) x + beta y with A m x n; op(A) = A^T if `transpose`. y is not read if beta is 0.
   *
   * float64 or float32, all arrays alike. Arguments may overlap: the result is that of distinct copies. Throws InvalidInput on
   * wrong lengths, ArenaFull where copies of ordinary arrays do not fit.
   */
  readonly gemv: <A extends Floats>(
    transpose: boolean,
    m: number,
    n: number,
    alpha: number,
    a: A,
    x: A,
    beta: number,
    y: A,
  ) => void
  /** ax = A x and atu = A^T u for A m x n, in one pass over A. Throws as gemv, and where ax or atu overlaps anything. */
  readonly gemvBoth: (
    m: number,
    n: number,
    a: Float64Array,
    x: Float64Array,
    ax: Float64Array,
    u: Float64Array,
    atu: Float64Array,
  ) => void
  /**
   * C = alpha op(A) op(B) + beta C with op(A) m x k, op(B) k x n and C m x n. A is stored m x k, or k x m if `transposeA`. B
   * is stored k x n, or n x k if `transposeB`. C is not read if beta is 0.
   *
   * float64 or float32, all arrays alike. Arguments may overlap. Throws as gemv.
   */
  readonly gemm: <A extends Floats>(
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: A,
    b: A,
    beta: number,
    c: A,
  ) => void
}

/** Below this many multiply-adds the plain loop is faster than a call with its copies. */
const small = 256

export const matrixKernels = (engine: Engine): MatrixKernels => ({
  gemv: gemv(engine),
  gemvBoth: gemvBoth(engine),
  gemm: gemm(engine),
})

const gemv =
  ({ exports: wasm, staging }: Engine): MatrixKernels["gemv"] =>
  (transpose, m, n, alpha, a: Floats, x: Floats, beta, y: Floats) => {
    Check.gemv(transpose, m, n, a, x, y)
    const double = a.BYTES_PER_ELEMENT === 8
    if (wasm === undefined || m * n < small) {
      const to = separate(y, a, x)
      const twins = double ? Gemv : Gemv32
      // `Check.sameType` has seen that all arrays are alike
      const run = (transpose ? twins.multiplyTransposed : twins.multiply) as Gemv.Twin<Floats>
      run(m, n, alpha, a, x, beta, to)
      settle(y, to)
      return
    }
    try {
      const pa = staging.input(a)
      const px = staging.input(x)
      const py = staging.output(y, beta !== 0, pa, a.byteLength, px, x.byteLength)
      const run = double ? wasm.gemv : wasm.gemv32
      run(transpose ? 1 : 0, m, n, alpha, pa, n, px, beta, py, 0)
      staging.back(y, py)
    } finally {
      staging.end()
    }
  }

const gemvBoth =
  ({ exports: wasm, staging }: Engine): MatrixKernels["gemvBoth"] =>
  (m, n, a, x, ax, u, atu) => {
    Check.dimensions("Kernels.gemvBoth", m, n)
    Check.length("Kernels.gemvBoth", "a", a, m * n)
    Check.length("Kernels.gemvBoth", "x", x, n)
    Check.length("Kernels.gemvBoth", "ax", ax, m)
    Check.length("Kernels.gemvBoth", "u", u, m)
    Check.length("Kernels.gemvBoth", "atu", atu, n)
    Check.apart("Kernels.gemvBoth", "ax and a", ax, a)
    Check.apart("Kernels.gemvBoth", "ax and x", ax, x)
    Check.apart("Kernels.gemvBoth", "ax and u", ax, u)
    Check.apart("Kernels.gemvBoth", "atu and a", atu, a)
    Check.apart("Kernels.gemvBoth", "atu and x", atu, x)
    Check.apart("Kernels.gemvBoth", "atu and u", atu, u)
    Check.apart("Kernels.gemvBoth", "ax and atu", ax, atu)
    if (wasm === undefined || m * n < small) {
      Gemv.multiply(m, n, 1, a, x, 0, ax)
      Gemv.multiplyTransposed(m, n, 1, a, u, 0, atu)
      return
    }
    try {
      const pa = staging.input(a)
      const px = staging.input(x)
      const pu = staging.input(u)
      const pax = staging.output(ax, false)
      const patu = staging.output(atu, false)
      wasm.gemvBoth(m, n, pa, n, px, pax, pu, patu, 0)
      staging.back(ax, pax)
      staging.back(atu, patu)
    } finally {
      staging.end()
    }
  }

const gemm =
  ({ exports: wasm, staging }: Engine): MatrixKernels["gemm"] =>
  (transposeA, transposeB, m, n, k, alpha, a: Floats, b: Floats, beta, c: Floats) => {
    Check.gemm(m, n, k, a, b, c)
    const double = a.BYTES_PER_ELEMENT === 8
    if (wasm === undefined || m * n * k < small) {
      const to = separate(c, a, b)
      const run = double ? Gemm.gemm : Gemm.gemm32
      run(transposeA, transposeB, m, n, k, alpha, a, b, beta, to)
      settle(c, to)
      return
    }
    try {
      const pa = staging.input(a)
      const pb = staging.input(b)
      const pc = staging.output(c, beta !== 0, pa, a.byteLength, pb, b.byteLength)
      const run = double ? wasm.gemm : wasm.gemm32
      const ta = transposeA ? 1 : 0
      const tb = transposeB ? 1 : 0
      run(ta, tb, m, n, k, alpha, pa, ta ? m : k, pb, tb ? k : n, beta, pc, n, 0)
      staging.back(c, pc)
    } finally {
      staging.end()
    }
  }
