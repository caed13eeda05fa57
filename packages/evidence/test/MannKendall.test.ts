import { assert, describe, it } from "@effect/vitest"
import { probabilityOfFall } from "../src/MannKendall.ts"

const orders = (items: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> =>
  items.length < 2
    ? [items]
    : items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))

describe("the one-sided Mann-Kendall test", () => {
  it("has its exact distribution: no more than its level over all orders", () => {
    for (const count of [4, 5, 6]) {
      const all = orders(Array.from({ length: count }, (_, k) => k))
      const probabilities = all.map(probabilityOfFall)
      for (const level of [0.01, 0.05, 0.2, 0.5]) {
        const share = probabilities.filter((p) => p <= level).length / all.length
        assert.isAtMost(share, level)
      }
      assert.closeTo(Math.min(...probabilities), 1 / all.length, 1e-12)
    }
  })

  it("counts a tie as no fall", () => {
    assert.strictEqual(probabilityOfFall([1, 1, 1, 1]), 1)
  })
})
