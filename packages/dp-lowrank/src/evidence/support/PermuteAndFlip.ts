/** Exact probabilities of the choice of permute and flip, by all orders of a few candidates. */
import * as Rational from "@nonconvex/numerics/Rational"

const power = (base: Rational.Rational, exponent: number): Rational.Rational =>
  Rational.make(base.numerator ** BigInt(exponent), base.denominator ** BigInt(exponent))

/**
 * Probability of each candidate, where `left` is exp(-rate). With the set of candidates that were not visited yet, the next is each of
 * them with equal probability; it is accepted, or the choice goes on without it (derived here).
 */
export const probabilities = (
  scores: Float64Array,
  left: Rational.Rational,
): ReadonlyArray<Rational.Rational> => {
  const best = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const coins = Array.from(scores, (score) => power(left, best - score))
  const found = coins.map(() => Rational.zero)
  const visit = (open: ReadonlyArray<number>, reached: Rational.Rational): void => {
    const each = Rational.divide(reached, Rational.make(BigInt(open.length), 1n))
    for (const candidate of open) {
      const accepted = Rational.multiply(each, coins[candidate]!)
      found[candidate] = Rational.add(found[candidate]!, accepted)
      const refused = Rational.subtract(each, accepted)
      // after a certain coin nothing is left
      if (!Rational.isZero(refused)) {
        visit(
          open.filter((one) => one !== candidate),
          refused,
        )
      }
    }
  }
  visit(
    coins.map((_, at) => at),
    Rational.one,
  )
  return found
}
