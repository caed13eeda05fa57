// The sampler against its exact probabilities, and the coins that it is made of.
import { InvalidInput } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { GaussianPrivacy } from "../../src/index.ts"
import * as DiscreteGaussian from "../../src/noise/DiscreteGaussian.ts"
import { excessOf } from "../../src/release/GridPrice.ts"
import { IntegerDraws } from "../../src/noise/IntegerDraws.ts"
import { seeded } from "../support/Unsafe.ts"

/** Chi-square quantile at 1 - 1e-6, Wilson and Hilferty. */
const chiSquareLimit = (degrees: number): number =>
  degrees * (1 - 2 / (9 * degrees) + 4.7534 * Math.sqrt(2 / (9 * degrees))) ** 3

const chiSquare = (
  counts: ReadonlyMap<number, number>,
  probability: (x: number) => number,
  n: number,
  reach: number,
) => {
  let sum = 0
  let [rest, restExpected] = [n, n]
  for (let x = -reach; x <= reach; x++) {
    const expected = n * probability(x)
    const seen = counts.get(x) ?? 0
    sum += (seen - expected) ** 2 / expected
    rest -= seen
    restExpected -= expected
  }
  return restExpected > 5 ? sum + (rest - restExpected) ** 2 / restExpected : sum
}

const pmf = (t: number) => {
  let z = 0
  for (let x = -60 * t; x <= 60 * t; x++) z += Math.exp((-x * x) / (2 * t * t))
  return (x: number) => Math.exp((-x * x) / (2 * t * t)) / z
}

describe("DiscreteGaussian", () => {
  it.each([1, 2, 8, 10])(
    "has the probabilities it should at t = %d (chi-square, alpha 1e-6)",
    (t) => {
      const n = 200_000
      const draws = new IntegerDraws(seeded(t))
      const counts = new Map<number, number>()
      for (let i = 0; i < n; i++) {
        const x = DiscreteGaussian.sample(t, draws)
        counts.set(x, (counts.get(x) ?? 0) + 1)
      }
      const reach = Math.min(20, 4 * t)
      assert.isBelow(chiSquare(counts, pmf(t), n, reach), chiSquareLimit(2 * reach + 1))
    },
  )

  it("has mean 0, variance at most t^2 and the kurtosis of a normal at the scale of a release", () => {
    const [n, t] = [200_000, 801_897_007]
    const draws = new IntegerDraws(seeded(7))
    let [first, second, fourth] = [0, 0, 0]
    let integers = 0
    for (let i = 0; i < n; i++) {
      const x = DiscreteGaussian.sample(t, draws)
      if (Number.isInteger(x)) integers++
      const z = x / t
      first += z / n
      second += (z * z) / n
      fourth += z ** 4 / n
    }
    assert.strictEqual(integers, n)
    assert.isBelow(Math.abs(first), 4.9 / Math.sqrt(n))
    assert.isBelow(Math.abs(second - 1), 4.9 * Math.sqrt(2 / n))
    assert.isBelow(Math.abs(fourth - 3), 4.9 * Math.sqrt(96 / n))
  })

  it("draws from the words in a fixed way", () => {
    const draws = new IntegerDraws(seeded(1))
    const first = Array.from({ length: 6 }, () => DiscreteGaussian.sample(1000, draws))
    assert.deepStrictEqual(first, [12, -901, 553, 2448, 126, -1245])
  })

  it("refuses scales that are no integers of 32 bits", () => {
    const draws = new IntegerDraws(seeded(1))
    for (const t of [0, 1.5, -1, Number.NaN, 2 ** 33]) {
      assert.throws(() => DiscreteGaussian.sample(t, draws), InvalidInput, /^.*t must/)
    }
  })
})

describe("the price of the grid", () => {
  it("covers the exact delta of discrete noise, summed over all of its values", () => {
    for (const [t, distance] of [
      [200, 60],
      [1000, 900],
      [1000, 10],
    ] as const) {
      const probability = pmf(t)
      const xi = excessOf(1, t)
      for (const epsilon of [0.1, 1, 3]) {
        let delta = 0
        for (let x = -40 * t; x <= 40 * t; x++) {
          delta += Math.max(0, probability(x) - Math.exp(epsilon) * probability(x - distance))
        }
        const charged = GaussianPrivacy.delta(distance / t, epsilon - 2 * xi) * (1 + 3 * xi)
        // float64 has no digits left for the last
        assert.isAtMost(delta, charged * (1 + 1e-12) + 1e-300)
        // and it is a small price
        assert.isAtMost(charged, 4 * delta + 1e-30)
      }
    }
  })
})

describe("IntegerDraws", () => {
  const n = 200_000
  const frequency = (coin: (draws: IntegerDraws) => boolean) => {
    const draws = new IntegerDraws(seeded(3))
    let heads = 0
    for (let i = 0; i < n; i++) if (coin(draws)) heads++
    return heads / n
  }
  const assertNear = (actual: number, p: number) =>
    assert.isAtMost(Math.abs(actual - p), 4.9 * Math.sqrt((p * (1 - p)) / n))

  it("has coins of the right bias", () => {
    for (const [a, b] of [
      [0, 1],
      [1, 1],
      [1, 3],
      [999, 1000],
      [2 ** 30 - 1, 2 ** 31],
    ] as const) {
      assertNear(
        frequency((draws) => draws.coinExp(a, b)),
        Math.exp(-a / b),
      )
      assertNear(
        frequency((draws) => draws.coinExpHalfSquare(a, b)),
        Math.exp(-((a / b) ** 2) / 2),
      )
    }
  })

  it("is uniform below n, for powers of two and others", () => {
    for (const m of [1, 2, 3, 6, 8]) {
      const draws = new IntegerDraws(seeded(m))
      const counts = Array.from({ length: m }, () => 0)
      for (let i = 0; i < n; i++) counts[draws.below(m)]!++
      counts.forEach((count) => assertNear(count / n, 1 / m))
    }
    assert.isBelow(new IntegerDraws(seeded(1)).below(2 ** 32), 2 ** 32)
  })

  it("takes words of whole ranges alone, so that every value has as many", () => {
    const most = 2 ** 32 - 1
    for (const m of [
      2,
      3,
      6,
      1000,
      567_026_862,
      801_897_079,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 31 + 1,
      most,
    ]) {
      const whole = Math.floor(2 ** 32 / m)
      const refused = Array.from({ length: Math.min(3, 2 ** 32 - whole * m) }, (_, i) => [
        most - i,
        whole * m + i,
      ]).flat()
      const taken = [whole * m - 1, (whole - 1) * m, m - 1, 0]
      const words = [...refused, ...taken]
      const draws = new IntegerDraws({
        _tag: "Unsafe",
        name: "a list",
        fill: (buffer) => buffer.set(words),
      })
      assert.deepStrictEqual(
        taken.map(() => draws.below(m)),
        [m - 1, 0, m - 1, 0],
        `below ${m}`,
      )
    }
  })

  it("forgets its words", () => {
    const filled: Array<Uint32Array> = []
    const draws = new IntegerDraws({
      _tag: "Unsafe",
      name: "a test",
      fill: (words) => filled.push(words.fill(7)),
    })
    draws.word()
    draws.wipe()
    assert.isTrue(filled[0]!.every((word) => word === 0))
  })
})
