/**
 * Bounds, thresholds and closed forms: pure functions, each with its assumption and its source. A factor of 2 stands here
 * and nowhere else, and a claim catches it.
 *
 * Notation: eta learning rate, alpha strong convexity, beta smoothness.
 */

/**
 * Factor by which a gradient step on a quadratic shortens the distance to the minimiser, at most:
 * `max(|1 - eta alpha|, |1 - eta beta|)`, less than 1 just where `0 < eta < 2 / beta` and `0 < alpha`. Derived here.
 */
export const contraction = (eta: number, alpha: number, beta: number): number =>
  Math.max(Math.abs(1 - eta * alpha), Math.abs(1 - eta * beta))

/** Learning rate of the smallest contraction, `2 / (alpha + beta)`. Derived here. */
export const bestLearningRate = (alpha: number, beta: number): number => 2 / (alpha + beta)

/** Bound on the distance to the minimiser after `steps` steps from `distance`. Derived here. */
export const distanceAfter = (
  steps: number,
  distance: number,
  eta: number,
  alpha: number,
  beta: number,
): number => contraction(eta, alpha, beta) ** steps * distance
