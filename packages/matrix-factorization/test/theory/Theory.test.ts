import { assert, describe, it } from "vitest"
import {
  momentEigenvalues,
  rankOneCorrelation,
  rankOneInterval,
} from "../../src/measurements/RestrictedIsometry.ts"
import * as Theory from "../../src/theory/Theory.ts"
import { isotropic } from "../../src/measurements/SparseMeasurements.ts"

describe("Theory", () => {
  it("has no error for an exact isometry, and none that is finite from delta = 1/5 on", () => {
    assert.strictEqual(Theory.nuclearNormFactor(3, 1, 1), 1)
    assert.strictEqual(Theory.nuclearNormFactor(3, 0, 1), Number.POSITIVE_INFINITY)
    assert.strictEqual(Theory.lowRankDistance(0.1, 1, 2, 5), 0)
    assert.strictEqual(Theory.lowRankDistance(0.2, 1.1, 2, 5), Number.POSITIVE_INFINITY)
    assert.isTrue(Theory.lowRankDistance(0.1, 1.1, 2, 5) < Theory.lowRankDistance(0.15, 1.1, 2, 5))
  })

  it("has the distance of a truth of rank r with all of its constants", () => {
    // delta = 0, eps |M*| / sqrt(3 r) = 1: (1 + q) / (1 - q) + 1 with q = sqrt(2 / 3)
    const q = Math.sqrt(2 / 3)
    assert.closeTo(Theory.lowRankDistance(0, 2, 3, 3), (1 + q) / (1 - q) + 1, 1e-12)
    // and at delta = 0.1 both roots: (1 + q) sqrt(1.1) / (sqrt(0.9) - q sqrt(1.1)) + 1
    assert.closeTo(Theory.lowRankDistance(0.1, 2, 3, 3), 21.633_225_1, 1e-7)
  })

  it("gives exponents 1 at two layers and 1/2 in the limit of depth", () => {
    assert.closeTo(Theory.nuclearNormFactor(2, 0.5, 1), 2, 1e-15)
    assert.closeTo(Theory.nuclearNormFactor(1e6, 0.5, 1), Math.SQRT2, 1e-5)
  })

  it("counts measurements and degrees of freedom", () => {
    assert.strictEqual(Theory.degreesOfFreedom(8, 8, 1), 15)
    assert.strictEqual(Theory.gaussianRecovery(8, 8, 1), 46)
    assert.closeTo(
      Theory.populationErrorScale(5, 5, 100, 2),
      (10 / 100) * 4 * Math.log(100) ** 3,
      1e-12,
    )
  })

  it("has the drift and the floor of label noise", () => {
    const step = { learningRate: 0.01, noise: 0.5, batch: 5 }
    assert.closeTo(Theory.driftPerStep(step), 5e-6, 1e-20)
    assert.closeTo(Theory.noiseFloor(step, 40), 0.02, 1e-16)
    assert.closeTo(Theory.finiteStepFactor(0.1, 10), 2, 1e-15)
  })

  it("drops what is rounding from powers below one", () => {
    assert.strictEqual(Theory.schattenPenalty(4, Float64Array.of(1, 1e-15)), 4)
    assert.closeTo(Theory.hiddenCornerFlatness(0), 1.885618, 1e-6)
  })
})

describe("the isometry of the isotropic design", () => {
  it("is exact", () => {
    const design = isotropic(3, 4)
    const { agreement, hi, lo } = rankOneInterval(design, { starts: 5 })
    assert.closeTo(lo, 1, 1e-12)
    assert.closeTo(hi, 1, 1e-12)
    assert.strictEqual(agreement, 5)
    assert.closeTo(rankOneCorrelation(design, { starts: 5 }), 0, 1e-12)
    for (const value of momentEigenvalues(design)) assert.closeTo(value, 1, 1e-12)
  })
})
