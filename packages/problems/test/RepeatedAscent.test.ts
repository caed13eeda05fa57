import {
  adamW,
  momentum,
  nesterov,
  quadratic,
  scalarFactorisation,
  sgd,
  type Update,
} from "../src/index.ts"
import { assert, describe, it } from "vitest"
import * as Perturbation from "../src/Perturbation.ts"
import { repeatedAscent, sharpnessAware } from "../src/SharpnessAware.ts"
import { counted } from "./support/Objectives.ts"
import { assertClose, run } from "./support/Runs.ts"

const bases: Readonly<Record<string, Update>> = {
  sgd: sgd({ learningRate: 0.05 }),
  momentum: momentum({ learningRate: 0.05 }),
  nesterov: nesterov({ learningRate: 0.05 }),
  adamW: adamW({ learningRate: 0.05, weightDecay: 0.1 }),
}

describe("repeated ascent", () => {
  it.each(Object.keys(bases))("with one ascent over %s is the plain step, bit for bit", (base) => {
    const update = bases[base]!
    const rule = Perturbation.normalised(0.2)
    const once = run(
      repeatedAscent(rule, update, { ascentSteps: 1 }),
      scalarFactorisation(1),
      [2, 0.3],
      20,
    )
    const plain = run(sharpnessAware(rule, update), scalarFactorisation(1), [2, 0.3], 20)
    assert.deepStrictEqual(once.point, plain.point)
    assert.strictEqual(once.lossAtPerturbed, plain.lossAtPerturbed)
    assert.deepStrictEqual(once.perturbed, plain.perturbed)
  })

  it.each([2, 3, 5])("with %i ascents agrees with a naive loop", (ascentSteps) => {
    const [h, rho, eta] = [[3, 1], 0.3, 0.1] as const
    let w: ReadonlyArray<number> = [1, -2]
    for (let t = 0; t < 10; t++) {
      let from = w
      for (let k = 0; k < ascentSteps; k++) {
        const g = from.map((x, i) => h[i]! * x)
        const norm = Math.hypot(...g)
        from = from.map((x, i) => x + (rho * g[i]!) / norm)
      }
      const last = from
      w = w.map((x, i) => x - eta * h[i]! * last[i]!)
    }
    const method = repeatedAscent(Perturbation.normalised(rho), sgd({ learningRate: eta }), {
      ascentSteps,
    })
    assertClose(run(method, quadratic({ spectrum: h }), [1, -2], 10).point, w, 1e-13)
  })

  it("costs k + 1 gradients a step with k ascents", () => {
    const { objective, points } = counted(quadratic({ spectrum: [3, 1] }))
    const method = repeatedAscent(Perturbation.normalised(0.1), bases["sgd"]!, { ascentSteps: 3 })
    run(method, objective, [1, 1], 5)
    assert.strictEqual(points.length, 20)
  })

  it("gives schedules the step, and not the ascent", () => {
    // USAM in step 0 and SAM from then on, in both ascents of a step
    const rule = Perturbation.unified(0.5, (step) => (step === 0 ? 0 : 1))
    const { objective, points } = counted(quadratic({ spectrum: [2] }))
    const base = sgd({ learningRate: 0 })
    run(repeatedAscent(rule, base, { ascentSteps: 2 }), objective, [3], 2)
    assert.deepStrictEqual(
      points.map(([w]) => w),
      [3, 6, 12, 3, 3.5, 4],
    )
  })
})
