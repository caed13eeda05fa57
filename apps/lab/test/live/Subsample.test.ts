import { assert, describe, it } from "@effect/vitest"
import { subsample } from "../../src/live/Subsample.ts"

describe("many items subsample", () => {
  it("are as they are where they are few", () => {
    assert.deepStrictEqual(subsample([1, 2, 3], 3), [1, 2, 3])
    assert.deepStrictEqual(subsample([], 3), [])
  })

  it("are so many, in order, the ends among them, and evenly of whatever alternates", () => {
    const all = Array.from({ length: 100_000 }, (_, k) => k)
    const shown = subsample(all, 1000)
    assert.lengthOf(shown, 1000)
    assert.deepStrictEqual([shown[0], shown.at(-1)], [0, 99_999])
    assert.deepStrictEqual(
      [...new Set(shown)].toSorted((a, b) => a - b),
      shown,
    )
    for (const period of [2, 3, 10, 100]) {
      const counts = new Map<number, number>()
      for (const each of shown) counts.set(each % period, (counts.get(each % period) ?? 0) + 1)
      assert.strictEqual(counts.size, period)
      for (const count of counts.values()) assert.isAbove((count * period) / 1000, 0.3)
    }
  })
})
