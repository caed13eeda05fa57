/** Eigenvalues without what the noise adds to them. */
import * as LowRank from "./LowRank.ts"
import type { Noisy } from "./Noisy.ts"
import * as NoiseEnsemble from "../theory/NoiseEnsemble.ts"

/**
 * Each eigenvalue replaced by the Frobenius-optimal one over a null bulk, `NoiseEnsemble.shrunkEigenvalue` in units of the noise.
 * Post-processing.
 */
export const shrink = (lowRank: LowRank.LowRank, noisy: Noisy): LowRank.LowRank => {
  const { dimension, offDiagonalScale: scale } = noisy
  return LowRank.withValues(lowRank, (value) =>
    scale === 0
      ? Math.max(0, value)
      : scale * NoiseEnsemble.shrunkEigenvalue(value / scale, 1, dimension),
  )
}
