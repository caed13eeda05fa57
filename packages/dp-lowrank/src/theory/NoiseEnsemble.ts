/** The noise ensembles and their sizes. */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Real symmetric (1) or complex Hermitian (2) noise. */
export type Beta = 1 | 2

/** v of the paper's noise sqrt(T) (W + W^*) at variance T: 4 T complex, 2 T real. Equation (4) prints half of it as drift coefficient. */
export const ensembleVariance = (beta: Beta, variance: number): number => 2 * beta * variance

/** s_F = sqrt(2 v / beta): standard deviation in Frobenius-isometric coordinates. */
export const isometricScale = (beta: Beta, v: number): number => Math.sqrt((2 * v) / beta)

/** 2 sqrt(v d): the edge of the spectrum of the noise, and a bound on E lambda_max. */
export const noiseEdge = (v: number, dimension: number): number => 2 * Math.sqrt(v * dimension)

/**
 * Bound on the spectral norm of real noise with probability 1 - failure: 2 sqrt(v d) + sqrt(2 v) sqrt(2 ln(2 / failure)),
 * derived here.
 *
 * lambda_max is Lipschitz in the independent normals with constant sqrt(2 v). It therefore exceeds its mean by t with
 * probability at most exp(-t^2 / (4 v)); the two ends of the spectrum double this. For real noise whose diagonal variance is
 * at most twice the variance off the diagonal.
 */
export const noiseNorm = (v: number, dimension: number, failure: number): number =>
  noiseEdge(v, dimension) + 2 * Math.sqrt(v * Elementary.log(2 / failure))

/**
 * Frobenius-optimal replacement of a noisy eigenvalue over pure noise: sqrt(l^2 - 4 v d) above the edge 2 sqrt(v d), 0
 * below. Derived here from the limits l = s + v d / s and cos^2 = 1 - v d / s^2 of spiked Wigner matrices (as recalled).
 */
export const shrunkEigenvalue = (value: number, v: number, dimension: number): number => {
  const edge = noiseEdge(v, dimension)
  return value > edge ? Math.sqrt((value - edge) * (value + edge)) : 0
}
