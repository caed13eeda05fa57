/** Input of all post-processing. */
import * as Require from "@nonconvex/numerics/Require"
import * as NoiseEnsemble from "../theory/NoiseEnsemble.ts"

/** Symmetric matrix with Gaussian noise of known size. */
export interface Noisy {
  readonly dimension: number
  /** Symmetric, row-major. */
  readonly matrix: Float64Array
  /** Standard deviations of the noise on and off the diagonal. */
  readonly diagonalScale: number
  readonly offDiagonalScale: number
  /** Step of the grid to which the matrix was rounded before the noise was added; 0 without rounding. */
  readonly grid: number
}

/** Requires the matrix of a release with the sizes of its noise. */
export const requireNoisy = (operation: string, noisy: Noisy): void => {
  const { dimension, matrix } = noisy
  Require.count(operation, "dimension", dimension)
  Require.vector(operation, "matrix", matrix, dimension * dimension)
  for (const name of ["diagonalScale", "offDiagonalScale", "grid"] as const)
    Require.nonNegative(operation, name, noisy[name])
}

/**
 * Bound on the spectral norm of the noise plus the rounding (half a grid step per entry), with probability 1 - failure. In
 * units of the noise, whose square overflows or underflows float64 if the bound on the rows is 1e-90 or 1e90.
 */
export const noiseNorm = ({ dimension, grid, offDiagonalScale }: Noisy, failure: number): number =>
  offDiagonalScale * NoiseEnsemble.noiseNorm(1, dimension, failure) + 0.5 * grid * dimension
