import { assert, describe, it } from "@effect/vitest"
import { shown, withPowers } from "../src/Numbers.ts"

describe("a number of a figure", () => {
  it("has digits that count, groups of three, and a power of ten beyond", () => {
    assert.deepStrictEqual(
      [0, 1, 0.1 + 0.2, 12_345, -0.02, 1e-6, 1.5e-7, -2e-10, 1e5, 3.12e23].map(shown),
      ["0", "1", "0.3", "12,345", "−0.02", "10⁻⁶", "1.5×10⁻⁷", "−2×10⁻¹⁰", "10⁵", "3.12×10²³"],
    )
  })

  it("is a power of ten in a text, whose other words stay", () => {
    assert.strictEqual(withPowers("loss: 1e-8 or less"), "loss: 10⁻⁸ or less")
    assert.strictEqual(withPowers("batch 1e3, rate 2.5e-4"), "batch 10³, rate 2.5×10⁻⁴")
    for (const same of ["1 element", "a1e-3", "0x1e3", "stage e-5"]) {
      assert.strictEqual(withPowers(same), same)
    }
  })
})
