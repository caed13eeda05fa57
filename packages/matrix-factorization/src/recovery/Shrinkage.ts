import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"

/**
 * Writes to `out` the matrix Z (rows x columns) with each singular value reduced by `threshold`, to at least 0; returns the
 * resulting rank.
 */
export type Shrinkage = (z: Float64Array, threshold: number, out: Float64Array) => number

/**
 * The proximal operator of the nuclear norm, through the eigenvectors of the smaller Gram matrix.
 *
 * `U (Sigma - t) V' = (U (1 - t / Sigma) U') Z`: only vectors above the threshold are computed. Squaring loses the singular
 * values below 1e-8 of the largest, but the threshold removes these anyway unless it is as small.
 */
export const shrinkage = (rows: number, columns: number, kernels: Kernels.Kernels): Shrinkage => {
  const wide = rows <= columns
  const n = Math.min(rows, columns)
  const long = Math.max(rows, columns)
  const gram = new Float64Array(n * n)
  const operator = new Float64Array(n * n)
  return (z, threshold, out) => {
    kernels.syrk(!wide, n, long, 1, z, 0, gram)
    const { values, vectors } = eigenpairsPast(gram, n, threshold, kernels)
    const count = values.length
    operator.fill(0)
    let rank = 0
    for (let k = 0; k < count; k++) {
      const sigma = Math.sqrt(Math.max(values[k]!, 0))
      if (sigma <= threshold) continue
      rank++
      const u = vectors.subarray(k * n, (k + 1) * n)
      kernels.ger(n, n, 1 - threshold / sigma, u, u, operator)
    }
    if (wide) kernels.gemm(false, false, rows, columns, rows, 1, operator, z, 0, out)
    else kernels.gemm(false, false, rows, columns, columns, 1, z, operator, 0, out)
    return rank
  }
}

/** Dimension from which on it is faster to find first the eigenvalues and then the vectors of the large ones. */
const vectorsOfFew = 48

/** Eigenpairs above the square of the threshold; all of them for a small matrix. */
const eigenpairsPast = (
  gram: Float64Array,
  n: number,
  threshold: number,
  kernels: Kernels.Kernels,
): SymmetricEigen.Eigen => {
  if (n < vectorsOfFew) return SymmetricEigen.eigen(gram, n, kernels)
  const values = SymmetricEigen.eigenvalues(gram, n, kernels)
  const first = values.findIndex((value) => value > threshold * threshold)
  return SymmetricEigen.eigenRange(gram, n, first < 0 ? n : first, n, kernels)
}

/** Largest singular value, even if its square overflows or underflows. */
export const operatorNorm = (
  z: Float64Array,
  rows: number,
  columns: number,
  kernels: Kernels.Kernels,
): number => {
  const wide = rows <= columns
  const n = Math.min(rows, columns)
  const gram = new Float64Array(n * n)
  const scale = powerOfTwoNear(Vector.maxAbs(z))
  const unit = z.map((value) => value / scale)
  kernels.syrk(!wide, n, Math.max(rows, columns), 1, unit, 0, gram)
  return scale * Math.sqrt(Math.max(0, SymmetricEigen.eigenvalues(gram, n, kernels)[n - 1]!))
}
