import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"

describe("Vector", () => {
  it("takes norms of tiny and huge vectors", () => {
    for (const scale of [1e-320, 1e-200, 1, 1e200, 2e307]) {
      const length = Vector.norm(Float64Array.of(3 * scale, 4 * scale))
      assert.isBelow(Math.abs(length / (5 * scale) - 1), 1e-3)
    }
    assert.isNaN(Vector.norm(Float64Array.of(NaN, Infinity)))
    assert.strictEqual(Vector.norm(Float64Array.of(1, -Infinity)), Infinity)
  })

  it("sums element i into accumulator i mod 4", () => {
    const a = Float64Array.of(1e16, 1, -1e16, 1, 1, 1, 1)
    const ones = new Float64Array(7).fill(1)
    assert.strictEqual(Vector.dot(a, ones), 1e16 + 1 + (1 + 1) + (-1e16 + 1 + 1))
  })
})
