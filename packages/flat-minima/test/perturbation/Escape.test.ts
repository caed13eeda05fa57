import { Seed } from "@nonconvex/numerics"
import { gradientMethod, quadratic, sgd } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { settle } from "../../src/minima/Settle.ts"
import { escape } from "../../src/perturbation/Escape.ts"

describe("escape", () => {
  /** Gradient descent on `x^2 / 2`, which halves the point in each step. */
  const halving = {
    objective: quadratic({ spectrum: [1] }),
    method: gradientMethod(sgd({ learningRate: 0.5 })),
  }
  const settling = { learningRate: 0.5, tolerance: 1e-3 }

  it("chooses each step as often as any other", () => {
    const [steps, runs] = [5, 4000]
    const counts = new Float64Array(steps)
    for (let k = 0; k < runs; k++) {
      const { chosen, step } = escape(halving.method, halving.objective, Float64Array.of(32), {
        steps,
        seed: Seed.root(k),
        settle: settling,
      })
      assert.strictEqual(chosen[0], 32 / 2 ** step)
      counts[step - 1]!++
    }
    const chiSquare = counts.reduce(
      (sum, count) => sum + (count - runs / steps) ** 2 / (runs / steps),
      0,
    )
    // four degrees of freedom: more than this once in 10,000 families of seeds
    assert.isBelow(chiSquare, 23.5)
  })

  it("settles from the chosen iterate, and not from the last", () => {
    const { chosen, last, settled } = escape(
      halving.method,
      halving.objective,
      Float64Array.of(2 ** 40),
      { steps: 30, seed: Seed.root(2), settle: settling },
    )
    assert.notStrictEqual(chosen[0], last[0])
    assert.deepStrictEqual(settled, settle(halving.objective, chosen, settling))
  })
})
