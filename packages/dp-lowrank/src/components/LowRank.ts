/**
 * Best approximation of given rank of a symmetric matrix, by signed eigenvalue. As post-processing it costs no privacy, at
 * any rank.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Noisy } from "./Noisy.ts"

/** The top eigenpairs of a symmetric matrix. */
export interface LowRank {
  readonly dimension: number
  /** The largest eigenvalues, descending. */
  readonly values: Float64Array
  /** Orthonormal; vector j is `vectors.subarray(j * dimension, (j + 1) * dimension)`. */
  readonly vectors: Float64Array
  /** |S v - value v| of each pair, computed: an eigenvalue lies within it. */
  readonly residuals: Float64Array
}

type Matrix = Pick<Noisy, "dimension" | "matrix">

/** Below this dimension a full decomposition is faster. */
const smallestForLanczos = 200

const dense = ({ dimension: d, matrix }: Matrix, rank: number, kernels: Kernels.Kernels) => {
  const pairs = SymmetricEigen.eigenRange(matrix, d, d - rank, d, kernels)
  const vectors = new Float64Array(rank * d)
  for (let j = 0; j < rank; j++) {
    vectors.set(SymmetricEigen.vector(pairs, rank - 1 - j), j * d)
  }
  return { values: pairs.values.toReversed(), vectors }
}

const residualsOf = (
  { dimension: d, matrix }: Matrix,
  { values, vectors }: Pick<LowRank, "values" | "vectors">,
  kernels: Kernels.Kernels,
): Float64Array => {
  const product = new Float64Array(d)
  return values.map((value, j) => {
    const v = vectors.subarray(j * d, (j + 1) * d)
    kernels.symmetricProduct(d, matrix, v, product)
    Vector.axpy(-value, v, product)
    return Vector.norm(product)
  })
}

/**
 * The top `rank` eigenpairs of a noisy matrix, by signed eigenvalue. The matrix is dimension x dimension and row-major; the
 * lower triangle is read. Uses Lanczos where it is faster and converges, otherwise a full decomposition. The running time
 * depends only on the noisy matrix. Throws InvalidInput on a rank outside of 0..dimension.
 *
 * @example
 * ```ts import.meta.vitest
 * import { LowRank } from "@nonconvex/dp-lowrank"
 *
 * const noisy = { dimension: 2, matrix: Float64Array.of(3, 0, 0, -4) }
 * Array.from(LowRank.topK(noisy, 1).values) // => [3]
 * ```
 */
export const topK = (
  noisy: Matrix,
  rank: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): LowRank => {
  const { dimension, matrix } = noisy
  Require.typed("LowRank.topK", "matrix", matrix)
  Require.count("LowRank.topK", "rank", rank, 0, dimension)
  if (dimension >= smallestForLanczos && rank > 0 && rank <= dimension / 20) {
    const pairs = Lanczos.topOfSymmetric(matrix, {
      dimension,
      count: rank,
      seed: Seed.root("dp-lowrank/topK"),
      maxProducts: Math.max(4 * rank + 4, Math.ceil(dimension / 3)),
      kernels,
    })
    if (pairs.status === "converged") {
      const { residuals, values, vectors } = pairs
      return { dimension, values, vectors, residuals }
    }
  }
  const pairs = dense(noisy, rank, kernels)
  return { dimension, ...pairs, residuals: residualsOf(noisy, pairs, kernels) }
}

/** The matrix of the eigenpairs, sum of value_j v_j v_j^T: dimension x dimension, row-major. */
export const toMatrix = ({ dimension: d, values, vectors }: LowRank): Float64Array => {
  const out = new Float64Array(d * d)
  values.forEach((value, k) => {
    const v = vectors.subarray(k * d, (k + 1) * d)
    for (let i = 0; i < d; i++) {
      const weight = value * v[i]!
      for (let j = 0; j <= i; j++) out[i * d + j] = out[i * d + j]! + weight * v[j]!
    }
  })
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) out[j * d + i] = out[i * d + j]!
  return out
}

/** Best approximation of a given rank, as a matrix. Throws as `topK`. */
export const best = (noisy: Matrix, rank: number, kernels?: Kernels.Kernels): Float64Array =>
  toMatrix(topK(noisy, rank, kernels))

/** The same vectors with each eigenvalue replaced. */
export const withValues = (lowRank: LowRank, change: (value: number) => number): LowRank => ({
  ...lowRank,
  values: lowRank.values.map(change),
})
