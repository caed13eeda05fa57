import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { Activation, Geometry, noisyDescent, Theory } from "../src/index.ts"
import { sweep } from "../src/Activation.ts"
import { teacherProblem } from "../src/experiments/TeacherProblem.ts"
import { residual } from "../src/TwoLayer.ts"

describe("transientSteps", () => {
  it("is how long what is off the minima takes to shrink", () => {
    const { network, theta } = teacherProblem(Seed.root(5), [0.32, 1.08, 1.6], 6)
    const smallest = new Geometry(network).atParameters(theta).tangentEigenvalues()[0]! / 3
    const rate = 0.02
    const steps = Math.ceil(Theory.transientSteps(rate, smallest, 0.01))
    const descent = noisyDescent(network, theta, 3)
    const all = Uint32Array.of(0, 1, 2)
    descent.step(all, Float64Array.of(1e-3, -2e-3, 1e-3), rate)
    const before = residual(network, descent.theta)
    for (let k = 0; k < steps; k++) descent.step(all, new Float64Array(3), rate)
    assert.isAtMost(residual(network, descent.theta) / before, 0.02)
    assert.isAtLeast(residual(network, descent.theta) / before, 1e-5)
  })
})

describe("remainingTime", () => {
  const place = { excess: 8, mu: 0.5, rho1: 1, rho2: 2, beta: 1, leastWeight: 1, gradientNorm: 10 }

  it("adds the time to convexity and the exponential phase", () => {
    const bound = Theory.deviationBound(Math.sqrt(0.5), 1, 2, 0.5)
    assert.closeTo(Theory.remainingTime(place, 1e-3), 16 + Math.log(bound / 1e-3), 1e-12)
  })

  it("is the exponential phase alone below the threshold, and nothing at the limit", () => {
    const near = { ...place, gradientNorm: 0.1 }
    const bound = Theory.deviationBound(0.1, 1, 2, 0.5)
    assert.closeTo(Theory.remainingTime(near, 1e-3), Math.log(bound / 1e-3), 1e-12)
    assert.strictEqual(Theory.remainingTime({ ...place, gradientNorm: 0 }, 1e-3), 0)
  })
})

describe("leastClusters", () => {
  it("is n / d, rounded up", () => {
    assert.deepStrictEqual(
      [3, 4, 6, 7].map((n) => Theory.leastClusters(n, 3)),
      [1, 2, 2, 3],
    )
  })
})

describe("sweep", () => {
  it("has the bits of value and slope one by one", () => {
    const z = Float64Array.from({ length: 9 }, (_, k) => Math.sin(3 * k))
    for (const activation of [Activation.cubic(0.7), Activation.sinh]) {
      const slopes = new Float64Array(6)
      const sum = sweep(activation, z, 2, 5, slopes, 1)
      let expected = 0
      for (let k = 2; k < 7; k++) expected += activation.value(z[k]!)
      assert.strictEqual(sum, expected)
      for (let k = 0; k < 5; k++) assert.strictEqual(slopes[k + 1], activation.first(z[k + 2]!))
    }
  })
})
