/** Updates of rank one and k. */
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Symmetric from "./reference/Symmetric.ts"
import type { Floats } from "./Staging.ts"

export interface SymmetricKernels {
  /**
   * C = alpha A A^T + beta C with A n x k, or alpha A^T A + beta C with A k x n if `transpose`. Both triangles of the symmetric C
   * (n x n) are written. Only the lower one is read, and none if beta is 0.
   *
   * `a` may be float32; it is widened first, so Gram matrices of float32 data are summed in float64. Throws InvalidInput on
   * wrong lengths and where `a` overlaps `c`, ArenaFull where copies do not fit.
   */
  readonly syrk: (
    transpose: boolean,
    n: number,
    k: number,
    alpha: number,
    a: Floats,
    beta: number,
    c: Float64Array,
  ) => void
  /** A += alpha x y^T for A m x n. Throws as syrk, also where A overlaps x or y. */
  readonly ger: (
    m: number,
    n: number,
    alpha: number,
    x: Float64Array,
    y: Float64Array,
    a: Float64Array,
  ) => void
}

export const symmetricKernels = (engine: Engine): SymmetricKernels => ({
  syrk: syrk(engine),
  ger: ger(engine),
})

const widened = (a: Floats): Float64Array => (a instanceof Float64Array ? a : Float64Array.from(a))

const syrk =
  ({ exports: wasm, staging }: Engine): SymmetricKernels["syrk"] =>
  (transpose, n, k, alpha, a, beta, c) => {
    Check.syrk(n, k, a, c)
    if (wasm === undefined) {
      return Symmetric.syrk(transpose, n, k, alpha, widened(a), beta, c)
    }
    try {
      const pa = staging.widened(a)
      const pc = staging.output(c, true)
      wasm.syrk(transpose ? 1 : 0, n, k, alpha, pa, beta, pc, 0)
      staging.back(c, pc)
    } finally {
      staging.end()
    }
  }

/** A rank-one update uses each element once. Copying an ordinary matrix would cost more, so such a matrix uses plain loops. */
const ger =
  ({ exports: wasm, arena, staging }: Engine): SymmetricKernels["ger"] =>
  (m, n, alpha, x, y, a) => {
    Check.dimensions("Kernels.ger", m, n)
    Check.length("Kernels.ger", "x", x, m)
    Check.length("Kernels.ger", "y", y, n)
    Check.length("Kernels.ger", "a", a, m * n)
    Check.apart("Kernels.ger", "a and x", a, x)
    Check.apart("Kernels.ger", "a and y", a, y)
    if (wasm === undefined || !arena.holds(a)) return Symmetric.ger(m, n, alpha, x, y, a)
    try {
      wasm.ger(m, n, alpha, staging.input(x), staging.input(y), a.byteOffset)
    } finally {
      staging.end()
    }
  }
