import { assert, describe, it } from "@effect/vitest"
import * as Trend from "../src/Trend.ts"

describe("Trend", () => {
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
