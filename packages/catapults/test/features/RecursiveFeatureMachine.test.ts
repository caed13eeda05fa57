import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { Agop, recursiveFeatureMachine } from "../../src/index.ts"
import { productTask } from "../../src/evidence/support/ProductTask.ts"

describe("recursiveFeatureMachine", () => {
  it("finds the two coordinates, and predicts better with every round", () => {
    const { features, targets, test } = productTask(
      { inputs: 10, width: 1, samples: 300, rank: 2, testSamples: 300 },
      Seed.root(4),
      Kernels.strict(),
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
