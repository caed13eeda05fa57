import { assert, describe, it } from "vitest"
import * as Agop from "../../src/features/Agop.ts"
describe("Agop", () => {
  it("is undefined nowhere: zero matrices align with nothing", () => {
    assert.strictEqual(Agop.alignment(new Float64Array(4), Float64Array.of(1, 0, 0, 1)), 0)
    const tiny = Float64Array.of(1e-170, 0, 0, 2e-170)
    assert.closeTo(Agop.alignment(tiny, tiny), 1, 1e-15)
    assert.strictEqual(Agop.effectiveRank(new Float64Array(4), 2), 0)
  })

  it("counts the directions that matter", () => {
    assert.closeTo(Agop.effectiveRank(Agop.ofProduct(3, 5), 5), 3, 1e-12)
  })

  it("sees progress without labels", () => {
    const progress = Agop.featureProgress(2)
    const first = progress(Float64Array.of(1, 0, 0, 1))
    assert.strictEqual(first.stability, 0)
    assert.closeTo(first.effectiveRank, 2, 1e-12)
    const { effectiveRank, stability } = progress(Float64Array.of(1, 0, 0, 0))
    assert.closeTo(stability, Math.SQRT1_2, 1e-12)
    assert.closeTo(effectiveRank, 1, 1e-12)
  })
})
