import { InvalidInput, Seed } from "@nonconvex/numerics"
import { cosine, type Objective, quadratic, sgd } from "@nonconvex/problems"
import { assert, describe, expect, it } from "vitest"
import { advise, adviseFromCurvature, sam, usam } from "../../src/index.ts"
import { run } from "../support/Runs.ts"

const settings = { learningRate: 0.1, radius: 0.05, tolerance: 1e-3 }

const objective = quadratic({ spectrum: [10, 4, 1] })

const start = Float64Array.of(1, -2, 0.5)

const lossAfter = (make: typeof sam, radius: number, learningRate: number): number => {
  const state = run(make({ radius, base: sgd({ learningRate }) }), objective, start, 5000)
  return objective.valueAndGradient(state.point, new Float64Array(3))
}

describe("advise", () => {
  it("finds the top eigenvalue, and says how well", () => {
    const advice = advise(objective, start, settings)
    assert.closeTo(advice.topEigenvalue, 10, Math.max(advice.residual, 1e-12))
    assert.isAtMost(advice.residual, 1e-4)
  })

  it("works without a Hessian-vector product", () => {
    const bare: Objective = {
      name: "bare",
      dimension: 3,
      constants: {},
      valueAndGradient: (x, gradient) => objective.valueAndGradient(x, gradient),
    }
    assert.closeTo(advise(bare, start, settings).topEigenvalue, 10, 1e-6)
  })

  it.each([0.01, 0.05, 0.3])("the floor is the one that SAM ends at, at radius %d", (radius) => {
    const { floor } = advise(objective, start, { ...settings, radius })
    const loss = lossAfter(sam, radius, settings.learningRate)
    assert.closeTo(loss / floor, 1, 1e-6)
  })

  it.each([0.02, 0.1, 0.19])("the suggested radius ends at the tolerance, at rate %d", (rate) => {
    const advice = advise(objective, start, { ...settings, learningRate: rate })
    assert.closeTo(lossAfter(sam, advice.suggestedRadius, rate) / settings.tolerance, 1, 1e-6)
  })

  it("USAM converges just below the limit of its radius, and diverges just above", () => {
    const { usamRadiusLimit } = advise(objective, start, settings)
    assert.closeTo(usamRadiusLimit, 0.1, 1e-7)
    assert.isBelow(lossAfter(usam, 0.95 * usamRadiusLimit, settings.learningRate), 1e-6)
    assert.isAbove(lossAfter(usam, 1.05 * usamRadiusLimit, settings.learningRate), 1e6)
  })

  it("depends on the seed by no more than the residual, which is there where Lanczos stops early", () => {
    const spectrum = Array.from({ length: 300 }, (_, i) => 10 - i / 50)
    const large = quadratic({ spectrum })
    const found = [1, 2, 3].map((k) => {
      const seed = Seed.root(k)
      const advice = advise(large, new Float64Array(300), { ...settings, seed, maxProducts: 12 })
      assert.isAbove(advice.residual, 1e-6)
      // a Ritz value lies below the top, and within its residual of an eigenvalue
      assert.isAtMost(advice.topEigenvalue, 10 + 1e-12)
      const nearest = Math.min(...spectrum.map((each) => Math.abs(each - advice.topEigenvalue)))
      assert.isAtMost(nearest, advice.residual)
      return advice.topEigenvalue
    })
    assert.strictEqual(new Set(found).size, 3)
  })
})

describe("advice from a curvature", () => {
  it("past the edge of stability names the edge and no floor", () => {
    const advice = adviseFromCurvature(30, settings)
    assert.deepStrictEqual([advice.stable, advice.usamStable], [false, false])
    assert.deepStrictEqual(
      [advice.floor, advice.suggestedRadius, advice.usamRadiusLimit],
      [Number.NaN, Number.NaN, Number.NaN],
    )
    assert.include(advice.summary, "2 / lambda = 0.0667")
  })

  it("tells the stability of SAM from that of USAM", () => {
    const advice = adviseFromCurvature(15, { ...settings, radius: 0.1 })
    assert.deepStrictEqual([advice.stable, advice.usamStable], [true, false])
    assert.include(advice.summary, "USAM is unstable at radius 0.1")
  })

  it("at the very edge is unstable", () => {
    assert.isFalse(adviseFromCurvature(20, settings).stable)
  })

  it.each([0, -1])("a top eigenvalue of %d bounds nothing", (curvature) => {
    const advice = adviseFromCurvature(curvature, settings)
    assert.deepStrictEqual([advice.stable, advice.usamStable], [true, true])
    assert.isNaN(advice.floor)
    assert.include(advice.summary, "not positive")
  })

  it("at a maximum of -cos w is about the negative curvature there", () => {
    assert.closeTo(advise(cosine(), Float64Array.of(Math.PI), settings).topEigenvalue, -1, 1e-9)
  })
})

describe("bad input", () => {
  const calls: ReadonlyArray<readonly [name: string, call: () => unknown]> = [
    ["a point of the wrong length", () => advise(objective, Float64Array.of(1), settings)],
    ["a negative radius", () => adviseFromCurvature(1, { ...settings, radius: -1 })],
    ["a negative tolerance", () => adviseFromCurvature(1, { ...settings, tolerance: -1 })],
    ["a learning rate of NaN", () => adviseFromCurvature(1, { ...settings, learningRate: NaN })],
    ["a curvature of NaN", () => adviseFromCurvature(Number.NaN, settings)],
  ]

  it.each(calls)("%s throws InvalidInput", (_, call) => {
    expect(call).toThrow(InvalidInput)
  })
})
