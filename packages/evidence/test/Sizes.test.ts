import { assert, describe, it } from "@effect/vitest"
import * as Sizes from "../src/Sizes.ts"

describe("Sizes", () => {
  it("takes sizes and horizons of an instance by their names, and no seed, rate or place", () => {
    const instance = {
      problem: { dimension: 3, ratios: [0.5, 0.25], seed: 7, spread: 2 },
      widths: [2, 5, 3],
      steps: 20,
      rate: 1,
    }
    assert.deepStrictEqual(Sizes.of(instance), { dimension: 3, ratios: 2, widths: 5, steps: 20 })
  })

  it("grows all sizes together and horizons apart, and nothing else", () => {
    const instance = { dimension: 3, rank: 2, ratios: [0.5, 0.25], depth: 3, steps: 20, seed: 7 }
    assert.deepStrictEqual(Sizes.grown(instance, "size", 2), {
      dimension: 6,
      rank: 4,
      ratios: [0.5, 0.25, 0.5, 0.25],
      depth: 3,
      steps: 20,
      seed: 7,
    })
    assert.deepStrictEqual(Sizes.grown(instance, "horizon", 8), { ...instance, steps: 160 })
    assert.isFalse(Sizes.grows({ depth: 3 }, "size"))
  })
})
