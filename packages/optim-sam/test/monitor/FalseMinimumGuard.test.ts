import { cosine, quadratic, sgd } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { falseMinimumGuard, sam, seesFalseMinimum, telemetry } from "../../src/index.ts"
import { run } from "../support/Runs.ts"

const radius = 0.5

/** Steps until the guard warns; Infinity where it does not within 200. */
const warningAt = (start: number, options?: Parameters<typeof seesFalseMinimum>[3]): number => {
  const method = sam({ radius, base: sgd({ learningRate: 0.05 }) })
  const state = method.init(cosine(), Float64Array.of(start))
  const guard = falseMinimumGuard()
  for (let t = 1; t <= 200; t++) {
    method.step(state)
    const { gradientNorm, perturbedGradientNorm } = telemetry(state)
    if (seesFalseMinimum(guard, gradientNorm, perturbedGradientNorm, options)) return t
  }
  return Number.POSITIVE_INFINITY
}

describe("a fixed point of SAM that is no critical point", () => {
  it("exists: -cos w at a radius beside its maximum", () => {
    const method = sam({ radius, base: sgd({ learningRate: 0.05 }) })
    const { point } = run(method, cosine(), [Math.PI + radius], 100)
    assert.closeTo(point[0]!, Math.PI + radius, 1e-12)
    const gradient = new Float64Array(1)
    cosine().valueAndGradient(point, gradient)
    assert.isAbove(Math.abs(gradient[0]!), 0.4)
  })

  it("is warned of after the patience", () => {
    assert.strictEqual(warningAt(Math.PI + radius), 10)
    assert.strictEqual(warningAt(Math.PI + radius, { patience: 3 }), 3)
  })

  it("is not warned of where SAM descends, or bounces at a minimum", () => {
    assert.strictEqual(warningAt(2), Number.POSITIVE_INFINITY)
    assert.strictEqual(warningAt(0.01), Number.POSITIVE_INFINITY)
  })
})

describe("the guard", () => {
  it("wants its steps in a row", () => {
    const guard = falseMinimumGuard()
    const options = { patience: 3 }
    const warnings = [1, 1, 50, 1, 1, 1].map((perturbed) =>
      seesFalseMinimum(guard, 100, perturbed, options),
    )
    assert.deepStrictEqual(warnings, [false, false, false, false, false, true])
    assert.strictEqual(guard.ratio, 100)
  })

  it("counts a perturbed gradient of zero, and not a critical point", () => {
    assert.isTrue(seesFalseMinimum(falseMinimumGuard(), 1, 0, { patience: 1 }))
    assert.isFalse(seesFalseMinimum(falseMinimumGuard(), 0, 0, { patience: 1 }))
  })

  it("takes the factor as given", () => {
    assert.isTrue(seesFalseMinimum(falseMinimumGuard(), 4, 1, { patience: 1, factor: 4 }))
    assert.isFalse(seesFalseMinimum(falseMinimumGuard(), 4, 1.01, { patience: 1, factor: 4 }))
  })

  it("asks for a factor of 100 unless told", () => {
    assert.isTrue(seesFalseMinimum(falseMinimumGuard(), 100, 1, { patience: 1 }))
    assert.isFalse(seesFalseMinimum(falseMinimumGuard(), 99, 1, { patience: 1 }))
  })

  it("forgets the ratio of a streak that is over", () => {
    const guard = falseMinimumGuard()
    for (const perturbed of [1e-6, 1, 0.5]) seesFalseMinimum(guard, 100, perturbed)
    assert.strictEqual(guard.ratio, 1e8)
    seesFalseMinimum(guard, 100, 50)
    assert.deepStrictEqual(guard, { streak: 0, ratio: 0 })
    seesFalseMinimum(guard, 100, 1)
    assert.deepStrictEqual(guard, { streak: 1, ratio: 100 })
  })

  it("is quiet on a quadratic", () => {
    const method = sam({ radius: 0.1, base: sgd({ learningRate: 0.1 }) })
    const state = method.init(quadratic({ spectrum: [5, 1] }), Float64Array.of(2, 3))
    const guard = falseMinimumGuard()
    for (let t = 0; t < 500; t++) {
      method.step(state)
      const { gradientNorm, perturbedGradientNorm } = telemetry(state)
      assert.isFalse(seesFalseMinimum(guard, gradientNorm, perturbedGradientNorm))
    }
  })
})
