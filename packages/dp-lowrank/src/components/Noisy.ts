/** Input of all post-processing. */
import * as NoiseEnsemble from "../theory/NoiseEnsemble.ts"

/** A symmetric matrix with Gaussian noise of known size. */
export interface Noisy {
  readonly dimension: number
  /** Symmetric, row-major. */
  readonly matrix: Float64Array
  /** Standard deviations of the noise on and off the diagonal. */
  readonly diagonalScale: number
  readonly offDiagonalScale: number
  /** The step of the grid to which the matrix was rounded before the noise; 0 where it was not. */
  readonly grid: number
}

/**
 * A bound on the spectral norm of the noise and of the rounding to the grid, half a step an entry, with probability 1 - failure. In
 * units of the noise, whose square leaves float64 where the bound on the rows is 1e-90 or 1e90.
 */
export const noiseNorm = ({ dimension, grid, offDiagonalScale }: Noisy, failure: number): number =>
  offDiagonalScale * NoiseEnsemble.noiseNorm(1, dimension, failure) + 0.5 * grid * dimension
