/** The drift of flat descent, and the conditions for it. */
import { Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { flatDescent, smoothedFlatDescent } from "../../src/perturbation/FlatDescent.ts"
import {
  gradientOfTraceAtMinimum,
  type QuadraticModel,
  quadraticModel,
} from "../../src/evidence/support/QuadraticModel.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import * as TangentProjection from "../../src/minima/TangentProjection.ts"
import { scripted } from "../support/Scripted.ts"

const model = quadraticModel({ dimension: 5, size: 2, seed: Seed.root(11) })
/** A point near the minimum, where neither the gradient nor the residuals vanish. */
const point = model.minimum.map((value, j) => value + 0.1 * Math.cos(j))
const units = Array.from({ length: 5 }, (_, i) =>
  Array.from({ length: 5 }, (__, j) => (i === j ? 1 : 0)),
)

const assertSame = (actual: Float64Array, expected: Float64Array) =>
  assert.isAtMost(Vector.distance(actual, expected), 1e-12 * (1 + Vector.norm(expected)))

describe("the drift of flat descent", () => {
  const rates = { learningRate: 1e-300, flatteningRate: 1e-300, radius: 0.2 }

  it("is the tangential gradient of the trace at a minimum, without a factor", () => {
    const method = flatDescent(rates)
    const state = method.init(model, model.minimum)
    method.step(state)
    const expected = gradientOfTraceAtMinimum(model)
    TangentProjection.fromJacobian(model, model.minimum).apply(expected)
    assertSame(state.drift, expected)
  })

  it("off the gradient alone is the second difference along the rows, less its part along G", () => {
    const method = flatDescent({ ...rates, projection: "gradient" })
    const state = method.init(model, point)
    method.step(state)
    const [row, sample, gradient] = [0, 1, 2].map(() => new Float64Array(5))
    const expected = new Float64Array(5)
    for (let i = 0; i < 2; i++) {
      model.predictionGradient(i, point, row!)
      const unit = row!.map((value) => value / Vector.norm(row!))
      for (const [shift, weight] of [
        [1, 1],
        [-1, 1],
        [0, -2],
      ] as const) {
        model.sampleValueAndGradient(
          i,
          point.map((value, j) => value + 0.2 * shift * unit[j]!),
          sample!,
        )
        // (2 / rho^2) (1 / 2n) a sample and side
        Vector.axpy(weight / (0.04 * 2), sample!, expected)
      }
    }
    model.valueAndGradient(point, gradient!)
    Vector.axpy(
      -Vector.dot(expected, gradient!) / Vector.dot(gradient!, gradient!),
      gradient!,
      expected,
    )
    assert.isAtMost(Vector.distance(state.drift, expected), 1e-9 * Vector.norm(expected))
  })

  it("without samples is the same, over as many pairs as there are axes", () => {
    const method = smoothedFlatDescent({
      ...rates,
      pairs: 5,
      draws: scripted(units),
    })
    const state = method.init(model, model.minimum)
    method.step(state)
    // at the minimum the gradient is rounding, so that nothing is projected off
    assert.isAtMost(
      Vector.distance(state.drift, gradientOfTraceAtMinimum(model)),
      1e-9 * Vector.norm(state.drift),
    )
  })

  it("takes its rate from the schedule by the step", () => {
    const hyperbola = scalarModel()
    const asked: Array<number> = []
    const method = flatDescent({
      ...rates,
      flatteningRate: (t) => {
        asked.push(t)
        return 1e-3
      },
    })
    const state = method.init(hyperbola, Float64Array.of(2, 0.5))
    for (let t = 0; t < 3; t++) method.step(state)
    assert.deepStrictEqual(asked, [0, 1, 2])
  })

  it("that is not finite leaves the point", () => {
    const broken: QuadraticModel = {
      ...model,
      sampleValueAndGradient: (i, x, gradient) => {
        const value = model.sampleValueAndGradient(i, x, gradient)
        gradient[0] = Number.NaN
        return value
      },
    }
    const method = flatDescent(rates)
    const state = method.init(broken, point)
    method.step(state)
    assert.strictEqual(state.status, "diverged")
    assert.deepStrictEqual(state.point, point)
  })
})
