import { assert, describe, it } from "vitest"
import * as Summary from "../src/Summary.ts"

describe("Summary", () => {
  it("sums up what is there", () => {
    const values = [3, -1, 2]
    assert.strictEqual(Summary.mean(values), 4 / 3)
    assert.strictEqual(Summary.largest(values), 3)
    assert.strictEqual(Summary.smallest(values), -1)
    assert.strictEqual(Summary.median(values), 2)
    assert.strictEqual(Summary.median([4, 1, 2, 3]), 2.5)
    assert.deepStrictEqual(Summary.distinct(["b", "a", "b"]), ["b", "a"])
  })

  it("is NaN of none, and of NaN", () => {
    for (const sum of [Summary.mean, Summary.largest, Summary.smallest, Summary.median]) {
      assert.isNaN(sum([]))
    }
    for (const sum of [Summary.mean, Summary.largest, Summary.smallest]) {
      assert.isNaN(sum([1, NaN, 2]))
    }
  })
})
