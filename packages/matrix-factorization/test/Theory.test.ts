import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Theory from "../src/Theory.ts"

describe("Theory", () => {
  it("contracts fastest at the best learning rate", () => {
    const positive = fc.integer({ min: 1, max: 1000 }).map((k) => k / 100)
    fc.assert(
      fc.property(positive, positive, positive, (alpha, gap, eta) => {
        const beta = alpha + gap
        const best = Theory.contraction(Theory.bestLearningRate(alpha, beta), alpha, beta)
        return best <= Theory.contraction(eta, alpha, beta) + 1e-12
      }),
    )
  })

  it("contracts just below the threshold and expands just above it", () => {
    assert.isBelow(Theory.contraction(0.499, 1, 4), 1)
    assert.isAbove(Theory.contraction(0.501, 1, 4), 1)
  })

  it("bounds the distance step by step", () => {
    assert.strictEqual(Theory.distanceAfter(0, 3, 0.25, 1, 4), 3)
    assert.strictEqual(Theory.distanceAfter(2, 1, 0.25, 1, 4), 0.5625)
  })
})
