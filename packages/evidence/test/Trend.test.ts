import { assert, describe, it } from "@effect/vitest"
import * as Trend from "../src/Trend.ts"

const orders = (items: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> =>
  items.length < 2
    ? [items]
    : items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))

describe("Trend", () => {
  it("has the exact distribution of the Mann-Kendall test: no more than its level over all orders", () => {
    for (const count of [4, 5, 6]) {
      const all = orders(Array.from({ length: count }, (_, k) => k))
      const probabilities = all.map(Trend.probabilityOfFall)
      for (const level of [0.01, 0.05, 0.2, 0.5]) {
        const share = probabilities.filter((p) => p <= level).length / all.length
        assert.isAtMost(share, level)
      }
      assert.closeTo(Math.min(...probabilities), 1 / all.length, 1e-12)
    }
  })

  it("counts a tie as no fall", () => {
    assert.strictEqual(Trend.probabilityOfFall([1, 1, 1, 1]), 1)
  })

  it("tells falling margins from flat ones, and where they end", () => {
    assert.deepStrictEqual(Trend.of([0.9, 0.8, 0.7]), { _tag: "Untested" })
    assert.strictEqual(Trend.of([0.3, 0.3, 0.3, 0.3, 0.3])._tag, "Flat")
    assert.strictEqual(Trend.of([0.1, 0.2, 0.3, 0.4])._tag, "Flat")
    const falling = Trend.of([0.8, 0.7, 0.6, 0.5, 0.4])
    assert.strictEqual(falling._tag, "Falling")
    // 0.4 lasts for four doublings more, after four
    if (falling._tag === "Falling") assert.strictEqual(falling.failsAt, 256)
  })

  it("calls margins flat that would last for more than twenty doublings", () => {
    assert.strictEqual(Trend.of([0.9, 0.899, 0.898, 0.897, 0.896])._tag, "Flat")
  })
})
