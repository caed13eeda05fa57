/** Laws of the gaps of neighbouring eigenvalues of the noise, at T = 1 by default. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Beta } from "./NoiseEnsemble.ts"

/**
 * Small-gap law in the bulk at T = 1. P(gap sqrt d <= x) ~ x^3 / (72 pi) complex, x^2 / 24 real (Gaudin and Wigner, as
 * recalled, in our normalisation).
 */
export const bulkGapProbability = (beta: Beta, x: number): number =>
  beta === 2 ? Elementary.pow(x, 3) / (72 * Math.PI) : (x * x) / 24

/** Bound on P(gap_i <= x / sqrt d) for every i at T = 1, valid at the tested sizes: x^3 / 100 complex, x^2 / 10 real. */
export const gapTailBound = (beta: Beta, x: number): number =>
  beta === 2 ? Elementary.pow(x, 3) / 100 : (x * x) / 10

/** E gap^2 of the two eigenvalues of diag(m, 0) + sqrt(T) (W + W^*): m^2 + 8 (beta + 1) T. */
export const meanSquareGapOfTwo = (beta: Beta, m: number, variance: number): number =>
  m * m + 8 * (beta + 1) * variance
