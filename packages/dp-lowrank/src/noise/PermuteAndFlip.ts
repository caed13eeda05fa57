/**
 * Exact private choice of a candidate by integer scores: permute and flip (McKenna, Sheldon 2020, Algorithm 1, as recalled).
 *
 * Candidates are visited in random order, and each is accepted with probability exp(rate (score - best score)). If one row changes
 * no score by more than Delta, the choice is (2 Delta rate)-differentially private. Its error is never larger than that of the
 * exponential mechanism of the same privacy (their Theorem 2, as recalled). Float64 takes part in no decision.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Rational from "@nonconvex/numerics/Rational"
import type { IntegerDraws } from "./IntegerDraws.ts"

/** Index of the chosen candidate; scores are integers below 2^53, and the rate is positive. */
export const choose = (
  scores: Float64Array,
  { denominator, numerator }: Rational.Rational,
  draws: IntegerDraws,
): number => {
  const best = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const order = Uint32Array.from(scores, (_, at) => at)
  for (let visited = 0; ; visited++) {
    const at = visited + draws.below(order.length - visited)
    const candidate = order[at]!
    order[at] = order[visited]!
    // the coin of a best candidate is certain, so that one is accepted at the end
    const gap = BigInt(best - scores[candidate]!)
    if (draws.coinExpOf({ numerator: numerator * gap, denominator })) return candidate
  }
}

/**
 * Difference between the best score and that of the choice, which is exceeded with probability at most `failure`: ln(candidates /
 * failure) / rate, the bound of the exponential mechanism (McSherry, Talwar 2007, as recalled).
 */
export const scoreError = (candidates: number, rate: Rational.Rational, failure: number): number =>
  Elementary.log(candidates / failure) / Rational.toNumber(rate)
