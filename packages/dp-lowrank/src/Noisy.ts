/** A symmetric matrix with Gaussian noise of known size: what all post-processing starts from. */

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

/** v, the variance of the noise off the diagonal. */
export const variance = ({ offDiagonalScale }: Noisy): number => offDiagonalScale ** 2
