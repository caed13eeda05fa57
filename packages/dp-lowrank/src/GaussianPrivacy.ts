/**
 * The exact privacy of Gaussian noise ("analytic Gaussian mechanism"), in the log domain.
 *
 * A release of f(M) + N(0, s^2 I) where f has sensitivity Delta depends on mu = Delta / s alone. With a = epsilon / mu - mu / 2
 * and b = epsilon / mu + mu / 2,
 *
 *     delta(epsilon) = Phi(-a) - e^epsilon Phi(-b) = phi(a) (m(a) - m(b)),    m(x) = Phi(-x) / phi(x), the Mills ratio.
 *
 * The first form is Balle and Wang 2018, Theorem 8 (as recalled). The second follows from e^epsilon phi(b) = phi(a) (derived
 * here); it keeps its digits at delta = 1e-300, where the first form, also as a difference of logarithms, loses half of them.
 */
import {
  Elementary,
  ErrorFunction,
  invalid,
  NormalDistribution,
  Require,
} from "@nonconvex/numerics"
import { requireTarget, type Target } from "./Privacy.ts"

const sqrtHalfPi = Math.sqrt(Math.PI / 2)
const logSqrtTwoPi = 0.5 * Math.log(2 * Math.PI)
/** Two units in the last place: the error of one operation, and of one more. */
const unit = 2 ** -51

const mills = (x: number): number => sqrtHalfPi * ErrorFunction.erfcx(x * Math.SQRT1_2)

interface Evaluated {
  readonly logDelta: number
  /** Bound on the absolute error of logDelta. */
  readonly error: number
}

const evaluate = (mu: number, epsilon: number): Evaluated => {
  if (mu === 0) return { logDelta: Number.NEGATIVE_INFINITY, error: 0 }
  const a = epsilon / mu - mu / 2
  const b = epsilon / mu + mu / 2
  if (a < -5) {
    // 1 - delta is tiny here: the complement keeps the digits
    const complement =
      NormalDistribution.cdf(a) + Elementary.exp(-0.5 * a * a - logSqrtTwoPi) * mills(b)
    return { logDelta: Elementary.log1p(-complement), error: unit * complement * (8 + a * a) }
  }
  const [near, far] = [mills(a), mills(b)]
  if (!(near > far)) return { logDelta: Number.NEGATIVE_INFINITY, error: 0 }
  return {
    logDelta: Elementary.log(near - far) - 0.5 * a * a - logSqrtTwoPi,
    error: unit * (4 + 2 * Math.abs(a) * b + (8 * (near + far)) / (near - far)),
  }
}

const requireMuEpsilon = (operation: string, mu: number, epsilon: number): void => {
  if (!(mu >= 0 && mu < Number.POSITIVE_INFINITY)) {
    invalid(operation, "mu must be finite and at least 0", { mu })
  }
  if (!(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY)) {
    invalid(operation, "epsilon must be finite and at least 0", { epsilon })
  }
}

/** log delta(epsilon) of Gaussian noise with sensitivity over standard deviation `mu` >= 0. Throws InvalidInput. */
export const logDelta = (mu: number, epsilon: number): number => {
  requireMuEpsilon("GaussianPrivacy.logDelta", mu, epsilon)
  return evaluate(mu, epsilon).logDelta
}

/** delta(epsilon); 0 where it is below the smallest float64. Throws InvalidInput as logDelta. */
export const delta = (mu: number, epsilon: number): number => Elementary.exp(logDelta(mu, epsilon))

/** An upper end of log delta: the evaluation and the bound on its rounding error. */
export const logDeltaUpper = (mu: number, epsilon: number): number => {
  requireMuEpsilon("GaussianPrivacy.logDeltaUpper", mu, epsilon)
  const { error, logDelta: value } = evaluate(mu, epsilon)
  return value + error
}

/** Bisects a predicate that is false at `low` and true at `high` until the two are neighbours or 1e-15 apart; returns `high`. */
const bisect = (low: number, high: number, holds: (x: number) => boolean): number => {
  let [lo, hi] = [low, high]
  for (let i = 0; i < 200 && hi - lo > 1e-15 * hi; i++) {
    const middle = lo > 0 && hi / lo > 2 ? Math.sqrt(lo * hi) : lo + 0.5 * (hi - lo)
    if (middle <= lo || middle >= hi) break
    if (holds(middle)) hi = middle
    else lo = middle
  }
  return hi
}

/**
 * The smallest standard deviation of noise at sensitivity 1 that is (epsilon, delta)-private, within 1e-12 and never below it.
 *
 * Throws InvalidInput unless 0 < epsilon <= 100 and 1e-300 <= delta < 1.
 */
export const noiseMultiplier = (target: Target): number => {
  requireTarget("GaussianPrivacy.noiseMultiplier", target)
  const bar = Elementary.log(target.delta)
  const isPrivate = (sigma: number) => logDeltaUpper(1 / sigma, target.epsilon) <= bar
  let [low, high] = [1, 1]
  while (!isPrivate(high)) high *= 2
  while (isPrivate(low)) low /= 2
  return bisect(low, high, isPrivate)
}

/**
 * The smallest epsilon at which Gaussian noise with this `mu` is (epsilon, delta)-private, within 1e-9 and never below it; 0 where
 * delta alone covers the difference. Throws InvalidInput on a mu that is not positive, and a delta outside of (0, 1).
 */
export const epsilon = (mu: number, failure: number): number => {
  Require.positive("GaussianPrivacy.epsilon", "mu", mu)
  if (!(failure > 0 && failure < 1)) {
    invalid("GaussianPrivacy.epsilon", "delta must lie strictly between 0 and 1", {
      delta: failure,
    })
  }
  const bar = Elementary.log(failure)
  const isPrivate = (value: number) => logDeltaUpper(mu, value) <= bar
  if (isPrivate(0)) return 0
  let high = mu
  while (!isPrivate(high)) high *= 2
  return bisect(0, high, isPrivate)
}

/**
 * The largest mu that is (epsilon, delta)-private, less 1e-11 of it, so that a sum of mu^2 that should just fit does fit. Throws as
 * noiseMultiplier.
 */
export const largestMu = (target: Target): number => (1 - 1e-11) / noiseMultiplier(target)

/**
 * The mu of several Gaussian releases together, adaptively chosen ones included: the root of the sum of squares, rounded up
 * (Dong, Roth, Su 2022, Corollary 3.3, as recalled).
 */
export const compose = (mus: ReadonlyArray<number>): number => {
  if (mus.length === 1) return mus[0]!
  let squares = 0
  for (const mu of mus) squares += mu * mu
  return Math.sqrt(squares) * (1 + (mus.length + 2) * 2 ** -53)
}
