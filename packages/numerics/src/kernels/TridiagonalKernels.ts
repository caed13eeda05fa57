/** Eigenvalues of many small matrices, stored one after another. */
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as TridiagonalBatched from "./reference/TridiagonalBatched.ts"

export interface TridiagonalKernels {
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

export const tridiagonalKernels = (engine: Engine): TridiagonalKernels => ({
  tridiagonalBatched: tridiagonalBatched(engine),
})

const tridiagonalBatched =
  ({ exports: wasm, staging }: Engine): TridiagonalKernels["tridiagonalBatched"] =>
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
