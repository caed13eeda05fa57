import { InvalidInput } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { flatLimit } from "../../src/index.ts"
import { preactivations } from "../../src/network/TwoLayer.ts"
import { factorAt, flowTimeTo, stepBudget } from "../../src/planning/StepBudget.ts"
import { fitted } from "../support/problems.ts"
import { flowOfPreactivations } from "../../src/flow/SharpnessFlow.ts"
import { stabilityLimit } from "../../src/descent/LabelNoiseSgd.ts"

const { network, theta } = fitted()

describe("flowTimeTo", () => {
  it.each([0.5, 0.1, 1e-3])("is when the largest deviation is %d of what it was", (share) => {
    const limit = flatLimit(network, theta)
    const deviation = (at: Float64Array): number => {
      const z = new Float64Array(18)
      preactivations(network, at, z)
      return z.reduce(
        (most, value, k) =>
          Math.max(most, Math.abs(value - limit.preactivations[Math.floor(k / 6)]!)),
        0,
      )
    }
    const time = flowTimeTo(network, theta, limit, share)
    const { theta: end } = flowOfPreactivations(network, theta, { time, gradient: 0 })
    assert.closeTo(deviation(end) / deviation(theta) / share, 1, 0.01)
  })
})

describe("stepBudget", () => {
  const step = { convention: "half", learningRate: 0.02, noise: 0.1, batch: 1 } as const

  it("divides the steps of a small learning rate by the factor of this one", () => {
    const { correctedSteps, finiteStepFactor, steps } = stepBudget(network, theta, {
      ...step,
      share: 0.1,
    })
    assert.isAbove(finiteStepFactor, 1.01)
    assert.closeTo(correctedSteps * finiteStepFactor, steps, 1e-9 * steps)
  })

  it("has no steps above the stability limit of the largest eigenvalue, and none for settings that make no sense", () => {
    const limit = flatLimit(network, theta)
    for (const [batch, sampling] of [
      [1, "replacement"],
      [3, "full"],
    ] as const) {
      const most = stabilityLimit(network, limit.theta, { convention: "half", sampling })
      const at = (learningRate: number) =>
        stepBudget(network, theta, { ...step, batch, learningRate, share: 0.1 })
      assert.isAbove(at(0.9 * most).correctedSteps, 0)
      for (const times of [1.01, 2.5, 20]) {
        const { correctedSteps, finiteStepFactor } = at(times * most)
        assert.deepStrictEqual([correctedSteps, finiteStepFactor], [Number.NaN, Number.NaN])
      }
    }
    const bad = [{ share: -0.1 }, { share: 2 }, { noise: 0 }, { learningRate: -1 }, { batch: 4 }]
    for (const wrong of bad) {
      assert.throws(
        () => stepBudget(network, theta, { ...step, share: 0.1, ...wrong }),
        InvalidInput,
      )
    }
  })

  it("has an infinite factor past the stability of few data a step, which is less than that of all", () => {
    // eta tr H / n = 1, stable for all data a step; three times that is not, for one of three
    const at = (batch: number) => factorAt(9, { ...step, learningRate: 1, batch, size: 3 })
    assert.closeTo(at(3), 2, 1e-12)
    assert.strictEqual(at(1), Number.POSITIVE_INFINITY)
  })
})
