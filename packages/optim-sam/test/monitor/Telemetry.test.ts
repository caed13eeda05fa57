import { Vector } from "@nonconvex/numerics"
import { logCosh, type Objective, quadratic, scalarFactorisation, sgd } from "@nonconvex/problems"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import { assert, describe, it } from "vitest"
import { everyNth, Perturbation, repeatedAscent, sam, telemetry, usam } from "../../src/index.ts"
import { linear } from "../support/Objectives.ts"
import { run } from "../support/Runs.ts"

const base = sgd({ learningRate: 0.05 })

const bent = logCosh({ features: Float64Array.of(1, 0.5, -0.3, 2, 0.7, -1), dimension: 2 })

/** `u' H u` for the direction of the gradient at a point. */
const curvatureAlongGradient = (objective: Objective, point: ReadonlyArray<number>): number => {
  const x = Float64Array.from(point)
  const [u, product] = [new Float64Array(x.length), new Float64Array(x.length)]
  objective.valueAndGradient(x, u)
  Vector.scale(1 / Vector.norm(u), u)
  HessianVector.of(objective)(x, u, product)
  return Vector.dot(u, product)
}

describe("telemetry", () => {
  it("reads the losses and gradients at the two points of the last step", () => {
    const method = sam({ radius: 0.5, base })
    const seen = telemetry(run(method, quadratic({ spectrum: [2] }), [1]))
    // w = 1 and w_a = 1.5
    assert.deepStrictEqual(
      [seen.loss, seen.lossAtPerturbed, seen.gradientNorm, seen.perturbedGradientNorm],
      [1, 2.25, 2, 3],
    )
    assert.deepStrictEqual(
      [seen.sharpnessGap, seen.cosine, seen.directionalSharpness],
      [1.25, 1, 2],
    )
  })

  it.each([0.5, 1e-3])("is exact on a quadratic, at radius %d", (radius) => {
    const objective = quadratic({ spectrum: [4, 1, 0.25] })
    const start = [1, -2, 3]
    for (const make of [sam, usam]) {
      const { directionalSharpness } = telemetry(run(make({ radius, base }), objective, start))
      assert.closeTo(directionalSharpness, curvatureAlongGradient(objective, start), 1e-10)
    }
  })

  it("is of first order in the radius elsewhere", () => {
    const start = [0.4, -0.7]
    const expected = curvatureAlongGradient(bent, start)
    const errorAt = (radius: number) =>
      telemetry(run(sam({ radius, base }), bent, start)).directionalSharpness - expected
    assert.isAtMost(Math.abs(errorAt(1e-4)), 1e-3)
    assert.closeTo(errorAt(1e-3) / errorAt(1e-4), 10, 0.1)
  })

  it("agrees with differences of the gradient along the perturbation", () => {
    const state = run(sam({ radius: 1e-3, base }), bent, [0.4, -0.7], 5)
    const direction = state.perturbed.map((w, i) => (w - state.before[i]!) / 1e-3)
    const at = (h: number) => {
      const gradient = new Float64Array(2)
      bent.valueAndGradient(
        state.before.map((w, i) => w + h * direction[i]!),
        gradient,
      )
      return Vector.dot(gradient, direction)
    }
    assert.closeTo(telemetry(state).directionalSharpness, (at(1e-3) - at(0)) / 1e-3, 1e-9)
  })

  it("reads the top eigenvalue off the bounce", () => {
    const state = run(sam({ radius: 0.1, base }), quadratic({ spectrum: [7, 1] }), [1, 1], 2000)
    assert.closeTo(telemetry(state).directionalSharpness, 7, 1e-9)
  })

  it("sees a negative curvature and a gradient that turns", () => {
    const objective = quadratic({ spectrum: [-3] })
    const { cosine, directionalSharpness } = telemetry(
      run(usam({ radius: 0.5, base }), objective, [1]),
    )
    assert.closeTo(directionalSharpness, -3, 1e-12)
    assert.strictEqual(cosine, -1)
  })

  it("keeps its cosine where squares of the gradient overflow", () => {
    const { cosine } = telemetry(run(sam({ radius: 1, base }), linear(1e200, -1e200), [0, 0]))
    assert.closeTo(cosine, 1, 1e-15)
  })

  it("says nothing of curvature where nothing was perturbed", () => {
    const still = telemetry(run(sam({ radius: 0.1, base }), scalarFactorisation(), [0, 2]))
    const plain = telemetry(run(sam({ radius: everyNth(2, 0.1), base }), bent, [1, 1], 2))
    for (const { cosine, directionalSharpness, sharpnessGap } of [still, plain]) {
      assert.deepStrictEqual(
        [cosine, directionalSharpness, sharpnessGap],
        [Number.NaN, Number.NaN, 0],
      )
    }
    assert.strictEqual(plain.perturbedGradientNorm, plain.gradientNorm)
  })

  it("reads the point before the step, and the last of the perturbed ones", () => {
    const rule = Perturbation.normalised(0.5)
    const method = repeatedAscent(rule, sgd({ learningRate: 0.1 }), { ascentSteps: 2 })
    const state = run(method, quadratic({ spectrum: [2] }), [3], 4)
    const { directionalSharpness, sharpnessGap } = telemetry(state)
    assert.closeTo(directionalSharpness, 2, 1e-12)
    const before = state.before[0]!
    assert.closeTo(sharpnessGap, (before + 1) ** 2 - before ** 2, 1e-12)
  })
})
