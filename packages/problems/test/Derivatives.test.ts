import { Differences, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import type { Objective } from "../src/index.ts"
import { points, problems } from "./support/Problems.ts"

const gradientOf = (objective: Objective, x: Float64Array): Float64Array => {
  const gradient = new Float64Array(objective.dimension)
  objective.valueAndGradient(x, gradient)
  return gradient
}

const valueOf = (objective: Objective, x: Float64Array): number =>
  objective.valueAndGradient(x, new Float64Array(objective.dimension))

/** Central differences of the value along each coordinate; their error is about 1e-10 of the scale of the problem. */
const differences = (objective: Objective, x: Float64Array): Float64Array =>
  x.map((center, i) => {
    const h = 1e-5 * Math.max(1, Math.abs(center))
    const at = (value: number) => valueOf(objective, x.with(i, value))
    return (at(center + h) - at(center - h)) / (2 * h)
  })

const error = (actual: Float64Array, expected: Float64Array): number =>
  Vector.distance(actual, expected) / Math.max(1, Vector.norm(expected))

describe.each(problems)("derivatives: $title", ({ objective }) => {
  const { dimension } = objective
  const places = points(dimension, 5, 1.5)
  const hessianVector = objective.hessianVector!

  it("the gradient is the slope of the value", () => {
    for (const x of places)
      assert.isAtMost(error(gradientOf(objective, x), differences(objective, x)), 1e-7)
  })

  it("the Hessian-vector product is the slope of the gradient", () => {
    for (const x of places) {
      for (const v of points(dimension, 3, 1, "directions")) {
        const exact = new Float64Array(dimension)
        hessianVector(x, v, exact)
        const approximate = new Float64Array(dimension)
        Differences.hessianVector((y, g) => objective.valueAndGradient(y, g), x, v, approximate)
        assert.isAtMost(error(exact, approximate), 1e-7)
      }
    }
  })

  it("the Hessian is symmetric", () => {
    const [u, v] = points(dimension, 2, 1, "pair")
    const hu = new Float64Array(dimension)
    const hv = new Float64Array(dimension)
    for (const x of places) {
      hessianVector(x, u!, hu)
      hessianVector(x, v!, hv)
      const scale = 1 + Vector.norm(hu) * Vector.norm(v!)
      assert.isAtMost(Math.abs(Vector.dot(hu, v!) - Vector.dot(hv, u!)) / scale, 1e-13)
    }
  })

  it("an evaluation reads its point and writes every element of its output", () => {
    const [x] = places
    const before = x!.slice()
    const gradient = new Float64Array(dimension).fill(Number.NaN)
    const value = objective.valueAndGradient(x!, gradient)
    const out = new Float64Array(dimension).fill(Number.NaN)
    hessianVector(x!, x!, out)
    assert.deepStrictEqual(x, before)
    assert.isTrue(Vector.isFinite(gradient) && Vector.isFinite(out))
    // a second evaluation gives the same bits: nothing of the first one is left
    const again = new Float64Array(dimension)
    assert.strictEqual(objective.valueAndGradient(x!, again), value)
    assert.deepStrictEqual(again, gradient)
  })
})
