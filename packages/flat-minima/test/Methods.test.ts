import { InvalidInput, Seed, Vector } from "@nonconvex/numerics"
import {
  Activation,
  Architecture,
  exactTrace,
  gradientMethod,
  quadratic,
  sgd,
  valleyAlong,
} from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import * as Draws from "../src/Draws.ts"
import { escape } from "../src/Escape.ts"
import { flatDescent, smoothedFlatDescent } from "../src/FlatDescent.ts"
import * as LimitMap from "../src/LimitMap.ts"
import { sparseRecovery, traceAtMinimum } from "../src/problems/DiagonalNetwork.ts"
import { quadraticModel } from "../src/problems/QuadraticModel.ts"
import { scalarModel } from "../src/problems/ScalarModel.ts"
import { NoMinimumNearby, settle } from "../src/Settle.ts"
import { sharpnessAwarePerturbation } from "../src/SharpnessAware.ts"
import { smoothedPerturbation } from "../src/Smoothed.ts"
import * as TangentProjection from "../src/TangentProjection.ts"
import * as Theory from "../src/Theory.ts"

const options = {
  learningRate: 0.01,
  plainLearningRate: 0.01,
  radius: 0.1,
  gradientThreshold: 0.5,
  draws: Draws.fromSeed(Seed.root(1)),
}

describe("settle and LimitMap", () => {
  it("start E1 at its golden minimum", () => {
    const { network, start } = sparseRecovery()
    const { point } = settle(network, start, { learningRate: 0.01, tolerance: 1e-13 })
    assert.closeTo(traceAtMinimum(network, point), 55.15791291976415, 1e-10)
  })

  it.each([
    [2, 1],
    [3, 0.5],
    [1.2, 1.5],
  ])("end within the error that the limit says, and not far within it, from (%d, %d)", (x, y) => {
    for (const stepTolerance of [1e-5, 1e-7, 1e-9]) {
      const { error, evaluations, point } = LimitMap.limit(scalarModel(), Float64Array.of(x, y), {
        stepTolerance,
      })
      const [a, b] = Theory.factorisation.limit(x, y)
      const found = Math.hypot(point[0]! - a, point[1]! - b)
      assert.isAtMost(found, error)
      // the error of order 4 is estimated, and the solution has order 5
      assert.isAtLeast(found, 1e-4 * error)
      assert.isAtMost(evaluations, 1000)
      assert.isAtMost(error, 200 * stepTolerance)
    }
  })

  it("fail with the gradient norm reached where no minimum is near", () => {
    const slope = valleyAlong({
      value: (x) => Math.exp(x),
      derivative: (x) => Math.exp(x),
      secondDerivative: (x) => Math.exp(x),
    })
    const runaway = {
      ...slope,
      valueAndGradient: (x: Float64Array, gradient: Float64Array) => {
        gradient[0] = 1
        gradient[1] = 0
        return x[0]!
      },
    }
    const start = Float64Array.of(0, 1)
    for (const run of [
      () => settle(runaway, start, { learningRate: 0.1, maxSteps: 50 }),
      () => LimitMap.limit(runaway, start, { maxEvaluations: 600 }),
    ]) {
      try {
        run()
        assert.fail("it found a minimum")
      } catch (cause) {
        assert.instanceOf(cause, NoMinimumNearby)
        assert.strictEqual(cause.gradientNorm, 1)
        assert.match(cause.message, /no minimum near the start/)
      }
    }
  })
})

describe("escape", () => {
  /** Gradient descent on `x^2 / 2`, which halves the point in each step. */
  const halving = {
    objective: quadratic({ spectrum: [1] }),
    method: gradientMethod(sgd({ learningRate: 0.5 })),
  }
  const settling = { learningRate: 0.5, tolerance: 1e-3 }

  it("chooses each step as often as any other", () => {
    const [steps, runs] = [5, 4000]
    const counts = new Float64Array(steps)
    for (let k = 0; k < runs; k++) {
      const { chosen, step } = escape(halving.method, halving.objective, Float64Array.of(32), {
        steps,
        seed: Seed.root(k),
        settle: settling,
      })
      assert.strictEqual(chosen[0], 32 / 2 ** step)
      counts[step - 1]!++
    }
    const chiSquare = counts.reduce(
      (sum, count) => sum + (count - runs / steps) ** 2 / (runs / steps),
      0,
    )
    // four degrees of freedom: more than this once in 10,000 families of seeds
    assert.isBelow(chiSquare, 23.5)
  })

  it("settles from the chosen iterate, and not from the last", () => {
    const { chosen, last, settled } = escape(
      halving.method,
      halving.objective,
      Float64Array.of(2 ** 40),
      { steps: 30, seed: Seed.root(2), settle: settling },
    )
    assert.notStrictEqual(chosen[0], last[0])
    assert.deepStrictEqual(settled, settle(halving.objective, chosen, settling))
  })
})

describe("TangentProjection", () => {
  it("is orthogonal to rows that are nearly dependent, to rounding", () => {
    const [first, second] = [Float64Array.of(1, 2, 3), Float64Array.of(1, 2 + 1e-6, 3)]
    const model = {
      ...quadraticModel({ dimension: 3, size: 2, seed: Seed.root(3) }),
      predictionGradient: (i: number, _: Float64Array, gradient: Float64Array) => {
        gradient.set(i === 0 ? first : second)
        return 0
      },
    }
    const { apply, gap } = TangentProjection.fromJacobian(model, new Float64Array(3))
    assert.isBelow(gap, 1e-6)
    const v = Float64Array.of(0.3, -1, 2)
    apply(v)
    // the plane of the rows holds the second unit vector
    assert.closeTo(v[1]!, 0, 1e-8)
    assert.closeTo(Vector.dot(v, first), 0, 1e-14)
  })

  it("keeps its basis orthonormal where rows are nearly dependent", () => {
    const rows = Float64Array.of(1, 2, 3, 1, 2 + 1e-6, 3)
    const basis = { rank: 0, kept: 0, dropped: 0 }
    TangentProjection.orthonormalise(rows, 3, 1e-8, basis)
    assert.strictEqual(basis.rank, 2)
    assert.closeTo(Vector.dot(rows.subarray(0, 3), rows.subarray(3)), 0, 1e-15)
  })

  it("refuses a singular Jacobian", () => {
    const model = quadraticModel({ dimension: 3, size: 1, seed: Seed.root(3) })
    const twice = {
      ...model,
      size: 2,
      predictionGradient: (_: number, x: Float64Array, gradient: Float64Array) =>
        model.predictionGradient(0, x, gradient),
    }
    assert.throws(
      () => TangentProjection.fromJacobian(twice, model.minimum),
      TangentProjection.SingularJacobian,
      /2 rows have rank 1/,
    )
  })

  it("finds no gap where there is none", () => {
    const spectrum = Float64Array.of(1, 1e-2, 1e-4, 1e-6, 1e-8)
    const test = TangentProjection.fromHessian(quadratic({ spectrum }), new Float64Array(5))
    assert.strictEqual(test._tag, "NoGap")
  })
})

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

describe("Theory", () => {
  it("has presets with the rates of the theorems", () => {
    const at = (eps: number) => Theory.smoothedPreset({ eps, delta: 0.5, beta: 4 }, {})
    assert.strictEqual(at(0.1).plainLearningRate, 0.25)
    assert.closeTo(at(0.01).steps / at(0.1).steps, 1000, 1)
    const aware = (d: number, eps: number) =>
      Theory.sharpnessAwarePreset({ eps, delta: 1, beta: 1, d }, {}).steps
    assert.closeTo(aware(100, 1e-6) / (1e12 / 100), 1, 1e-3)
    assert.closeTo(aware(2, 1e-6), 1e18 / 16, 1e12)
    const scaled = Theory.smoothedPreset({ eps: 0.1, delta: 0.5, beta: 4 }, { radius: 3 })
    assert.closeTo(scaled.radius, 3 * at(0.1).radius, 1e-15)
  })

  it("has the variances of the three probes", () => {
    const { gaussian, rademacher, sphere } = Theory.probeVariance
    // H = diag(1, 2): Rademacher probes see it exactly
    assert.strictEqual(rademacher(5, 5), 0)
    assert.strictEqual(gaussian(5), 10)
    assert.strictEqual(sphere(5, 3, 2), 0.5)
  })
})

describe("exactTrace", () => {
  it("refuses an activation that is not piecewise linear", () => {
    const architecture = Architecture.make({ widths: [1, 2, 2], activation: Activation.tanh })
    assert.throws(
      () =>
        exactTrace({
          features: Float64Array.of(1),
          dimension: 1,
          architecture,
          loss: "squared",
        }),
      InvalidInput,
      /tanh is not piecewise linear/,
    )
  })
})
