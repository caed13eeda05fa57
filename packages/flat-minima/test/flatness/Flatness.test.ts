import { InvalidInput, Seed, Vector } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import * as Flatness from "../../src/flatness/Flatness.ts"
import {
  gradientOfTraceAtMinimum,
  quadraticModel,
} from "../../src/evidence/support/QuadraticModel.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import * as TangentProjection from "../../src/minima/TangentProjection.ts"
import * as Theory from "../../src/theory/Theory.ts"

const seed = Seed.root(7)
const model = quadraticModel({ dimension: 6, size: 2, seed })
const expected = gradientOfTraceAtMinimum(model)

describe("estimateGradientOfTrace", () => {
  it("comes within five of its standard errors in every component", () => {
    const { estimate, pairs, standardError } = Flatness.estimateGradientOfTrace(
      model,
      model.minimum,
      { pairs: 400, seed },
    )
    assert.strictEqual(pairs, 400)
    for (let j = 0; j < 6; j++) {
      assert.isAbove(standardError[j]!, 0)
      assert.isAtMost(Math.abs(estimate[j]! - expected[j]!), 5 * standardError[j]!)
    }
  })

  it("halves its error bar with four times the pairs", () => {
    const of = (pairs: number) =>
      Vector.norm(
        Flatness.estimateGradientOfTrace(model, model.minimum, { pairs, seed }).standardError,
      )
    assert.closeTo(of(400) / of(1600), 2, 0.2)
  })

  it("stays in the tangent space where it is projected", () => {
    const projection = TangentProjection.fromJacobian(model, model.minimum)
    const { estimate } = Flatness.estimateGradientOfTrace(model, model.minimum, {
      pairs: 8,
      seed,
      project: projection.apply,
    })
    const again = estimate.slice()
    projection.apply(again)
    assert.isBelow(Vector.distance(again, estimate), 1e-12 * Vector.norm(estimate))
  })

  it("looks at points that are `step` away, whatever the dimension", () => {
    const distances = new Set<string>()
    const watched = {
      ...model,
      valueAndGradient: (x: Float64Array, gradient: Float64Array) => {
        distances.add(Vector.distance(x, model.minimum).toFixed(12))
        return model.valueAndGradient(x, gradient)
      },
    }
    Flatness.estimateGradientOfTrace(watched, model.minimum, { pairs: 3, seed, step: 0.125 })
    assert.deepStrictEqual([...distances], ["0.000000000000", "0.125000000000"])
  })

  it("refuses fewer pairs than an error bar needs, a bad step and a bad point", () => {
    const run = (x: Float64Array, pairs: number, step: number) => () =>
      Flatness.estimateGradientOfTrace(model, x, { pairs, seed, step })
    assert.throws(run(model.minimum, 1, 0.1), InvalidInput, /pairs/)
    assert.throws(run(model.minimum, 2, 0), InvalidInput, /step/)
    assert.throws(run(new Float64Array(5), 2, 0.1), InvalidInput, /estimateGradientOfTrace/)
  })
})

describe("estimateResidual", () => {
  const hyperbola = scalarModel()
  const at = (x: number, pairs = 400) => {
    const point = Float64Array.of(x, 1 / x)
    const projection = TangentProjection.fromJacobian(hyperbola, point)
    return Flatness.estimateResidual(hyperbola, point, projection, { pairs, seed })
  }

  it("comes within four standard errors of the closed form at a sharp minimum", () => {
    const { estimate, standardError } = at(3)
    const exact = Theory.factorisation.residual(3, 1 / 3)
    assert.isAtMost(Math.abs(estimate - exact), 4 * standardError + 1e-6 * exact)
  })

  it("is no more than its noise at a flat minimum", () => {
    const { estimate, standardError } = at(1)
    assert.isAtMost(estimate, 4 * standardError + 1e-6)
  })

  it("takes the noise off the square of the norm, which it would add to on average", () => {
    const { apply } = TangentProjection.fromJacobian(model, model.minimum)
    const exact = Flatness.residual(model, model.minimum, { apply }, { step: 0.1 })
    const found = Array.from({ length: 2000 }, (_, k) =>
      Flatness.estimateResidual(
        model,
        model.minimum,
        { apply },
        { pairs: 16, seed: seed.child(k), step: 0.1 },
      ),
    )
    const mean = (values: ReadonlyArray<number>) =>
      values.reduce((sum, value) => sum + value, 0) / values.length / exact ** 2
    // five standard deviations of the mean; the noise alone is more than three times that
    assert.closeTo(mean(found.map(({ estimate }) => estimate ** 2)), 1, 0.053)
    const noise = found.slice(0, 200).map((_, k) => {
      const { standardError } = Flatness.estimateGradientOfTrace(model, model.minimum, {
        pairs: 16,
        seed: seed.child(k),
        step: 0.1,
        project: apply,
      })
      return (Vector.norm(standardError) / 6) ** 2
    })
    assert.isAbove(mean(noise), 0.15)
  })

  it("has the error of its length, not that of the whole vector, in every dimension", () => {
    const ratios = [10, 40, 90].map((dimension) => {
      const wide = quadraticModel({ dimension, size: 3, seed })
      const { apply } = TangentProjection.fromJacobian(wide, wide.minimum)
      const found = Array.from({ length: 60 }, (_, k) =>
        Flatness.estimateResidual(
          wide,
          wide.minimum,
          { apply },
          { pairs: 100, seed: seed.child(k), step: 0.1 },
        ),
      )
      const mean = found.reduce((sum, { estimate }) => sum + estimate, 0) / 60
      const square = found.reduce((sum, { estimate }) => sum + (estimate - mean) ** 2, 0) / 59
      return found.reduce((sum, each) => sum + each.standardError, 0) / 60 / Math.sqrt(square)
    })
    // 60 repetitions show the deviation to 10 %; the whole vector is 1.9, 3.8 and 8 times as long
    for (const ratio of ratios) assert.isAtMost(Math.abs(ratio - 1.1), 0.6, ratios.join(" "))
  })

  /** `s (sin(3 x / s) + (y / s)^2 sin(x / s))`: along y = 0 the trace is not quadratic. */
  const wave = (scale: number): Objective => ({
    name: "wave",
    dimension: 2,
    constants: {},
    valueAndGradient: (point, gradient) => {
      const [x, y] = [point[0]! / scale, point[1]! / scale]
      gradient[0] = 3 * Math.cos(3 * x) + y * y * Math.cos(x)
      gradient[1] = 2 * y * Math.sin(x)
      return scale * (Math.sin(3 * x) + y * y * Math.sin(x))
    },
  })
  const alongX = { apply: (v: Float64Array) => void (v[1] = 0) }
  const slope = Math.abs(-27 * Math.cos(0.6) + 2 * Math.cos(0.2)) / 2

  it("covers what the step leaves out", () => {
    const { estimate, standardError } = Flatness.estimateResidual(
      wave(1),
      Float64Array.of(0.2, 0),
      alongX,
      { pairs: 50, seed, step: 0.3 },
    )
    // the second difference is even in each sign, so that all probes have the same error
    assert.isAbove(Math.abs(estimate - slope), 0.1)
    assert.isAtMost(Math.abs(estimate - slope), standardError)
    assert.isBelow(standardError, 0.1 * slope)
  })

  it("takes steps that a large point does not swallow", () => {
    for (const scale of [1e10, 1e20]) {
      const point = Float64Array.of(0.2 * scale, 0)
      const { estimate } = Flatness.estimateResidual(wave(scale), point, alongX, {
        pairs: 50,
        seed,
      })
      const exact = slope / scale ** 2
      assert.closeTo(estimate / exact, 1, 1e-3)
      assert.closeTo(Flatness.residual(wave(scale), point, alongX) / exact, 1, 1e-3)
    }
  })

  it("is the exact residual for many pairs", () => {
    const projection = TangentProjection.fromJacobian(model, model.minimum)
    const exact = Flatness.residual(model, model.minimum, projection, { step: 0.1 })
    const { estimate, standardError } = Flatness.estimateResidual(
      model,
      model.minimum,
      projection,
      { pairs: 2000, seed, step: 0.1 },
    )
    assert.isBelow(standardError, 0.2 * exact)
    assert.isAtMost(Math.abs(estimate - exact), 4 * standardError)
  })
})
