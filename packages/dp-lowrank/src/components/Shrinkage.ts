/** Eigenvalues without the bias of the noise. */
import * as LowRank from "./LowRank.ts"
import { type Noisy, requireNoisy } from "./Noisy.ts"
import { shrunkEigenvalue } from "../theory/NoiseEnsemble.ts"

/**
 * Replaces each eigenvalue l by the Frobenius-optimal one, for noise with standard deviation s off the diagonal: sqrt(l^2 -
 * 4 s^2 d) above the noise edge 2 s sqrt(d), and 0 below. `noisy` is the matrix from which `lowRank` was computed.
 * Post-processing, which costs no privacy; derived here from the limits of spiked Wigner matrices (as recalled).
 *
 * @example
 * ```ts import.meta.vitest
 * import { LowRank } from "@nonconvex/dp-lowrank"
 *
 * // sqrt(10^2 - 4 * 3^2), and 0 of an eigenvalue below the edge 2 * 3 / 1
 * const matrix = Float64Array.of(10, 0, 0, 1)
 * const noisy = { dimension: 2, matrix, diagonalScale: 3, offDiagonalScale: 3 / Math.SQRT2, grid: 0 }
 * LowRank.shrink(LowRank.topK(noisy, 2), noisy).values // ≈ [8.000, 0.000]
 * ```
 */
export const shrink = (lowRank: LowRank.LowRank, noisy: Noisy): LowRank.LowRank => {
  requireNoisy("Shrinkage.shrink", noisy)
  const { dimension, offDiagonalScale: scale } = noisy
  return LowRank.withValues(lowRank, (value) =>
    scale === 0 ? Math.max(0, value) : scale * shrunkEigenvalue(value / scale, 1, dimension),
  )
}
