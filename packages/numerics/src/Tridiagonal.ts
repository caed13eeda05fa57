/** Eigenvalues and eigenvectors of real symmetric tridiagonal matrices. */
import * as DivideAndConquer from "./internal/DivideAndConquer.ts"
import * as Kernels from "./Kernels.ts"
import * as Require from "./Require.ts"
import { ascending, finiteMaxAbs } from "./internal/SpectralScaling.ts"
import { powerOfTwoNear } from "./Scaling.ts"
import * as SpectralSpace from "./internal/SpectralSpace.ts"
import type { Eigen } from "./SymmetricEigen.ts"
import { rootFreeQL } from "./internal/TridiagonalQL.ts"

const checkedScale = (operation: string, diagonal: Float64Array, off: Float64Array): number => {
  Require.length(operation, "off", off.length, Math.max(0, diagonal.length - 1))
  return powerOfTwoNear(
    Math.max(finiteMaxAbs(operation, "diagonal", diagonal), finiteMaxAbs(operation, "off", off)),
  )
}

/**
 * The eigenvalues, ascending, of the symmetric tridiagonal matrix with `diagonal` (n) and `off` (n - 1), in O(n^2) time and O(n)
 * memory. The inputs are not modified.
 *
 * Errors are within 50 ulp times n of the norm. Throws InvalidInput on wrong lengths and on entries that are not finite.
 */
export const eigenvalues = (diagonal: Float64Array, off: Float64Array): Float64Array => {
  const n = diagonal.length
  const scale = checkedScale("Tridiagonal.eigenvalues", diagonal, off)
  const d = new Float64Array(n)
  const e = new Float64Array(off.length)
  for (let i = 0; i < n; i++) d[i] = diagonal[i]! / scale
  for (let i = 0; i < e.length; i++) e[i] = off[i]! / scale
  rootFreeQL(d, e, n)
  return ascending(d, scale)
}

/**
 * Eigenvalues, ascending, and orthonormal eigenvectors (vector j is `vectors.subarray(j * n, (j + 1) * n)`) of a symmetric
 * tridiagonal matrix, by divide and conquer. Throws as `eigenvalues`.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Tridiagonal from "@nonconvex/numerics/Tridiagonal"
 *
 * Tridiagonal.eigen(Float64Array.of(2, 2), Float64Array.of(1)).values // ≈ [1.000, 3.000]
 * ```
 */
export const eigen = (
  diagonal: Float64Array,
  off: Float64Array,
  kernels: Kernels.Kernels = Kernels.standard(),
): Eigen => {
  const n = diagonal.length
  const scale = checkedScale("Tridiagonal.eigen", diagonal, off)
  const doubles = n * n + 4 * n + DivideAndConquer.doubles(n)
  return SpectralSpace.using(kernels, n, doubles, (space, spectral) => {
    const d = space.f64(n)
    const e = space.f64(n)
    const q = space.f64(n * n)
    for (let i = 0; i < n; i++) d[i] = diagonal[i]! / scale
    for (let i = 0; i < n - 1; i++) e[i] = off[i]! / scale
    const order = DivideAndConquer.solve(d, e, n, q, space, spectral)
    const vectors = new Float64Array(n * n)
    for (let j = 0; j < n; j++) vectors.set(q.subarray(order[j]! * n, (order[j]! + 1) * n), j * n)
    return { values: Float64Array.from(order, (row) => d[row]! * scale), vectors }
  })
}
