/** Choice of the rank from the noisy spectrum: post-processing of one release. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { type Noisy, noiseNorm as normOf, requireNoisy } from "./Noisy.ts"
import * as DavisKahan from "../theory/DavisKahan.ts"

/** Evidence on the rank in the noisy spectrum. */
export interface RankChoice {
  /** Rank with the best certified subspace; 0 if no gap exceeds the noise. */
  readonly rank: number
  /** Bound on the distance of the projectors at that rank; 1 if no bound is certified. */
  readonly projectorError: number
  /** Number of eigenvalues that are certainly positive. */
  readonly significant: number
  /** All eigenvalues of the noisy matrix, descending. */
  readonly spectrum: Float64Array
}

/**
 * Rank 1 <= k < d with the largest gap of the noisy spectrum, if certified with probability 1 - `failure` (default 0.05).
 * Post-processing, which costs no privacy. Throws InvalidInput on a failure outside of (0, 1).
 *
 * @example
 * ```ts import.meta.vitest
 * import { LowRank } from "@nonconvex/dp-lowrank"
 *
 * const matrix = Float64Array.of(90, 0, 0, 0, 80, 0, 0, 0, 0)
 * const noisy = { dimension: 3, matrix, diagonalScale: 0.1, offDiagonalScale: 0.1, grid: 0 }
 * const { rank, significant, spectrum } = LowRank.chooseRank(noisy)
 * rank // => 2
 * significant // => 2
 * spectrum // ≈ [90.000, 80.000, 0.000]
 * ```
 */
export const chooseRank = (
  noisy: Noisy,
  failure = 0.05,
  kernels: Kernels.Kernels = Kernels.standard(),
): RankChoice => {
  requireNoisy("RankChoice.chooseRank", noisy)
  Require.fraction("RankChoice.chooseRank", "failure", failure)
  const { dimension: d, matrix } = noisy
  const spectrum = SymmetricEigen.eigenvalues(matrix, d, kernels).toReversed()
  const noiseNorm = normOf(noisy, failure)
  let rank = 0
  let widest = 0
  for (let k = 1; k < d; k++) {
    const gap = spectrum[k - 1]! - spectrum[k]!
    if (gap > widest) [rank, widest] = [k, gap]
  }
  const projectorError = DavisKahan.projectorBound(noiseNorm, widest - noiseNorm)
  const significant = spectrum.filter((value) => value > noiseNorm).length
  return { rank: projectorError < 1 ? rank : 0, projectorError, significant, spectrum }
}
