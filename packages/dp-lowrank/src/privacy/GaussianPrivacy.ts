/**
 * The exact privacy of Gaussian noise ("analytic Gaussian mechanism": Balle and Wang 2018, Theorem 8, as recalled).
 *
 * A release of f(M) + N(0, s^2 I), where f has sensitivity Delta, depends only on mu = Delta / s. All results are rounded
 * towards less privacy.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import { bisect, multiplier } from "./Calibration.ts"
import { logDelta, logDeltaUpper } from "./GaussianTail.ts"
import { requireTarget, type Target } from "./Target.ts"

/**
 * delta(epsilon) of Gaussian noise with sensitivity over standard deviation `mu`; 0 where it is below the smallest float64. Throws InvalidInput as logDelta.
 *
 * @example
 * ```ts import.meta.vitest
 * import { GaussianPrivacy } from "@nonconvex/dp-lowrank"
 *
 * GaussianPrivacy.delta(1, 1) // ≈ 0.1269
 * ```
 */
export const delta = (mu: number, epsilon: number): number => Elementary.exp(logDelta(mu, epsilon))

/**
 * The smallest standard deviation of noise at sensitivity 1 that is (epsilon, delta)-private, within 1e-12 and never below it.
 *
 * Throws InvalidInput unless 0 < epsilon <= 100 and 1e-300 <= delta < 1.
 *
 * @example
 * ```ts import.meta.vitest
 * import { GaussianPrivacy } from "@nonconvex/dp-lowrank"
 *
 * GaussianPrivacy.noiseMultiplier({ epsilon: 1, delta: 1e-6 }).toFixed(6) // => "4.224679"
 * ```
 */
export const noiseMultiplier = (target: Target): number => {
  requireTarget("GaussianPrivacy.noiseMultiplier", target)
  return multiplier(target)
}

/**
 * Smallest epsilon at which Gaussian noise with this `mu` is (epsilon, delta)-private, overestimated by at most 1e-9. It is
 * 0 if delta alone covers the difference. Throws InvalidInput on a mu that is not positive, and a delta outside of (0, 1).
 *
 * @example
 * ```ts import.meta.vitest
 * import { GaussianPrivacy } from "@nonconvex/dp-lowrank"
 *
 * GaussianPrivacy.epsilon(0.5, 1e-6) // ≈ 2.254
 * ```
 */
export const epsilon = (mu: number, failure: number): number => {
  Require.positive("GaussianPrivacy.epsilon", "mu", mu)
  Require.fraction("GaussianPrivacy.epsilon", "delta", failure)
  const bar = Elementary.log(failure)
  const isPrivate = (value: number) => logDeltaUpper(mu, value) <= bar
  if (isPrivate(0)) return 0
  let high = mu
  while (!isPrivate(high)) high *= 2
  return bisect(0, high, isPrivate)
}

/**
 * The mu of several Gaussian releases together, including adaptively chosen ones. It is the square root of the sum of
 * squares, rounded up (Dong, Roth, Su 2022, Corollary 3.3, as recalled).
 *
 * It may be compared with a budget before each release, even if the next mu depends on earlier results (derived here). A
 * release of mu corresponds to a Brownian motion over a time of length mu^2. The neighbours differ in its drift, which is at
 * most 1. For any adaptive choices, the observed outputs are a function of that motion up to the budget mu^2.
 *
 * @example
 * ```ts import.meta.vitest
 * import { GaussianPrivacy } from "@nonconvex/dp-lowrank"
 *
 * // two releases cost less than the sum of their epsilons
 * GaussianPrivacy.compose([0.3, 0.4]) // ≈ 0.5000
 * ```
 */
export const compose = (mus: ReadonlyArray<number>): number => {
  if (mus.length === 1) return mus[0]!
  // in units of the largest, whose square may leave float64
  const largest = mus.reduce((most, mu) => Math.max(most, mu), 0)
  if (largest === 0) return 0
  let squares = 0
  for (const mu of mus) squares += Elementary.square(mu / largest)
  return largest * Math.sqrt(squares) * (1 + (mus.length + 4) * 2 ** -52)
}
