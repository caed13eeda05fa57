/**
 * Discrete Gaussian integers, P(x) proportional to exp(-x^2 / (2 t^2)), exactly: no float64 takes part in a decision.
 *
 * Canonne, Kamath, Steinke 2020, Algorithm 3 (as recalled): a discrete Laplace of scale t, accepted with probability
 * exp(-(|y| - t)^2 / (2 t^2)). Ours: with a = i t + r that probability is exp(-i^2 / 2) exp(-i r / t) exp(-r^2 / (2 t^2)), a product
 * of coins whose numerators and denominators stay below 2^32, so that no big integers are needed.
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { IntegerDraws } from "./IntegerDraws.ts"

/** One sample of standard deviation (of the continuous Gaussian) t, an integer from 1 to 2^32. Throws InvalidInput. */
export const sample = (t: number, draws: IntegerDraws): number => {
  Require.count("DiscreteGaussian.sample", "t", t)
  if (t > 2 ** 32) invalid("DiscreteGaussian.sample", "t must be at most 2^32", { t })
  return draw(t, draws)
}

const draw = (t: number, draws: IntegerDraws): number => {
  for (;;) {
    const remainder = draws.below(t)
    if (!draws.coinExp(remainder, t)) continue
    let magnitude = remainder
    while (draws.coinExp(1, 1)) magnitude += t
    const isNegative = draws.word() % 2 === 1
    // zero has one sign
    if (isNegative && magnitude === 0) continue
    if (!accepts(Math.abs(magnitude - t), t, draws)) continue
    return isNegative ? -magnitude : magnitude
  }
}

/** A coin of bias exp(-a^2 / (2 t^2)). */
const accepts = (a: number, t: number, draws: IntegerDraws): boolean => {
  const whole = Math.floor(a / t)
  const rest = a - whole * t
  for (let k = 0; k < whole * whole; k++) if (!draws.coinExpHalf()) return false
  for (let k = 0; k < whole; k++) if (!draws.coinExp(rest, t)) return false
  return draws.coinExpHalfSquare(rest, t)
}
