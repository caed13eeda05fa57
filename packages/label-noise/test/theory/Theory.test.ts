import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../../src/network/Activation.ts"
import * as Theory from "../../src/theory/Theory.ts"
import { labelNoiseSgd, noisyDescent, twoLayer } from "../../src/index.ts"
import { residual } from "../../src/network/TwoLayer.ts"
import { fitted } from "../support/problems.ts"
import { Geometry } from "../../src/geometry/Geometry.ts"

describe("transientSteps", () => {
  it("is how long what is off the minima takes to shrink", () => {
    const { network, theta } = fitted()
    const smallest = new Geometry(network).atParameters(theta).tangentEigenvalues()[0]! / 3
    const rate = 0.02
    const steps = Math.ceil(Theory.transientSteps(rate, smallest, 0.01))
    const descent = noisyDescent(network, theta, 3)
    const all = Uint32Array.of(0, 1, 2)
    descent.step(all, Float64Array.of(1e-3, -2e-3, 1e-3), rate)
    const before = residual(network, descent.computeParameters())
    for (let k = 0; k < steps; k++) descent.step(all, new Float64Array(3), rate)
    assert.isAtMost(residual(network, descent.computeParameters()) / before, 0.02)
    assert.isAtLeast(residual(network, descent.computeParameters()) / before, 1e-5)
  })
})

/** Worked by hand: eta = 0.1, sigma = 0.2, two of n = 5 data a step. */

describe("known values", () => {
  const half = { convention: "half", learningRate: 0.1, noise: 0.2, batch: 2, size: 5 } as const
  const mean = { ...half, convention: "mean" } as const
  const assertNear = (actual: number, expected: number) => assert.closeTo(actual, expected, 1e-12)

  it("of the conventions: mean at eta is half at 2 eta", () => {
    assertNear(Theory.noiseScale("half", 0.2, 2), 0.02)
    assertNear(Theory.noiseScale("mean", 0.2, 2), 0.04)
    // eta^2 sigma^2 / (4 B n) and eta^2 sigma^2 / (B n)
    assertNear(Theory.flowTimePerStep(half), 1e-5)
    assertNear(Theory.flowTimePerStep(mean), 4e-5)
    assertNear(Theory.flowTimePerStep(mean), Theory.flowTimePerStep({ ...half, learningRate: 0.2 }))
    assertNear(Theory.hessianTrace("half", 10, 5), 2)
    assertNear(Theory.hessianTraceOff("mean", 10, -3, 5), 2.8)
    assertNear(Theory.fullBatchLimit("half", 4, 5), 2.5)
    assertNear(Theory.fullBatchLimit("mean", 4, 5), 1.25)
    assertNear(Theory.singleDatumLimit("half", 4), 0.5)
    assertNear(Theory.singleDatumLimit("mean", 4), 0.25)
  })

  it("of the phases, for data of norm 1 and for shorter ones", () => {
    // mu = 0.25, beta = 3, w = 0.5
    assertNear(Theory.convexityThreshold(0.25, 3), 1.5)
    assertNear(Theory.convexityThreshold(0.25, 3, 0.5), 0.75)
    assertNear(Theory.timeToConvexity(9, 0.25, 3), 4)
    assertNear(Theory.timeToConvexity(9, 0.25, 3, 0.5), 16)
    assertNear(Theory.guaranteedRate(2, 6, 0.25), 3)
    assertNear(Theory.guaranteedRate(2, 6, 0.25, 0.5), 1.5)
    assertNear(Theory.deviationBound(0.3, 2, 6, 0.25), 0.05)
    assertNear(Theory.deviationBound(0.3, 2, 6, 0.25, 0.5), 0.1)
    assertNear(Theory.leastTangentEigenvalue(10, 2, 0.25), 10)
  })

  it("of a finite step: with few of orthogonal data the factor is that of n / B times the product", () => {
    assertNear(Theory.finiteStepFactor(0.5), 4 / 3)
    assertNear(Theory.finiteStepFactorOfBatch(0.2, 2, 5), 4 / 3)
    assertNear(Theory.finiteStepFactorOfBatch(0.5, 5, 5), 4 / 3)
    // its gradient is a quarter of the finite-step factor
    const regulariser = (lambda: number) => Theory.finiteStepRegulariser(0.1, [3, lambda])
    const slope = (regulariser(5 + 1e-5) - regulariser(5 - 1e-5)) / 2e-5
    assert.closeTo(slope, Theory.finiteStepFactor(0.5) / 4, 1e-8)
    assertNear(Theory.fluctuation(half, [5]), Math.sqrt(0.002 / 1.5))
  })
})

describe("noiseFloor", () => {
  it.each(["half", "mean"] as const)("is the loss that noise keeps up, by %s", (convention) => {
    // one neuron on one datum of norm 1, f = theta: an autoregression
    const network = twoLayer({
      activation: Activation.identity,
      features: Float64Array.of(1),
      dimension: 1,
      labels: Float64Array.of(2),
      neurons: 1,
    })
    const options = { convention, learningRate: 0.01, noise: 0.3, batch: 1, size: 1 } as const
    const method = labelNoiseSgd({ ...options, seed: Seed.root(1) })
    const state = method.init(network, Float64Array.of(2))
    let sum = 0
    const steps = 400_000
    for (let k = 0; k < steps; k++) {
      method.step(state)
      const error = state.point[0]! - 2
      sum += convention === "half" ? error ** 2 / 2 : error ** 2
    }
    // 4,000 times of relaxation and more: a standard error of 3 % at most
    const { sharpness } = new Geometry(network).atParameters(Float64Array.of(2))
    assert.closeTo(sum / steps / Theory.noiseFloor(options, sharpness), 1, 0.1)
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
