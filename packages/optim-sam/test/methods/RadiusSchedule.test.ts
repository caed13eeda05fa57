import { quadratic, sgd } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { everyNth, latePhase, sam } from "../../src/index.ts"
import { counted } from "../support/Objectives.ts"
import { run } from "../support/Runs.ts"

const bowl = quadratic({ spectrum: [3, 1] })

describe("the cost of a step, in gradients", () => {
  const cost = (radius: (step: number) => number, steps: number): number => {
    const { objective, points } = counted(bowl)
    run(sam({ radius, base: sgd({ learningRate: 0.05 }) }), objective, [1, 1], steps)
    return points.length
  }

  it("is 2 with a radius and 1 without", () => {
    assert.strictEqual(
      cost(() => 0.1, 30),
      60,
    )
    assert.strictEqual(
      cost(() => 0, 30),
      30,
    )
  })

  it("is 1 + 1/j where every j-th step is perturbed", () => {
    assert.strictEqual(cost(everyNth(3, 0.1), 30), 40)
    assert.strictEqual(cost(everyNth(1, 0.1), 30), 60)
  })

  it("is 1 + x where the last part x is perturbed", () => {
    assert.strictEqual(cost(latePhase(24, 0.1), 30), 36)
    assert.strictEqual(cost(latePhase(0.78 * 30, 0.1), 30), 36)
  })
})
