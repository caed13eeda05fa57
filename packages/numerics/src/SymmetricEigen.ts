/** Eigenvalues and eigenvectors of dense real symmetric matrices. */
import * as DivideAndConquer from "./internal/DivideAndConquer.ts"
import { invalid } from "./InvalidInput.ts"
import * as Kernels from "./Kernels.ts"
import * as Require from "./Require.ts"
import { ascending, finiteMaxAbsLower, loadLower } from "./internal/SpectralScaling.ts"
import { powerOfTwoNear } from "./Scaling.ts"
import * as SpectralSpace from "./internal/SpectralSpace.ts"
import * as Tridiagonalise from "./internal/Tridiagonalise.ts"
import { rootFreeQL } from "./internal/TridiagonalQL.ts"

/** An eigen-decomposition, or a part of one. */
export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array
  /**
   * Orthonormal eigenvectors, one after another: vector j is `vectors.subarray(j * n, (j + 1) * n)`. This is the matrix with
   * eigenvectors as columns in column-major order, or its transpose in row-major order.
   */
  readonly vectors: Float64Array
}

const requireSquare = (operation: string, a: Float64Array, n: number): void => {
  Require.count(operation, "n", n, 0)
  Require.length(operation, "a", a.length, n * n)
}

const checkedScale = (operation: string, a: Float64Array, n: number): number =>
  powerOfTwoNear(finiteMaxAbsLower(operation, "a", a, n))

/**
 * All eigenvalues, ascending, and orthonormal eigenvectors of a real symmetric n x n matrix; reads the lower triangle only.
 *
 * Householder tridiagonalisation, then divide and conquer. Residuals and orthogonality are within 50 ulp times n of the
 * norm. It needs 2.5 matrices and 200 rows of memory in addition to input and result. Throws InvalidInput on a wrong length
 * and on entries there that are not finite, and ArenaFull without memory for a copy.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
 *
 * const pairs = SymmetricEigen.eigen(Float64Array.of(2, 1, 1, 2), 2)
 * pairs.values // ≈ [1.0000, 3.0000]
 * const [x, y] = SymmetricEigen.vector(pairs, 1)
 * Math.abs(x! - y!) < 1e-15 // => true
 * ```
 */
export const eigen = (
  a: Float64Array,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Eigen => decompose("SymmetricEigen.eigen", a, n, 0, n, kernels)

/**
 * Eigenpairs number `from` to `to` - 1 in ascending order (from 0), as by `eigen`; back-transformation is done only for
 * these. Throws InvalidInput also unless 0 <= from <= to <= n.
 */
export const eigenRange = (
  a: Float64Array,
  n: number,
  from: number,
  to: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Eigen => {
  Require.count("SymmetricEigen.eigenRange", "from", from, 0)
  Require.count("SymmetricEigen.eigenRange", "to", to, from)
  if (to > n) invalid("SymmetricEigen.eigenRange", "to must be at most n", { to, n })
  return decompose("SymmetricEigen.eigenRange", a, n, from, to, kernels)
}

const decompose = (
  operation: string,
  a: Float64Array,
  n: number,
  from: number,
  to: number,
  kernels: Kernels.Kernels,
): Eigen => {
  requireSquare(operation, a, n)
  const whole = kernels.symmetricEigen?.(n, from, to, a)
  if (whole !== undefined) return whole
  const scale = checkedScale(operation, a, n)
  const count = to - from
  const doubles =
    (2 * n + (count < n ? count : 0)) * n +
    3 * n +
    DivideAndConquer.doubles(n) +
    Tridiagonalise.doubles(n, count)
  return SpectralSpace.using(kernels, n, doubles, (space, spectral) => {
    const work = space.f64(n * n)
    const diagonal = space.f64(n)
    const off = space.f64(n)
    const tau = space.f64(n)
    const q = space.f64(n * n)
    loadLower(a, n, scale, work)
    Tridiagonalise.reduce(work, n, diagonal, off, tau, space, spectral)
    const order = DivideAndConquer.solve(diagonal, off, n, q, space, spectral)
    const chosen = order.subarray(from, to)
    const vectors = count === n ? q : gather(q, n, chosen, space.f64(count * n))
    Tridiagonalise.back(work, n, tau, vectors, count, space, spectral)
    const rows = count === n ? order : chosen.map((_, j) => j)
    const sorted = gather(vectors, n, rows, new Float64Array(count * n))
    return { values: Float64Array.from(chosen, (row) => diagonal[row]! * scale), vectors: sorted }
  })
}

/** Copies the chosen rows, in their order. */
const gather = (q: Float64Array, n: number, rows: Int32Array, out: Float64Array): Float64Array => {
  for (let j = 0, at = 0; j < rows.length; j++) {
    const from = rows[j]! * n
    for (let i = 0; i < n; i++) out[at++] = q[from + i]!
  }
  return out
}

/**
 * All eigenvalues, ascending, of a real symmetric n x n matrix; reads the lower triangle only. Throws as `eigen`.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
 *
 * SymmetricEigen.eigenvalues(Float64Array.of(2, 1, 1, 2), 2) // ≈ [1.000, 3.000]
 * ```
 */
export const eigenvalues = (
  a: Float64Array,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  requireSquare("SymmetricEigen.eigenvalues", a, n)
  const scale = checkedScale("SymmetricEigen.eigenvalues", a, n)
  return SpectralSpace.using(kernels, n, n * n + 8 * n, (space, spectral) => {
    const work = space.f64(n * n)
    const diagonal = space.f64(n)
    const off = space.f64(n)
    loadLower(a, n, scale, work)
    Tridiagonalise.reduce(work, n, diagonal, off, space.f64(n), space, spectral)
    rootFreeQL(diagonal, off, n)
    return ascending(diagonal, scale)
  })
}

/** The j-th eigenvector as a view, for 0 <= j < number of values. */
export const vector = (pairs: Eigen, j: number): Float64Array => {
  const n = pairs.vectors.length / pairs.values.length
  return pairs.vectors.subarray(j * n, (j + 1) * n)
}
