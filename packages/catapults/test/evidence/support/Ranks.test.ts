import { assert, describe, it } from "vitest"
import { spearman } from "../../../src/evidence/support/Ranks.ts"

describe("spearman", () => {
  it("ranks, with means among equals", () => {
    assert.strictEqual(spearman([1, 2, 3], [10, 20, 30]), 1)
    assert.strictEqual(spearman([1, 2, 3], [3, 2, 1]), -1)
    assert.closeTo(spearman([1, 1, 2], [1, 2, 3]), Math.sqrt(0.75), 1e-12)
  })
})
