/**
 * The exact privacy of Gaussian noise ("analytic Gaussian mechanism"), in the log domain.
 *
 * A release of f(M) + N(0, s^2 I) where f has sensitivity Delta depends on mu = Delta / s alone. With a = epsilon / mu - mu / 2
 * and b = epsilon / mu + mu / 2,
 *
 *     delta(epsilon) = Phi(-a) - e^epsilon Phi(-b) = phi(a) (m(a) - m(b)),    m(x) = Phi(-x) / phi(x), the Mills ratio.
 *
 * The first form is Balle and Wang 2018, Theorem 8 (as recalled). The second follows from e^epsilon phi(b) = phi(a) (derived
 * here); it keeps its digits at delta = 1e-300, where the first form, also as a difference of logarithms, loses half of them. Where mu
 * is small m(a) and m(b) agree in their first digits, or in all of them, and their difference is the integral of -m'(x) = 1 - x m(x).
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ErrorFunction from "@nonconvex/numerics/ErrorFunction"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { requireTarget, smallestDelta, type Target } from "./Target.ts"

const sqrtHalfPi = Math.sqrt(Math.PI / 2)
const logSqrtTwoPi = 0.5 * Math.log(2 * Math.PI)
/** Two units in the last place: the error of one operation, and of one more. */
const unit = 2 ** -51

const mills = (x: number): number => sqrtHalfPi * ErrorFunction.erfcx(x * Math.SQRT1_2)

/** Beyond it the series of `flatness` is exact to rounding. */
const seriesFrom = 28

/** 1 - x m(x) for x above -1: the rate at which the Mills ratio falls. */
const flatness = (x: number): number => {
  if (x <= seriesFrom) return 1 - x * mills(x)
  const s = 1 / (x * x)
  return s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s * (1 - 11 * s * (1 - 13 * s))))))
}

/** Below this mu the difference of Mills ratios is integrated; five points of Gauss and Legendre are exact to rounding up to it. */
const smallMu = 1 / 8
const nodes = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664]
const weights = [
  0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324,
  0.11846344252809454,
]

interface Evaluated {
  readonly logDelta: number
  /** Bound on the absolute error of logDelta. */
  readonly error: number
}

const nothing: Evaluated = { logDelta: Number.NEGATIVE_INFINITY, error: 0 }

const evaluateSmall = (mu: number, epsilon: number): Evaluated => {
  const middle = epsilon / mu
  const [a, b] = [middle - mu / 2, middle + mu / 2]
  // the logarithm of delta leaves float64
  if (b > 1e150) return nothing
  let mean = 0
  nodes.forEach((node, i) => {
    mean += weights[i]! * flatness(middle + 0.5 * mu * node)
  })
  const logMu = Elementary.log(mu)
  const lost = b > seriesFrom ? 8 : 4 / flatness(b)
  return {
    logDelta: logMu + Elementary.log(mean) - 0.5 * a * a - logSqrtTwoPi,
    error: unit * (8 + Math.abs(logMu) + 2 * Math.abs(a) * b + lost),
  }
}

const evaluate = (mu: number, epsilon: number): Evaluated => {
  if (mu === 0) return nothing
  if (mu < smallMu) return evaluateSmall(mu, epsilon)
  const a = epsilon / mu - mu / 2
  const b = epsilon / mu + mu / 2
  if (a > 1e150) return nothing
  if (a < -2) {
    // 1 - delta is small here: the complement keeps the digits
    const complement =
      NormalDistribution.cdf(a) + Elementary.exp(-0.5 * a * a - logSqrtTwoPi) * mills(b)
    return {
      logDelta: Elementary.log1p(-complement),
      // the last for complements so small that float64 has no digits left for them
      error: unit * complement * (8 + 2 * Math.abs(a) * b) + 2 ** -1022,
    }
  }
  const [near, far] = [mills(a), mills(b)]
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
    const middle = lo > 0 && hi / lo > 2 ? Math.sqrt(lo) * Math.sqrt(hi) : lo + 0.5 * (hi - lo)
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
  return multiplier(target)
}

const multiplier = (target: Target): number => {
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
 * noiseMultiplier, but takes a delta of half as much: what the grid leaves of 1e-300 is less than that.
 */
export const largestMu = (target: Target): number => {
  requireTarget("GaussianPrivacy.largestMu", target, smallestDelta / 2)
  return (1 - 1e-11) / multiplier(target)
}

/**
 * The mu of several Gaussian releases together, adaptively chosen ones included: the root of the sum of squares, rounded up
 * (Dong, Roth, Su 2022, Corollary 3.3, as recalled).
 *
 * It may be compared with a budget before each release, also where the next mu is chosen in the light of the earlier ones (derived
 * here): a release of mu is a stretch of length mu^2 of a Brownian motion whose drift, at most 1, tells the neighbours apart. Whatever
 * the choices, what is seen is a function of that motion up to the budget mu^2.
 */
export const compose = (mus: ReadonlyArray<number>): number => {
  if (mus.length === 1) return mus[0]!
  // in units of the largest, whose square may leave float64
  const largest = mus.reduce((most, mu) => Math.max(most, mu), 0)
  if (largest === 0) return 0
  let squares = 0
  for (const mu of mus) squares += (mu / largest) ** 2
  return largest * Math.sqrt(squares) * (1 + (mus.length + 4) * 2 ** -52)
}
