/** Top eigenpairs of a given symmetric matrix, dense or by Lanczos iterations. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/**
 * Eigenvalues in descending order, with their orthonormal vectors concatenated and the residual `|K v - lambda v|` of
 * each.
 */
export interface TopPairs {
  readonly values: Float64Array
  readonly vectors: Float64Array
  readonly residuals: Float64Array
  readonly status: "converged" | "budget"
}

/** Up to this size the whole decomposition is as fast as a few pairs. */
const small = 64

const fromDense = (
  kernel: Float64Array,
  n: number,
  count: number,
  kernels: Kernels.Kernels,
): TopPairs => {
  const { values, vectors } = SymmetricEigen.eigenRange(kernel, n, n - count, n, kernels)
  const order = Array.from({ length: count }, (_, j) => count - 1 - j)
  const sorted = new Float64Array(count * n)
  order.forEach((from, j) => sorted.set(vectors.subarray(from * n, (from + 1) * n), j * n))
  const top = Float64Array.from(order, (from) => values[from]!)
  const residuals = top.map((value, j) => {
    const v = sorted.subarray(j * n, (j + 1) * n)
    const image = new Float64Array(n)
    for (let a = 0; a < n; a++) {
      image[a] = Vector.dot(kernel.subarray(a * n, (a + 1) * n), v) - value * v[a]!
    }
    return Vector.norm(image)
  })
  return { values: top, vectors: sorted, residuals, status: "converged" }
}

export interface PairOptions {
  /** Number of pairs; default 1. */
  readonly count?: number
  /** Seed of the initial vector; default a fixed one. */
  readonly seed?: Seed.Seed
  /** The vectors of an earlier computation; the first one starts the search. */
  readonly start?: Float64Array
  /** Residual over the largest eigenvalue, of Lanczos iterations; default 1e-8. */
  readonly tolerance?: number
  /** Default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels
}

/** The options of Lanczos iterations on `dimension` samples. */
export const lanczosSettings = (
  dimension: number,
  { count = 1, kernels, seed, start, tolerance = 1e-8 }: PairOptions,
) => ({
  dimension,
  count,
  seed: seed ?? Seed.root("catapults/tangent-kernel"),
  tolerance,
  kernels: kernels ?? Kernels.standard(),
  ...(start === undefined ? {} : { start: start.subarray(0, dimension) }),
})

/**
 * The top eigenpairs of a given kernel, n x n and row-major. Route `dense` computes all eigenpairs, `lanczos` iterates; default
 * `dense` up to 64 samples, else `lanczos`. Throws InvalidInput on a kernel that is not finite, or smaller than `count`.
 */
export const topOfKernel = (
  kernel: Float64Array,
  n: number,
  options: PairOptions & { readonly route?: "dense" | "lanczos" } = {},
): TopPairs => {
  const { count = 1, route = n <= small ? "dense" : "lanczos" } = options
  Require.array("topOfKernel", "kernel", kernel, n * n)
  Require.count("topOfKernel", "count", count)
  if (count > n) invalid("topOfKernel", "more eigenpairs than samples", { count, samples: n })
  return route === "dense"
    ? fromDense(kernel, n, count, options.kernels ?? Kernels.standard())
    : Lanczos.topOfSymmetric(kernel, lanczosSettings(n, options))
}

/**
 * The largest eigenvalue of a kernel, n x n. Throws as topOfKernel.
 *
 * @example
 * ```ts import.meta.vitest
 * import { TangentKernel } from "@nonconvex/catapults"
 *
 * TangentKernel.topEigenvalue(Float64Array.of(2, 1, 1, 2), 2) // ≈ 3.000
 * ```
 */
export const topEigenvalue = (
  kernel: Float64Array,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): number => topOfKernel(kernel, n, { kernels }).values[0]!
