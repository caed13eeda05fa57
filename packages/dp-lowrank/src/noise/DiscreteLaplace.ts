/**
 * Exact discrete Laplace integers, P(x) proportional to exp(-rate |x|) for a fraction `rate`: float64 takes part in no decision.
 *
 * The sampler of Canonne, Kamath, Steinke 2020 (Algorithm 2, as recalled). With rate = s / t, u in 0..t-1 is drawn by exp(-u / t)
 * and v by exp(-v). Then u + t v has probabilities proportional to exp(-x / t), and its quotient by s has those of the magnitude.
 * The signs are equally likely, and zero has only one of them.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Rational from "@nonconvex/numerics/Rational"
import type { IntegerDraws } from "./IntegerDraws.ts"

/** Draws one sample; the rate is positive. */
export const sample = (rate: Rational.Rational, draws: IntegerDraws): bigint => {
  const { denominator: t, numerator: s } = rate
  for (;;) {
    const rest = draws.belowLarge(t)
    if (!draws.coinExpOf({ numerator: rest, denominator: t })) continue
    let whole = 0n
    while (draws.coinExp(1, 1)) whole++
    const magnitude = (rest + t * whole) / s
    const isNegative = draws.word() % 2 === 1
    // zero has one sign
    if (isNegative && magnitude === 0n) continue
    return isNegative ? -magnitude : magnitude
  }
}

/**
 * Smallest integer m, or a slightly larger one, with P(|x| > m) <= failure. With r = exp(-rate), P(|x| > m) = 2 r^(m + 1) / (1 + r)
 * (derived here: a sum of two geometric series).
 */
export const margin = (rate: Rational.Rational, failure: number): number => {
  const each = Rational.toNumber(rate)
  const log = Elementary.log(2 / failure) - Elementary.log1p(Elementary.exp(-each))
  return Math.max(0, Math.ceil((log / each) * (1 + 1e-12)) - 1)
}
