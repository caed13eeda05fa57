/** All methods on samples without a gradient, on numbers that overflow, and on options that make no sense. */
import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { settle } from "../../src/minima/Settle.ts"
import * as Draws from "../../src/perturbation/Draws.ts"
import { flatDescent, smoothedFlatDescent } from "../../src/perturbation/FlatDescent.ts"
import { sharpnessAwarePerturbation } from "../../src/perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../src/perturbation/SmoothedPerturbation.ts"
import { sparseRecovery, traceAtMinimum } from "../../src/problems/DiagonalNetwork.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"

const options = {
  learningRate: 0.01,
  plainLearningRate: 0.01,
  radius: 0.1,
  gradientThreshold: 0.5,
  draws: Draws.fromSeed(Seed.root(1)),
}

describe("perturbations", () => {
  it("survive a sample without a gradient, with a model and without one", () => {
    const hyperbola = scalarModel()
    const plain = {
      name: hyperbola.name,
      dimension: 2,
      size: 1,
      constants: {},
      valueAndGradient: (x: Float64Array, gradient: Float64Array) =>
        hyperbola.valueAndGradient(x, gradient),
      batchValueAndGradient: (indices: Uint32Array, x: Float64Array, gradient: Float64Array) =>
        hyperbola.batchValueAndGradient(indices, x, gradient),
    }
    const minimum = Float64Array.of(2, 0.5)
    assert.strictEqual(hyperbola.sampleValueAndGradient(0, minimum, new Float64Array(2)), 0)
    for (const objective of [hyperbola, plain]) {
      const method = sharpnessAwarePerturbation(options)
      const state = method.init(objective, minimum)
      for (let t = 0; t < 100; t++) method.step(state)
      assert.strictEqual(state.status, "running")
      assert.isBelow(state.point[0]!, 2)
    }
  })

  it("do not move where a sample is constant", () => {
    const constant = {
      name: "constant",
      dimension: 2,
      size: 1,
      constants: {},
      valueAndGradient: (_: Float64Array, gradient: Float64Array) => {
        gradient.fill(0)
        return 1
      },
      batchValueAndGradient: (_i: Uint32Array, _x: Float64Array, gradient: Float64Array) => {
        gradient.fill(0)
        return 1
      },
    }
    const method = sharpnessAwarePerturbation(options)
    const state = method.init(constant, Float64Array.of(1, 2))
    method.step(state)
    assert.deepStrictEqual(state.point, Float64Array.of(1, 2))
  })

  it("stop at the last finite point", () => {
    const method = smoothedPerturbation(options)
    const state = method.init(scalarModel(), Float64Array.of(1e200, 1e200))
    method.step(state)
    assert.strictEqual(state.status, "diverged")
    assert.deepStrictEqual(state.point, Float64Array.of(1e200, 1e200))
  })

  it("refuse numbers that are not positive", () => {
    for (const bad of [0, -1, Number.NaN]) {
      assert.throws(() => smoothedPerturbation({ ...options, radius: bad }), InvalidInput, /radius/)
      assert.throws(
        () => sharpnessAwarePerturbation({ ...options, batchSize: bad }),
        InvalidInput,
        /batchSize/,
      )
      assert.throws(
        () => flatDescent({ learningRate: bad, flatteningRate: 1, radius: 1 }),
        InvalidInput,
        /learningRate/,
      )
    }
  })

  it("flatten without samples, with a rate that decays", () => {
    const { network, start } = sparseRecovery()
    const { point } = settle(network, start, { learningRate: 0.01 })
    const method = smoothedFlatDescent({
      learningRate: 0.02,
      flatteningRate: (t) => 0.02 / (1 + t / 50),
      radius: 0.1,
      pairs: 4,
      draws: Draws.rademacher(Seed.root(2)),
    })
    const state = method.init(network, point)
    for (let t = 0; t < 400; t++) method.step(state)
    assert.isBelow(traceAtMinimum(network, state.point), 8)
  })
})
