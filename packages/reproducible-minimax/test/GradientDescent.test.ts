// test/ mirrors src/. Golden vectors and edge cases here; what holds for all instances is a claim.
import { InvalidInput } from "@nonconvex/numerics"
import { quadratic } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { gradientDescent } from "../src/GradientDescent.ts"

const objective = quadratic({ spectrum: Float64Array.of(4, 1) })

describe("gradientDescent", () => {
  it("follows the known trajectory, and returns the loss before the step", () => {
    const method = gradientDescent({ learningRate: 0.25 })
    const state = method.init(objective, Float64Array.of(1, 1))
    const losses = [method.step(state), method.step(state)]
    assert.deepStrictEqual(losses, [2.5, 0.28125])
    assert.deepStrictEqual(state.point, Float64Array.of(0, 0.5625))
    assert.strictEqual(state.steps, 2)
  })

  it("copies the start", () => {
    const start = Float64Array.of(1, 1)
    const method = gradientDescent({ learningRate: 0.25 })
    method.step(method.init(objective, start))
    assert.deepStrictEqual(start, Float64Array.of(1, 1))
  })

  it("stops at the last finite point", () => {
    const method = gradientDescent({ learningRate: 0.25 })
    const state = method.init(objective, Float64Array.of(1e200, 0))
    method.step(state)
    assert.strictEqual(state.status, "diverged")
    assert.deepStrictEqual(state.point, Float64Array.of(1e200, 0))
  })

  it("stays at a critical point", () => {
    const method = gradientDescent({ learningRate: 0.25 })
    const state = method.init(objective, Float64Array.of(0, 0))
    assert.strictEqual(method.step(state), 0)
    assert.deepStrictEqual(state.point, Float64Array.of(0, 0))
  })

  it.for([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the rate %d", (learningRate) => {
    assert.throws(() => gradientDescent({ learningRate }), InvalidInput, /positive and finite/)
  })

  it("refuses a start of another dimension", () => {
    const method = gradientDescent({ learningRate: 0.25 })
    assert.throws(() => method.init(objective, Float64Array.of(1)), InvalidInput, /dimension/)
  })
})
