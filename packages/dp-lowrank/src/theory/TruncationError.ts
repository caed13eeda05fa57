/** Error of the top of a noisy matrix against the exact one. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Beta } from "./NoiseEnsemble.ts"

/** S, the sum over i <= k < j of (sigma_i / (sigma_i - sigma_j))^2, for a descending spectrum. */
export const interaction = (spectrum: ArrayLike<number>, rank: number): number => {
  let sum = 0
  for (let i = 0; i < rank; i++) {
    for (let j = rank; j < spectrum.length; j++) {
      sum += Elementary.square(spectrum[i]! / (spectrum[i]! - spectrum[j]!))
    }
  }
  return sum
}

/**
 * Root mean square Frobenius error of the best rank-k approximation of M + E, to first order in E. It is the square root of
 * v (k^2 + 2 S) for complex noise and of v (k (k + 1) + 2 S) for real noise. S is the sum over i <= k < j of (sigma_i /
 * (sigma_i - sigma_j))^2 over the descending spectrum of M. Gaps within the top k do not matter. Derived here, from the
 * Daleckii-Krein derivative.
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

/** Bound on the spectral error of the top k for 4 |E| <= gap: 7 |E| sigma_k / gap (Tran, Vishnoi, Vu 2025, as recalled). */
export const spectralErrorBound = (noise: number, sigma: number, gap: number): number =>
  (7 * noise * sigma) / gap
