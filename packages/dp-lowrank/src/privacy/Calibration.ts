/** Noise that a target needs, by bisection on the upper bound of its delta. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { logDeltaUpper } from "./GaussianTail.ts"
import { requireTarget, smallestDelta, type Target } from "./Target.ts"

/** Bisects a predicate that is false at `low` and true at `high` until the two are adjacent or 1e-15 apart; returns `high`. */
export const bisect = (low: number, high: number, holds: (x: number) => boolean): number => {
  let [lo, hi] = [low, high]
  for (let i = 0; i < 200 && hi - lo > 1e-15 * hi; i++) {
    const middle = lo > 0 && hi / lo > 2 ? Math.sqrt(lo) * Math.sqrt(hi) : lo + 0.5 * (hi - lo)
    if (middle <= lo || middle >= hi) break
    if (holds(middle)) hi = middle
    else lo = middle
  }
  return hi
}

/** `GaussianPrivacy.noiseMultiplier` of a target that was checked. */
export const multiplier = (target: Target): number => {
  const bar = Elementary.log(target.delta)
  const isPrivate = (sigma: number) => logDeltaUpper(1 / sigma, target.epsilon) <= bar
  let [low, high] = [1, 1]
  while (!isPrivate(high)) high *= 2
  while (isPrivate(low)) low /= 2
  return bisect(low, high, isPrivate)
}

/**
 * Largest mu that is (epsilon, delta)-private, reduced by a relative 1e-11, so that a sum of mu^2 that should just fit does
 * fit. Throws as noiseMultiplier, but accepts half the smallest delta, since the cost of the grid reduces 1e-300.
 */
export const largestMu = (target: Target): number => {
  requireTarget("GaussianPrivacy.largestMu", target, smallestDelta / 2)
  return (1 - 1e-11) / multiplier(target)
}
