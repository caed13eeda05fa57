/**
 * Sensitivities, constants of the noise ensembles, error formulas and bounds. Pure functions; each says what it assumes.
 *
 * Notation: R the bound on a row, d the dimension, k the rank, sigma_1 >= ... >= sigma_d the spectrum, T the paper's variance,
 * v = E|E_ij|^2 off the diagonal, beta = 1 for real symmetric and 2 for complex Hermitian noise, s_F the standard deviation in
 * Frobenius-isometric coordinates (E_ii, sqrt 2 Re E_ij, sqrt 2 Im E_ij). The paper is Mangoubi and Vishnoi, COLT 2023.
 */
import type { Neighbours } from "../privacy/Target.ts"

/** Real symmetric (1) or complex Hermitian (2) noise. */
export type Beta = 1 | 2

/**
 * The largest Frobenius distance of two neighbouring scatter matrices: sqrt 2 R^2 under replacement (attained by orthogonal rows of
 * norm R), R^2 for one row more or less. Derived here.
 */
export const frobeniusSensitivity = (neighbours: Neighbours, bound: number): number =>
  neighbours === "replace" ? Math.SQRT2 * bound * bound : bound * bound

/** |u u^T - v v^T|_F^2 = |u|^4 + |v|^4 - 2 (u.v)^2. */
export const rowChangeSquared = (u: Float64Array, v: Float64Array): number => {
  let [uu, vv, uv] = [0, 0, 0]
  for (let i = 0; i < u.length; i++) {
    uu += u[i]! * u[i]!
    vv += v[i]! * v[i]!
    uv += u[i]! * v[i]!
  }
  return uu * uu + vv * vv - 2 * uv * uv
}

/** The squared length of the upper triangle of u u^T with its diagonal, as a plain vector: (|u|^4 + sum u_i^4) / 2. */
export const upperTriangleSquared = (u: Float64Array): number => {
  let [squares, quartic] = [0, 0]
  for (const x of u) {
    squares += x * x
    quartic += x ** 4
  }
  return 0.5 * (squares * squares + quartic)
}

/** The largest Frobenius change of a scatter matrix about the mean of its n rows when one row is added: 4 R^2 n / (n + 1). */
export const centredSensitivity = (rows: number, bound: number): number =>
  (4 * bound * bound * rows) / (rows + 1)

/** v of the paper's sqrt(T) (W + W^*): 4 T complex, 2 T real. The paper's equation (4) has half of it as drift coefficient. */
export const ensembleVariance = (beta: Beta, variance: number): number => 2 * beta * variance

/** s_F = sqrt(2 v / beta): standard deviation in Frobenius-isometric coordinates. */
export const isometricScale = (beta: Beta, v: number): number => Math.sqrt((2 * v) / beta)

/** 2 sqrt(v d): the edge of the spectrum of the noise, and a bound on E lambda_max. */
export const noiseEdge = (v: number, dimension: number): number => 2 * Math.sqrt(v * dimension)

/**
 * A bound on the spectral norm of the noise that holds with probability 1 - beta: 2 sqrt(v d) + sqrt(2 v) sqrt(2 ln(2 / beta)).
 *
 * lambda_max is Lipschitz in the independent normals with constant sqrt(2 v) (1.4 of them on the diagonal at most), so it exceeds
 * its mean by t with probability at most exp(-t^2 / (4 v)); twice, for both ends. For real noise whose diagonal has at most twice
 * the variance off it.
 */
export const noiseNorm = (v: number, dimension: number, failure: number): number =>
  noiseEdge(v, dimension) + 2 * Math.sqrt(v * Math.log(2 / failure))

/** sum over i <= k < j of (sigma_i / (sigma_i - sigma_j))^2. */
export const interaction = (spectrum: ArrayLike<number>, rank: number): number => {
  let sum = 0
  for (let i = 0; i < rank; i++) {
    for (let j = rank; j < spectrum.length; j++) {
      sum += (spectrum[i]! / (spectrum[i]! - spectrum[j]!)) ** 2
    }
  }
  return sum
}

/**
 * The root mean square error of the best rank-k approximation of M + E, to first order in E: v (k^2 + 2 S) complex, v (k (k + 1) +
 * 2 S) real, with S = `interaction`. Gaps inside of the top k do not enter. Derived here, from the Daleckii-Krein derivative.
 */
export const firstOrderError = (
  beta: Beta,
  v: number,
  spectrum: ArrayLike<number>,
  rank: number,
): number =>
  Math.sqrt(v * (rank * (beta === 2 ? rank : rank + 1) + 2 * interaction(spectrum, rank)))

/** The right side of Theorem 2 without its hidden logarithms: sqrt(k d) sigma_k / (sigma_k - sigma_{k+1}) sqrt T. */
export const printedRate = (
  variance: number,
  spectrum: ArrayLike<number>,
  rank: number,
): number => {
  const last = spectrum[rank - 1]!
  return Math.sqrt(rank * spectrum.length * variance) * (last / (last - (spectrum[rank] ?? 0)))
}

/** Tran, Vishnoi, Vu 2025 (as recalled): where 4 |E| <= gap, the spectral error is at most 7 |E| sigma_k / gap. */
export const spectralErrorBound = (noise: number, sigma: number, gap: number): number =>
  (7 * noise * sigma) / gap

/** sin-theta with the noisy gap: |P^ - P| <= |E| / (sigma_k(M) - sigma_{k+1}(M + E)) where that is positive, else 1. */
export const projectorBound = (noise: number, gap: number): number =>
  gap > noise ? noise / gap : 1

/**
 * The small-gap law in the bulk at T = 1: P(gap sqrt d <= x) ~ x^3 / (72 pi) complex, x^2 / 24 real (Gaudin and Wigner, as recalled,
 * in our normalisation).
 */
export const bulkGapProbability = (beta: Beta, x: number): number =>
  beta === 2 ? x ** 3 / (72 * Math.PI) : (x * x) / 24

/** A bound on P(gap_i <= x / sqrt d) for every i at T = 1 that holds at the sizes tested (d <= 40): x^3 / 100, x^2 / 10. */
export const gapTailBound = (beta: Beta, x: number): number =>
  beta === 2 ? x ** 3 / 100 : (x * x) / 10

/** E gap^2 of the two eigenvalues of diag(m, 0) + sqrt(T) (W + W^*): m^2 + 8 (beta + 1) T. */
export const meanSquareGapOfTwo = (beta: Beta, m: number, variance: number): number =>
  m * m + 8 * (beta + 1) * variance

/**
 * The Frobenius-optimal replacement of a noisy eigenvalue over a null bulk: sqrt(l^2 - 4 v d) above the edge 2 sqrt(v d), 0 below.
 * Derived here from the limits l = s + v d / s and cos^2 = 1 - v d / s^2 of spiked Wigner matrices (as recalled).
 */
export const shrunkEigenvalue = (value: number, v: number, dimension: number): number => {
  const edge = noiseEdge(v, dimension)
  return value > edge ? Math.sqrt((value - edge) * (value + edge)) : 0
}
