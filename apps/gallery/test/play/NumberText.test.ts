import { assert, describe, it } from "@effect/vitest"
import { place, numberText, superscript } from "../../src/play/NumberText.ts"

describe("a number", () => {
  it("has its power of ten raised", () => {
    assert.strictEqual(numberText(1e-6), "10⁻⁶")
    assert.strictEqual(numberText(3.123e23), "3.12 × 10²³")
    assert.strictEqual(numberText(-0.25), "−0.25")
    assert.strictEqual(superscript(-12), "⁻¹²")
  })

  it("is 0 as a coordinate that is next to nothing", () => {
    assert.strictEqual(place([2e-87, 8.794]), "(0, 8.79)")
  })
})
