import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { Agop, recursiveFeatureMachine } from "../../src/index.ts"
import { productTask } from "../../src/evidence/support/ProductTask.ts"
import { spearman } from "../../src/evidence/support/Ranks.ts"

describe("recursiveFeatureMachine", () => {
  it("finds the two coordinates, and predicts better with every round", () => {
    const { features, targets, test } = productTask(
      { inputs: 10, width: 1, samples: 300, rank: 2, testSamples: 300 },
      Seed.root(4),
    )
    const error = (rounds: number) => {
      const machine = recursiveFeatureMachine({ features, inputs: 10, targets, rounds })
      const out = machine.predict(test.features)
      const squares = out.reduce((sum, f, i) => sum + (f - test.targets[i]!) ** 2, 0)
      return { loss: squares / 300, alignment: Agop.alignment(machine.agop, Agop.ofProduct(2, 10)) }
    }
    const [first, last] = [error(1), error(4)]
    assert.isBelow(last.loss, first.loss / 2)
    assert.isAbove(last.alignment, first.alignment)
    assert.isAbove(last.alignment, 0.95)
  })

  it("refuses data that do not fit together, and a ridge that is not positive", () => {
    const data = { features: new Float64Array(4), inputs: 2, targets: new Float64Array(2) }
    assert.throws(() => recursiveFeatureMachine({ ...data, ridge: 0 }), InvalidInput, /ridge/)
    assert.throws(() => recursiveFeatureMachine({ ...data, inputs: 3 }), InvalidInput, /features/)
  })
})

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

describe("spearman", () => {
  it("ranks, with means among equals", () => {
    assert.strictEqual(spearman([1, 2, 3], [10, 20, 30]), 1)
    assert.strictEqual(spearman([1, 2, 3], [3, 2, 1]), -1)
    assert.closeTo(spearman([1, 1, 2], [1, 2, 3]), Math.sqrt(0.75), 1e-12)
  })
})
