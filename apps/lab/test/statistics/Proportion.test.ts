/** Shares against values of R: binom.test. */
import { assert, describe, it } from "@effect/vitest"
import * as Proportion from "../../src/statistics/Proportion.ts"

/** As many clusters of one each. */
const independent = (holds: number, of: number): ReadonlyArray<Proportion.Count> =>
  Array.from({ length: of }, (_, at) => ({ holds: at < holds ? 1 : 0, of: 1 }))

describe("a share of independent ones", () => {
  it.each([
    [41, 45, 0.787788, 0.975248],
    [9, 10, 0.554984, 0.997471],
    [0, 10, 0, 0.308497],
    [10, 10, 0.691503, 1],
  ])("of %d in %d has the interval of Clopper and Pearson", (holds, of, low, high) => {
    const found = Proportion.of(independent(holds, of))
    assert.strictEqual(found.effective, of)
    assert.closeTo(found.low, low, 1e-5)
    assert.closeTo(found.high, high, 1e-5)
  })

  it("differs from a bar by chance with a probability that fits its interval", () => {
    const found = Proportion.of(independent(41, 45))
    assert.closeTo(Proportion.probability(found, found.low), 0.05, 1e-6)
    assert.closeTo(Proportion.probability(found, found.high), 0.05, 1e-6)
    assert.strictEqual(Proportion.probability(Proportion.of(independent(4, 10)), 0.4), 1)
    // 2 times 0.95 to the power of 957, which is below the rounding of 1
    assert.closeTo(
      Proportion.probability(Proportion.of(independent(0, 957)), 0.05) / 9.6e-22,
      1,
      0.05,
    )
  })

  it("of none is not known", () => {
    assert.isNaN(Proportion.of([]).share)
    assert.isNaN(Proportion.of([{ holds: 0, of: 0 }]).low)
  })
})

describe("a share of clusters", () => {
  it("counts as many as are independent: of ten clusters that are all or nothing about ten", () => {
    const clusters = Array.from({ length: 10 }, (_, at) => ({ holds: at < 7 ? 10 : 0, of: 10 }))
    const { effective, high, low } = Proportion.of(clusters)
    assert.isAbove(effective, 5)
    assert.isAtMost(effective, 10)
    assert.isBelow(low, 0.36)
    assert.isAbove(high, 0.9)
  })
})
