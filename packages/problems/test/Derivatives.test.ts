import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { points, problems } from "./support/Problems.ts"
import {
  error,
  gradientByDifferences,
  gradientOf,
  hessianTimes,
  hessianTimesByDifferences,
} from "./support/Slopes.ts"

describe.each(problems)("derivatives: $title", ({ objective }) => {
  const { dimension } = objective
  const places = points(dimension, 4, 1.5)

  it("the gradient is the slope of the value", () => {
    for (const x of places) {
      assert.isAtMost(error(gradientOf(objective, x), gradientByDifferences(objective, x)), 1e-9)
    }
  })

  it("the Hessian-vector product is the slope of the gradient", () => {
    for (const x of places) {
      for (const v of points(dimension, 3, 1, "directions")) {
        const expected = hessianTimesByDifferences(objective, x, v)
        assert.isAtMost(error(hessianTimes(objective, x, v), expected), 1e-9)
      }
    }
  })

  it("the Hessian is symmetric", () => {
    const [u, v] = points(dimension, 2, 1, "pair")
    for (const x of places) {
      const hu = hessianTimes(objective, x, u!)
      const hv = hessianTimes(objective, x, v!)
      const scale = 1 + Vector.norm(hu) * Vector.norm(v!)
      assert.isAtMost(Math.abs(Vector.dot(hu, v!) - Vector.dot(hv, u!)) / scale, 1e-13)
    }
  })

  it("the Hessian-vector product is linear, and 0 for 0", () => {
    const [u, v] = points(dimension, 2, 1, "pair")
    const combined = u!.map((value, i) => 2 * value - 3 * v![i]!)
    for (const x of places) {
      const hu = hessianTimes(objective, x, u!)
      const hv = hessianTimes(objective, x, v!)
      const expected = hu.map((value, i) => 2 * value - 3 * hv[i]!)
      assert.isAtMost(error(hessianTimes(objective, x, combined), expected), 1e-12)
      const zero = hessianTimes(objective, x, new Float64Array(dimension))
      assert.strictEqual(Vector.norm(zero), 0)
    }
  })

  it("an evaluation reads its point and writes every element of its output", () => {
    const [x] = places
    const before = x!.slice()
    const gradient = new Float64Array(dimension).fill(Number.NaN)
    const value = objective.valueAndGradient(x!, gradient)
    const out = new Float64Array(dimension).fill(Number.NaN)
    objective.hessianVector!(x!, x!, out)
    assert.deepStrictEqual(x, before)
    assert.isTrue(Vector.isFinite(gradient) && Vector.isFinite(out))
    // the product in between left nothing behind: a second evaluation gives the same bits
    const again = new Float64Array(dimension)
    assert.strictEqual(objective.valueAndGradient(x!, again), value)
    assert.deepStrictEqual(again, gradient)
  })
})
