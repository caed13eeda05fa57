/** Linear operators as functions, for everything that needs only products. */
import * as Kernels from "./Kernels.ts"
import * as Require from "./Require.ts"
import * as Vector from "./Vector.ts"

/** Writes A v into `out`. It must be linear and must not modify or keep `v`, which never overlaps `out`. */
export type Operator = (v: Float64Array, out: Float64Array) => void

/**
 * Operator of a row-major `rows` x `columns` matrix, kept by reference; compiled if it lies in the arena of the kernels.
 * Throws InvalidInput on wrong lengths.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Operator from "@nonconvex/numerics/Operator"
 *
 * const out = new Float64Array(2)
 * Operator.fromMatrix(Float64Array.of(0, 1, -1, 0), 2, 2)(Float64Array.of(1, 0), out)
 * Array.from(out) // => [0, -1]
 * ```
 */
export const fromMatrix = (
  a: Float64Array,
  rows: number,
  columns: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Operator => {
  Require.count("Operator.fromMatrix", "rows", rows, 0)
  Require.count("Operator.fromMatrix", "columns", columns, 0)
  Require.length("Operator.fromMatrix", "a", a.length, rows * columns)
  if (kernels.arena.holds(a)) {
    return (v, out) => kernels.gemv(false, rows, columns, 1, a, v, 0, out)
  }
  const views = Array.from({ length: rows }, (_, i) => a.subarray(i * columns, (i + 1) * columns))
  return (v, out) => {
    Require.length("Operator.fromMatrix", "v", v.length, columns)
    Require.length("Operator.fromMatrix", "out", out.length, rows)
    for (let i = 0; i < rows; i++) out[i] = Vector.dot(views[i]!, v)
  }
}

/**
 * The operator of a symmetric row-major n x n matrix, kept by reference. Only the lower triangle is read, with half the
 * memory traffic of fromMatrix. Compiled if it lies in the arena of the kernels. Throws InvalidInput on wrong lengths.
 */
export const fromSymmetric = (
  a: Float64Array,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Operator => {
  Require.count("Operator.fromSymmetric", "n", n, 0)
  Require.length("Operator.fromSymmetric", "a", a.length, n * n)
  return (v, out) => {
    Require.length("Operator.fromSymmetric", "v", v.length, n)
    Require.length("Operator.fromSymmetric", "out", out.length, n)
    kernels.symmetricProduct(n, a, v, out)
  }
}
