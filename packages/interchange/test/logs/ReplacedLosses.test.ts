import { assert, describe, it } from "vitest"
import * as ReplacedLosses from "../../src/logs/ReplacedLosses.ts"

describe("a number that stands for a loss that was none", () => {
  it("is none where a fit comes to 0 little by little, or half precision skips a step", () => {
    const steps = Float64Array.from({ length: 6 }, (_, k) => k)
    const fit = ReplacedLosses.of({
      steps,
      losses: Float64Array.of(1, 1e-2, 1e-4, 1e-6, 0, 0),
      gradientNorms: undefined,
      shares: undefined,
      isFiltered: true,
    })
    assert.deepStrictEqual([[...fit.losses].at(-1), fit.notes], [0, []])
    const skipped = ReplacedLosses.of({
      steps,
      losses: Float64Array.of(1, 0.9, 0.8, 0.7, 0.6, 0.5),
      gradientNorms: Float64Array.of(Infinity, 1, 1, Infinity, 1, 1),
      shares: undefined,
      isFiltered: true,
    })
    assert.deepStrictEqual(skipped.notes, [])
    assert.deepStrictEqual(ReplacedLosses.skipped(steps, Float64Array.of(64, 64, 32, 32, 16, 16)), [
      "the loss scale fell before step 2, 4: half precision overflowed there, and these steps were skipped",
    ])
  })

  it("may be an old one, told by its last digit", () => {
    const losses = Float64Array.of(1, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8)
    const of = (gradientNorms: Float64Array | undefined) =>
      ReplacedLosses.of({
        steps: losses.map((_, k) => k),
        losses,
        gradientNorms,
        shares: undefined,
        isFiltered: false,
      })
    assert.match(of(undefined).notes.join(), /the last 5 losses are equal in every digit/)
    const lost = of(Float64Array.of(1, 1, 1, Infinity, Infinity, Infinity, Infinity))
    assert.deepStrictEqual([...lost.losses], [1, 0.9, 0.8, Infinity, Infinity, Infinity, Infinity])
  })
})
