/**
 * Delta of Gaussian noise at a given epsilon, in the log domain, with a bound on the rounding error.
 *
 * A release of f(M) + N(0, s^2 I), where f has sensitivity Delta, depends only on mu = Delta / s. With a = epsilon / mu - mu
 * / 2 and b = epsilon / mu + mu / 2,
 *
 *     delta(epsilon) = Phi(-a) - e^epsilon Phi(-b) = phi(a) (m(a) - m(b)),    m(x) = Phi(-x) / phi(x), the Mills ratio.
 *
 * The first form is Balle and Wang 2018, Theorem 8 (as recalled). The second follows from e^epsilon phi(b) = phi(a) (derived
 * here). It is accurate even at delta = 1e-300. The first form loses half of its digits there, even as a difference of
 * logarithms. If mu is small, m(a) and m(b) agree in some or all of their digits. Their difference is the integral of -m'(x)
 * = 1 - x m(x).
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ErrorFunction from "@nonconvex/numerics/ErrorFunction"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import * as Require from "@nonconvex/numerics/Require"

const sqrtHalfPi = Math.sqrt(Math.PI / 2)
const logSqrtTwoPi = 0.5 * Elementary.log(2 * Math.PI)
/** Two units in the last place: the error of one operation, with a margin of another. */
const unit = 2 ** -51

const mills = (x: number): number => sqrtHalfPi * ErrorFunction.erfcx(x * Math.SQRT1_2)

/** Size from which on the series of `flatness` is exact to rounding. */
const seriesFrom = 28

/** 1 - x m(x) for x above -1, where m is the Mills ratio: minus its derivative. */
const flatness = (x: number): number => {
  if (x <= seriesFrom) return 1 - x * mills(x)
  const s = 1 / (x * x)
  return s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s * (1 - 11 * s * (1 - 13 * s))))))
}

/**
 * Value of mu below which the difference of Mills ratios is integrated; five Gauss-Legendre points are exact to rounding
 * there.
 */
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
  Require.nonNegative(operation, "mu", mu)
  Require.nonNegative(operation, "epsilon", epsilon)
}

/**
 * log delta(epsilon) of Gaussian noise with sensitivity over standard deviation `mu`. Throws InvalidInput on a mu or an epsilon that is
 * negative or not finite.
 */
export const logDelta = (mu: number, epsilon: number): number => {
  requireMuEpsilon("GaussianPrivacy.logDelta", mu, epsilon)
  return evaluate(mu, epsilon).logDelta
}

/** Upper bound on log delta: the evaluated number plus the bound on its rounding error. Throws as logDelta. */
export const logDeltaUpper = (mu: number, epsilon: number): number => {
  requireMuEpsilon("GaussianPrivacy.logDeltaUpper", mu, epsilon)
  const { error, logDelta: value } = evaluate(mu, epsilon)
  return value + error
}
