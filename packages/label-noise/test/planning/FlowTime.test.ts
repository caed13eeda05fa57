import { assert, describe, it } from "vitest"
import { flatLimit } from "../../src/index.ts"
import { preactivations } from "../../src/network/TwoLayer.ts"
import { factorAt, flowTimeTo } from "../../src/planning/FlowTime.ts"
import { fitted } from "../support/problems.ts"
import { flowOfPreactivations } from "../../src/flow/SharpnessFlow.ts"

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

describe("factorAt", () => {
  const step = { convention: "half", noise: 0.1 } as const

  it("has an infinite factor past the stability of few data a step, which is less than that of all", () => {
    // eta tr H / n = 1, stable for all data a step; three times that is not, for one of three
    const at = (batch: number) => factorAt(9, { ...step, learningRate: 1, batch, size: 3 })
    assert.closeTo(at(3), 2, 1e-12)
    assert.strictEqual(at(1), Number.POSITIVE_INFINITY)
  })
})
