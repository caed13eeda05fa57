import { assert, describe, it } from "@effect/vitest"
import * as Margin from "@nonconvex/evidence/Margin"
import * as Witness from "@nonconvex/evidence/Witness"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { sgd } from "@nonconvex/problems/Sgd"

const descent = () => Witness.told(gradientMethod(sgd({ learningRate: 0.25 })))

/** Two steps on a quadratic, and what they come to. */
const trial = (): number => {
  const method = descent()
  const state = method.init(quadratic({ spectrum: [4, 1] }), Float64Array.of(1, 1))
  method.step(state)
  method.step(state)
  return Margin.all(
    Margin.atMost(Math.abs(state.point[0]!), 1e-9),
    Margin.equal(state.point[1]!, 0.5, { absolute: 0.125 }),
  )
}

describe("a witness", () => {
  it("hears what methods are put on, each step, and each comparison with its margin", () => {
    const told: Array<Witness.Told> = []
    const margin = Witness.heard((each) => told.push(each), trial)
    assert.strictEqual(margin, 0.5)
    const [began, first, second, atMost, equal, ...more] = told
    assert.deepStrictEqual(more, [])
    assert.include(began, { _tag: "Began", run: 0, method: "sgd" })
    assert.strictEqual((began as Witness.Began).valueAt!(Float64Array.of(1, 0)), 2)
    assert.deepStrictEqual(first, {
      _tag: "Stepped",
      run: 0,
      point: Float64Array.of(0, 0.75),
      loss: 2.5,
    })
    assert.deepStrictEqual((second as Witness.Stepped).point, Float64Array.of(0, 0.5625))
    assert.deepStrictEqual(atMost, {
      _tag: "Asked",
      compared: { relation: "at most", actual: 0, bound: 1e-9 },
      margin: 1,
    })
    assert.include(equal, { _tag: "Asked", margin: 0.5 })
  })

  it("counts runs from the first that it hears, and hears no more once the work is done or has failed", () => {
    const runs: Array<number> = []
    const hear = (each: Witness.Told) => {
      if (each._tag === "Began") runs.push(each.run)
    }
    const twice = () => trial() + trial()
    Witness.heard(hear, twice)
    Witness.heard(hear, trial)
    assert.throws(() => Witness.heard(hear, () => assert.fail("on purpose")))
    trial()
    assert.deepStrictEqual(runs, [0, 1, 0])
    assert.isFalse(Witness.isHeard())
  })

  it("gives a method itself where nobody hears", () => {
    const method = gradientMethod(sgd({ learningRate: 1 }))
    assert.strictEqual(Witness.told(method), method)
  })
})
