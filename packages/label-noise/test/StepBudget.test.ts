/** Steps and times, the inverse of an activation, the retraction, and multipliers where they are not unique. */
import { InvalidInput, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../src/Activation.ts"
import { teacherProblem } from "../src/experiments/TeacherProblem.ts"
import { flatLimit, inverse } from "../src/FlatLimit.ts"
import {
  flowOfPreactivations,
  Geometry,
  retract,
  stabilityLimit,
  stepBudget,
  twoLayer,
} from "../src/index.ts"
import { factorAt, flowTimeTo } from "../src/StepBudget.ts"
import { outputs, preactivations } from "../src/TwoLayer.ts"

const { network, theta } = teacherProblem(Seed.root(5), [0.32, 1.08, 1.6], 6)

describe("flowTimeTo", () => {
  it.each([0.5, 0.1, 1e-3])("is when the largest deviation is %d of what it was", (share) => {
    const limit = flatLimit(network, theta)
    const deviation = (at: Float64Array): number => {
      const z = new Float64Array(18)
      preactivations(network, at, z)
      return z.reduce(
        (most, value, k) =>
          Math.max(most, Math.abs(value - limit.preactivations[Math.floor(k / 6)]!)),
        0,
      )
    }
    const time = flowTimeTo(network, theta, limit, share)
    const { theta: end } = flowOfPreactivations(network, theta, { time, gradient: 0 })
    assert.closeTo(deviation(end) / deviation(theta) / share, 1, 0.01)
  })
})

describe("stepBudget", () => {
  const step = { convention: "half", learningRate: 0.02, noise: 0.1, batch: 1 } as const

  it("divides the steps of a small learning rate by the factor of this one", () => {
    const { correctedSteps, finiteStepFactor, steps } = stepBudget(network, theta, {
      ...step,
      share: 0.1,
    })
    assert.isAbove(finiteStepFactor, 1.01)
    assert.closeTo(correctedSteps * finiteStepFactor, steps, 1e-9 * steps)
  })

  it("has no steps past the stability limit of the largest eigenvalue, and none for settings that make no sense", () => {
    const limit = flatLimit(network, theta)
    for (const [batch, sampling] of [
      [1, "replacement"],
      [3, "full"],
    ] as const) {
      const most = stabilityLimit(network, limit.theta, { convention: "half", sampling })
      const at = (learningRate: number) =>
        stepBudget(network, theta, { ...step, batch, learningRate, share: 0.1 })
      assert.isAbove(at(0.9 * most).correctedSteps, 0)
      for (const times of [1.01, 2.5, 20]) {
        const { correctedSteps, finiteStepFactor } = at(times * most)
        assert.deepStrictEqual([correctedSteps, finiteStepFactor], [Number.NaN, Number.NaN])
      }
    }
    const bad = [{ share: -0.1 }, { share: 2 }, { noise: 0 }, { learningRate: -1 }, { batch: 4 }]
    for (const wrong of bad) {
      assert.throws(
        () => stepBudget(network, theta, { ...step, share: 0.1, ...wrong }),
        InvalidInput,
      )
    }
  })

  it("has an infinite factor past the stability of few data a step, which is less than that of all", () => {
    // eta tr H / n = 1, stable for all data a step; three times that is not, for one of three
    const at = (batch: number) => factorAt(9, { ...step, learningRate: 1, batch, size: 3 })
    assert.closeTo(at(3), 2, 1e-12)
    assert.strictEqual(at(1), Number.POSITIVE_INFINITY)
  })
})

describe("the inverse of an activation that brings none", () => {
  it("is found where Newton's iteration alone would run away", () => {
    const wavy: Activation.Activation = {
      name: "z + 0.999 sin z",
      value: (z) => z + 0.999 * Math.sin(z),
      first: (z) => 1 + 0.999 * Math.cos(z),
      second: (z) => -0.999 * Math.sin(z),
      third: (z) => -0.999 * Math.cos(z),
    }
    for (let k = -40; k <= 40; k++) {
      const z = k / 3 + 0.01
      const found = inverse(wavy, wavy.value(z))
      assert.closeTo(wavy.value(found), wavy.value(z), 1e-12)
    }
  })
})

describe("retract", () => {
  it("takes few steps: its iteration is Newton's, and not that of a fixed matrix", () => {
    let values = 0
    const counting: Activation.Activation = {
      ...Activation.cubic(1),
      value: (z) => {
        values++
        return z * (z * z + 1)
      },
    }
    const counted = twoLayer({ ...network, activation: counting })
    const direction = theta.map((_, k) => 0.2 * Math.sin(k))
    values = 0
    const moved = retract(counted, theta, direction)
    // one look at the outputs is 18 values; the first is for the target
    assert.isAtMost(values / 18 - 1, 8)
    const before = outputs(network, theta)
    assert.isAtMost(Vector.distance(outputs(network, moved), before), 1e-12)
  })
})

describe("a datum that is there twice", () => {
  it("has the same multiplier both times, and the gradient stays tangent", () => {
    const features = Float64Array.of(0.6, 0.8, 0, 0.6, 0.8, 0, 0, 0.6, 0.8)
    const twice = twoLayer({
      activation: Activation.cubic(1),
      features,
      dimension: 3,
      labels: new Float64Array(3),
      neurons: 4,
    })
    const at = Float64Array.from({ length: 12 }, (_, k) => Math.sin(3 * k))
    const geometry = new Geometry(twice).atParameters(at)
    assert.isTrue(geometry.isSingular)
    const [first, second] = geometry.multipliers
    assert.closeTo(first!, second!, 1e-9 * Math.abs(first!))
    // J grad: the inner products with the gradients of the outputs
    for (let i = 0; i < 3; i++) {
      let along = 0
      for (let j = 0; j < 4; j++) along += geometry.p[i * 4 + j]! * geometry.gs[i * 4 + j]!
      assert.closeTo(along, 0, 1e-9 * geometry.sharpness)
    }
    // so does any direction that is projected
    const direction = Float64Array.from({ length: 12 }, (_, k) => Math.cos(5 * k))
    geometry.project(direction)
    const z = new Float64Array(12)
    preactivations(twice, direction, z)
    for (let i = 0; i < 3; i++) {
      let along = 0
      for (let j = 0; j < 4; j++) along += geometry.p[i * 4 + j]! * z[i * 4 + j]!
      assert.closeTo(along, 0, 1e-9 * geometry.sharpness)
    }
    const again = Float64Array.from(direction)
    geometry.project(again)
    assert.isAtMost(Vector.distance(again, direction), 1e-12)
  })
})
