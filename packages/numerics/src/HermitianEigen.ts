/** Eigenvalues and eigenvectors of dense complex Hermitian matrices, given as separate real and imaginary parts. */
import * as DivideAndConquer from "./internal/DivideAndConquer.ts"
import * as HermitianBack from "./internal/HermitianBack.ts"
import * as HermitianTridiagonalise from "./internal/HermitianTridiagonalise.ts"
import { invalid } from "./InvalidInput.ts"
import * as Kernels from "./Kernels.ts"
import * as Require from "./Require.ts"
import { ascending, finiteMaxAbsLower, loadLower } from "./internal/SpectralScaling.ts"
import { powerOfTwoNear } from "./Scaling.ts"
import * as SpectralSpace from "./internal/SpectralSpace.ts"
import { rootFreeQL } from "./internal/TridiagonalQL.ts"

/** An eigen-decomposition, or a part of one. */
interface HermitianEigen {
  /** Ascending. */
  readonly values: Float64Array
  /**
   * Real parts of orthonormal eigenvectors, one after another: vector j is `re.subarray(j * n, (j + 1) * n)` + i times the
   * same part of `im`. The phases are arbitrary.
   */
  readonly re: Float64Array
  readonly im: Float64Array
}

const checkedScale = (operation: string, re: Float64Array, im: Float64Array, n: number): number => {
  Require.count(operation, "n", n, 0)
  Require.length(operation, "re", re.length, n * n)
  Require.length(operation, "im", im.length, n * n)
  return powerOfTwoNear(
    Math.max(
      finiteMaxAbsLower(operation, "re", re, n),
      finiteMaxAbsLower(operation, "im", im, n, true),
    ),
  )
}

/**
 * All eigenvalues, ascending, and orthonormal eigenvectors of the Hermitian n x n matrix re + i im, both row-major. It reads
 * only the lower triangles, and takes the diagonal of `im` as 0.
 *
 * Reduces to a real tridiagonal matrix by unitary transformations, then uses divide and conquer. Residuals and orthogonality
 * are within 50 ulp times n of the norm. Throws InvalidInput on wrong lengths and on entries there that are not finite, and
 * ArenaFull without memory for a copy.
 */
export const eigen = (
  re: Float64Array,
  im: Float64Array,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): HermitianEigen => decompose("HermitianEigen.eigen", re, im, n, 0, n, kernels)

/** The eigenpairs number `from` to `to` - 1 of the ascending order (from 0). Throws as eigen, and unless 0 <= from <= to <= n. */
export const eigenRange = (
  re: Float64Array,
  im: Float64Array,
  n: number,
  from: number,
  to: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): HermitianEigen => {
  Require.count("HermitianEigen.eigenRange", "from", from, 0)
  Require.count("HermitianEigen.eigenRange", "to", to, from)
  if (to > n) invalid("HermitianEigen.eigenRange", "to must be at most n", { to, n })
  return decompose("HermitianEigen.eigenRange", re, im, n, from, to, kernels)
}

const decompose = (
  operation: string,
  re: Float64Array,
  im: Float64Array,
  n: number,
  from: number,
  to: number,
  kernels: Kernels.Kernels,
): HermitianEigen => {
  const scale = checkedScale(operation, re, im, n)
  const count = to - from
  const doubles =
    (3 * n + 2 * count) * n +
    4 * n +
    DivideAndConquer.doubles(n) +
    HermitianTridiagonalise.doubles(n) +
    HermitianBack.doubles(n, count)
  return SpectralSpace.using(kernels, n, doubles, (space, spectral) => {
    const workRe = space.f64(n * n)
    const workIm = space.f64(n * n)
    const diagonal = space.f64(n)
    const off = space.f64(n)
    const tau = space.f64(2 * n)
    const q = space.f64(n * n)
    loadLower(re, n, scale, workRe)
    loadLower(im, n, scale, workIm)
    HermitianTridiagonalise.reduce(workRe, workIm, n, diagonal, off, tau, space, spectral)
    const order = DivideAndConquer.solve(diagonal, off, n, q, space, spectral).subarray(from, to)
    const zr = space.f64(count * n)
    const zi = space.f64(count * n)
    order.forEach((row, j) => zr.set(q.subarray(row * n, (row + 1) * n), j * n))
    HermitianBack.back(workRe, workIm, n, tau, zr, zi, count, space, spectral)
    const values = Float64Array.from(order, (row) => diagonal[row]! * scale)
    return { values, re: Float64Array.from(zr), im: Float64Array.from(zi) }
  })
}

/**
 * All eigenvalues, ascending, of the Hermitian matrix re + i im. Reads and throws as eigen.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
 *
 * // [[0, -i], [i, 0]]
 * HermitianEigen.eigenvalues(new Float64Array(4), Float64Array.of(0, -1, 1, 0), 2) // ≈ [-1.000, 1.000]
 * ```
 */
export const eigenvalues = (
  re: Float64Array,
  im: Float64Array,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  const scale = checkedScale("HermitianEigen.eigenvalues", re, im, n)
  const doubles = 2 * n * n + 16 * n
  return SpectralSpace.using(kernels, n, doubles, (space, spectral) => {
    const workRe = space.f64(n * n)
    const workIm = space.f64(n * n)
    const diagonal = space.f64(n)
    const off = space.f64(n)
    loadLower(re, n, scale, workRe)
    loadLower(im, n, scale, workIm)
    HermitianTridiagonalise.reduce(
      workRe,
      workIm,
      n,
      diagonal,
      off,
      space.f64(2 * n),
      space,
      spectral,
    )
    rootFreeQL(diagonal, off, n)
    return ascending(diagonal, scale)
  })
}
