/** The choice of a candidate against its exact probabilities. */
import * as Rational from "@nonconvex/numerics/Rational"
import { assert, describe, it } from "vitest"
import { chiSquare } from "../../src/evidence/support/ChiSquare.ts"
import { probabilities } from "../../src/evidence/support/PermuteAndFlip.ts"
import { wordsOf } from "../../src/evidence/support/Structures.ts"
import { IntegerDraws } from "../../src/noise/IntegerDraws.ts"
import * as PermuteAndFlip from "../../src/noise/PermuteAndFlip.ts"

const third = { numerator: 1n, denominator: 3n }

/** Probabilities where exp(-rate) is rounded to a fraction. */
const expected = (scores: Float64Array, rate: Rational.Rational): Float64Array =>
  Float64Array.from(
    probabilities(scores, Rational.near(Math.exp(-Rational.toNumber(rate)), 1e-9)),
    Rational.toNumber,
  )

const counts = (scores: Float64Array, rate: Rational.Rational, seed: number): Float64Array => {
  const draws = new IntegerDraws(wordsOf(seed))
  const found = new Float64Array(scores.length)
  for (let k = 0; k < 20_000; k++) found[PermuteAndFlip.choose(scores, rate, draws)]!++
  return found
}

describe("permute and flip", () => {
  const scores = Float64Array.of(-3, 0, -1, -8, 0)

  it("has probabilities that add up to 1, and those of two candidates by hand", () => {
    const left = { numerator: 1n, denominator: 2n }
    const two = probabilities(Float64Array.of(0, -1), left)
    // the second is first with probability 1/2, and accepted with 1/2
    assert.deepStrictEqual(two.map(Rational.toText), ["3/4", "1/4"])
    assert.deepStrictEqual(probabilities(scores, left).reduce(Rational.add), Rational.one)
  })

  it("is drawn with these probabilities, and not with those of another rate", () => {
    for (const seed of [1, 2, 3]) {
      const found = counts(scores, third, seed)
      assert.isAbove(chiSquare(found, expected(scores, third)).margin, 0)
      const doubled = { numerator: 2n, denominator: 3n }
      assert.isBelow(chiSquare(found, expected(scores, doubled)).margin, 0)
    }
  })

  it("loses no more than its bound, but with the stated probability", () => {
    const many = Float64Array.from({ length: 50 }, (_, k) => -k)
    const error = PermuteAndFlip.scoreError(many.length, third, 0.05)
    const draws = new IntegerDraws(wordsOf(4))
    let beyond = 0
    for (let k = 0; k < 4000; k++) if (PermuteAndFlip.choose(many, third, draws) > error) beyond++
    assert.isAtMost(beyond, 200)
  })
})
