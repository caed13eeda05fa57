/**
 * Zero-concentrated differential privacy: rho adds up under composition, and converts to (epsilon, delta) in three ways.
 *
 * For every rho and epsilon: the exact delta of a Gaussian <= that of Canonne, Kamath, Steinke <= the simple one. Whatever is rounded
 * here is rounded to the side of less privacy.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as GaussianPrivacy from "./GaussianPrivacy.ts"

/** Four units in the last place: the roundings of a short formula. */
const unit = 2 ** -51

/** rho = Delta^2 / (2 s^2) of Gaussian noise, continuous or discrete (Bun and Steinke 2016; Canonne, Kamath, Steinke 2020, Theorem 4; as recalled). */
export const rhoOfGaussian = (sensitivity: number, standardDeviation: number): number => {
  Require.positive("ZeroConcentrated.rhoOfGaussian", "standardDeviation", standardDeviation)
  return 0.5 * (sensitivity / standardDeviation) ** 2 * (1 + unit)
}

/** rho of several releases together. */
export const compose = (rhos: ReadonlyArray<number>): number =>
  rhos.reduce((sum, rho) => sum + rho, 0) * (1 + rhos.length * 2 ** -52)

/** epsilon = rho + 2 sqrt(rho ln(1 / delta)) (Bun and Steinke 2016, Proposition 1.3, as recalled). */
export const simpleEpsilon = (rho: number, delta: number): number => {
  Require.positive("ZeroConcentrated.simpleEpsilon", "rho", rho)
  Require.fraction("ZeroConcentrated.simpleEpsilon", "delta", delta)
  return (rho + 2 * Math.sqrt(rho) * Math.sqrt(-Elementary.log(delta))) * (1 + unit)
}

/** log delta of the simple conversion, -(epsilon - rho)^2 / (4 rho) for epsilon >= rho, and 0 below. */
export const simpleLogDelta = (rho: number, epsilon: number): number => {
  Require.positive("ZeroConcentrated.simpleLogDelta", "rho", rho)
  return epsilon > rho ? -(((epsilon - rho) / Math.sqrt(rho)) ** 2 / 4) * (1 - 2 * unit) : 0
}

/**
 * log delta of Canonne, Kamath, Steinke 2020 (Proposition 7, as recalled): the minimum over a > 1 of
 * `(a - 1)(a rho - epsilon) + a ln(1 - 1/a) - ln(a - 1)`. Each a is an upper bound, so a minimum that is slightly missed is safe, and
 * what rounding can take from it is added.
 */
export const logDelta = (rho: number, epsilon: number): number => {
  Require.positive("ZeroConcentrated.logDelta", "rho", rho)
  // ln(1 - 1/a) = -ln(1 + 1/excess), without cancellation
  const logShare = (excess: number): number => -Elementary.log1p(1 / excess)
  const upper = (excess: number): number => {
    const a = 1 + excess
    const [gain, loss] = [excess * a * rho, excess * epsilon]
    const [shrunk, log] = [a * logShare(excess), Elementary.log(excess)]
    return gain - loss + shrunk - log + unit * (gain + loss - shrunk + Math.abs(log))
  }
  // the slope (2a - 1) rho - epsilon + ln(1 - 1/a) increases in a
  const slope = (excess: number): number => (1 + 2 * excess) * rho - epsilon + logShare(excess)
  let [low, high] = [1e-12, 1]
  while (slope(high) < 0 && high < 1e300) high *= 2
  for (let i = 0; i < 100 && high / low > 1 + 1e-15; i++) {
    const middle = Math.sqrt(low) * Math.sqrt(high)
    if (slope(middle) < 0) low = middle
    else high = middle
  }
  return Math.min(0, upper(high))
}

/** The smallest epsilon, within 1e-9 and never below it, at which rho is (epsilon, delta)-private by `logDelta`. */
export const epsilon = (rho: number, delta: number): number => {
  Require.fraction("ZeroConcentrated.epsilon", "delta", delta)
  const bar = Elementary.log(delta)
  let [low, high] = [0, simpleEpsilon(rho, delta)]
  for (let i = 0; i < 100 && high - low > 1e-14 * high; i++) {
    const middle = 0.5 * (low + high)
    if (logDelta(rho, middle) <= bar) high = middle
    else low = middle
  }
  return high
}

/** log delta of a Gaussian release with this rho, exactly: `GaussianPrivacy.logDelta` at mu = sqrt(2 rho). */
export const gaussianLogDelta = (rho: number, eps: number): number =>
  GaussianPrivacy.logDelta(Math.sqrt(2 * rho), eps)
