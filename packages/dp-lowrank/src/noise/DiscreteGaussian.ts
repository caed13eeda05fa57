/**
 * Exact discrete Gaussian integers, P(x) proportional to exp(-x^2 / (2 t^2)): float64 takes part in no decision.
 *
 * Karney's algorithm of 2016 for normal deviates (as recalled), adapted here to integers. With |x| = i t + r the probability
 * is exp(-i^2 / 2) exp(-i r / t) exp(-r^2 / (2 t^2)). The integer i is drawn by the first factor, and r uniformly. Two
 * coins, one for each of the other factors, must both accept; their numerators and denominators stay below 2^32. The signs
 * are equally likely, and zero has only one of them.
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { IntegerDraws } from "./IntegerDraws.ts"
import * as WholeDeviations from "./WholeDeviations.ts"

/**
 * Draws one sample; t, an integer from 1 to 2^32, is the standard deviation of the continuous Gaussian. Throws InvalidInput.
 */
export const sample = (t: number, draws: IntegerDraws): number => {
  Require.count("DiscreteGaussian.sample", "t", t)
  if (t > 2 ** 32) invalid("DiscreteGaussian.sample", "t must be at most 2^32", { t })
  return draw(t, draws)
}

const draw = (t: number, draws: IntegerDraws): number => {
  for (;;) {
    const whole = WholeDeviations.sample(draws)
    const rest = draws.below(t)
    if (!accepts(whole, rest, t, draws)) continue
    const isNegative = draws.word() % 2 === 1
    const magnitude = whole * t + rest
    // zero has one sign
    if (isNegative && magnitude === 0) continue
    return isNegative ? -magnitude : magnitude
  }
}

/** A coin of bias exp(-whole rest / t) exp(-(rest / t)^2 / 2). */
const accepts = (whole: number, rest: number, t: number, draws: IntegerDraws): boolean => {
  for (let k = 0; k < whole; k++) if (!draws.coinExp(rest, t)) return false
  return draws.coinExpHalfSquare(rest, t)
}
