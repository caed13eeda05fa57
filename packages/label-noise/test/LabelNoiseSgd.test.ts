import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { diagnose, labelNoise, runLabelNoise, stepBudget, stepLabelNoise } from "../src/index.ts"
import { teacherProblem } from "../src/experiments/TeacherProblem.ts"

const { network, theta } = teacherProblem(Seed.root(5), [0.32, 1.08, 1.6], 6)

describe("labelNoise", () => {
  it("sees every datum once in a pass", () => {
    const state = labelNoise(network, theta, {
      learningRate: 0.01,
      noise: 0.1,
      sampling: "epoch",
      batch: 1,
      seed: Seed.root(1),
    })
    for (let pass = 0; pass < 5; pass++) {
      const seen = [0, 1, 2].map(() => {
        stepLabelNoise(state)
        return state.indices[0]!
      })
      assert.deepStrictEqual(
        seen.toSorted((a, b) => a - b),
        [0, 1, 2],
      )
    }
  })

  it("draws noise of the size that it is given", () => {
    const state = labelNoise(network, theta, {
      learningRate: 0.01,
      noise: 0.25,
      distribution: "rademacher",
      seed: Seed.root(1),
    })
    for (let k = 0; k < 5; k++) {
      stepLabelNoise(state)
      assert.deepStrictEqual(Array.from(state.epsilon, Math.abs), [0.25, 0.25, 0.25])
    }
  })

  it("draws noise and indices from streams of their own", () => {
    const epsilons = (["full", "replacement"] as const).map((sampling) => {
      const state = labelNoise(network, theta, {
        learningRate: 0.01,
        noise: 0.1,
        sampling,
        batch: 3,
        seed: Seed.root(1),
      })
      stepLabelNoise(state)
      return Array.from(state.epsilon)
    })
    assert.deepStrictEqual(epsilons[0], epsilons[1])
  })
})

describe("stepBudget", () => {
  it("predicts when the neurons have come ten times closer", () => {
    const setting = { convention: "mean", learningRate: 0.01, noise: 0.27, batch: 1 } as const
    const budget = stepBudget(network, theta, { ...setting, share: 0.1 })
    const { theta: end } = runLabelNoise(network, theta, {
      ...setting,
      sampling: "replacement",
      seed: Seed.root(2),
      steps: Math.round(budget.correctedSteps),
    })
    const ratio = diagnose(network, end).spread / diagnose(network, theta).spread
    assert.isAbove(ratio, 0.05)
    assert.isBelow(ratio, 0.2)
  })
})
