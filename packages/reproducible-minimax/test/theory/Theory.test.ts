/** Numbers worked out by hand, or by another program, where a claim could not tell a slip of the pen. */
import { assert, describe, it } from "vitest"
import * as Theory from "../../src/theory/Theory.ts"

describe("Theory", () => {
  it("has the parameters of the algorithms", () => {
    assert.strictEqual(Theory.regularisation(0.5, 2), 0.125)
    assert.strictEqual(Theory.minimisationAccuracyOfStart(0.5, 1, 2), 0.015625)
    assert.strictEqual(Theory.minimisationAccuracyOfStart(0.5, 100, 2), 0.25)
    assert.approximately(Theory.minimisationAccuracyOfGradient(0.5, 0.1, 2, 1), 0.96, 1e-15)
    assert.strictEqual(Theory.minimaxAccuracyOfStart(0.5, 1, 2), 0.015625)
    assert.strictEqual(Theory.proximalStepsOfStart(1, 2, 0.3), 14)
    assert.strictEqual(Theory.proximalStepsOfGradient(1, 2, 0.3), 27)
    assert.approximately(Theory.proximalAccuracy(2, 0.1, 10), 1e-4, 1e-18)
    assert.strictEqual(Theory.correction(3), 6)
    assert.strictEqual(Theory.descentAscentStep(2, 25), 0.1)
    assert.strictEqual(Theory.stochasticStep(2, 0.1, 100), 0.05)
    assert.strictEqual(Theory.smallStepOfGradient(1, 0.02), 0.1)
    assert.approximately(Theory.smallStepOfStart(1, 0.002, 1), 0.1, 1e-15)
  })

  it("rounds steps up, and takes at least one", () => {
    assert.strictEqual(Theory.acceleratedSteps(3, 1, Math.E, 1), 2)
    assert.strictEqual(Theory.acceleratedSteps(3, 1, 1, 2), 1)
    assert.strictEqual(Theory.inexactExtragradientSteps(1, 1, 1, Math.exp(-1)), 32)
    assert.strictEqual(Theory.proximalInnerSteps(1, 1, Math.sqrt(8 / 3)), 1)
  })

  it("has the corrected constants of Theorems 4.6 and 4.8", () => {
    assert.approximately(Theory.proximalGapOfGradient(0, 1, 1, 1), 33.495, 1e-3)
    assert.approximately(Theory.minimaxGapOfGradient(1, 1, 1, 1), 63.3, 1e-12)
    assert.isBelow(Theory.proximalErrorLimit(1, 1) * 33.5, 0.5)
  })
})
