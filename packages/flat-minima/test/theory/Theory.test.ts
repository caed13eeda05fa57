/** Known values, balances and attained bounds; the claims test the formulas against the methods. */
import { Seed, Vector } from "@nonconvex/numerics"
import { valleyAlong } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import * as Flatness from "../../src/flatness/Flatness.ts"
import * as TangentProjection from "../../src/minima/TangentProjection.ts"
import * as Theory from "../../src/theory/Theory.ts"
import { sharpnessAwarePerturbation } from "../../src/perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../src/perturbation/SmoothedPerturbation.ts"
import { scripted } from "../support/Scripted.ts"
import { squareLossModel } from "../../src/problems/SampleModel.ts"
import * as Draws from "../../src/perturbation/Draws.ts"

const assertNear = (actual: number, expected: number, relative = 1e-12) =>
  assert.closeTo(actual, expected, relative * Math.abs(expected))

describe("the presets of the theorems", () => {
  const [eps, delta, beta] = [0.01, 0.25, 4] as const

  it("have the values of theorem 1", () => {
    const preset = Theory.smoothedPreset({ eps, delta, beta }, {})
    assertNear(preset.learningRate, 0.0025)
    assertNear(preset.radius, 0.025)
    assertNear(preset.gradientThreshold, 0.00125)
    assertNear(preset.steps, 2.56e8)
  })

  it("have the values of theorem 2, d = 2 below eps^(-1/3)", () => {
    const preset = Theory.sharpnessAwarePreset({ eps, delta, beta, d: 2 }, {})
    assertNear(preset.learningRate, 0.005)
    assertNear(preset.radius, 0.05)
    assertNear(preset.gradientThreshold, 0.5 ** 1.5 * 0.01)
    assertNear(preset.steps, 1.6e7)
    assertNear(Theory.sharpnessGain(2, eps), 2)
    assertNear(Theory.sharpnessGain(20, eps), 100 ** (1 / 3))
  })

  it.each([1, 2, 20])("balance what a step gains and loses, d = %i", (d) => {
    const smoothed = { ...Theory.smoothedPreset({ eps, delta, beta }, {}), gain: 1 }
    const aware = { ...Theory.sharpnessAwarePreset({ eps, delta, beta, d }, {}), gain: d }
    for (const { gain, gradientThreshold, learningRate, radius, steps } of [smoothed, aware]) {
      // the loss that the move adds, eta^2 rho^2, is what the descent of a gradient of eps0 takes off, eta eps0^2
      assertNear(gradientThreshold ** 2, learningRate * radius ** 2)
      // the gain of all steps with a residual of sqrt(eps), over the trace that there is to lose, fails with probability delta
      assertNear(steps * gain * learningRate * radius ** 2 * eps * delta, 1, 1e-5)
    }
  })
})

describe("the bounds on the move", () => {
  const options = {
    learningRate: 1,
    plainLearningRate: 1,
    radius: 0.3,
    gradientThreshold: Number.POSITIVE_INFINITY,
  }
  const draws = scripted([[1, 0]])
  // p_0 = 2 x + r, p_1 = y: the first has smoothness 4, the sum 2
  const model = (r: number) =>
    squareLossModel({
      name: "two lines",
      dimension: 2,
      size: 2,
      predictionGradient: (i, x, gradient) => {
        gradient.fill(0)
        gradient[i] = i === 0 ? 2 : 1
        return i === 0 ? 2 * x[0]! + r : x[1]!
      },
    })

  it("of the smoothed perturbation is attained at the minimum of a quadratic", () => {
    const method = smoothedPerturbation({ ...options, draws })
    const state = method.init(model(0), new Float64Array(2))
    method.step(state)
    assertNear(Vector.norm(state.point), Theory.smoothedMoveBound(2, 0.3))
  })

  it("of the sharpness-aware perturbation is attained where the gradients of two samples cancel", () => {
    // a second sample like the first, with the opposite residual: G = 0
    const pair = squareLossModel({
      name: "two labels",
      dimension: 2,
      size: 2,
      predictionGradient: (i, x, gradient) => {
        gradient.set([2, 0])
        return 2 * x[0]! + (i === 0 ? 0.7 : -0.7)
      },
    })
    const method = sharpnessAwarePerturbation({ ...options, draws })
    const state = method.init(pair, new Float64Array(2))
    method.step(state)
    assertNear(Vector.norm(state.point), Theory.sharpnessAwareMoveBound(2 * 0.7, 4, 0.3))
  })
})

describe("the mean over a sphere", () => {
  /** A spherical 5-design: means over it are exact for gradients of degree 5. */
  const designs: Readonly<Record<number, ReadonlyArray<ReadonlyArray<number>>>> = {
    1: [[1], [-1]],
    2: Array.from({ length: 6 }, (_, k) => [
      Math.cos((k * Math.PI) / 3),
      Math.sin((k * Math.PI) / 3),
    ]),
    // the icosahedron
    3: [0, 1, 2].flatMap((turn) =>
      [1, -1].flatMap((a) =>
        [1, -1].map((b) => {
          const golden = (1 + Math.sqrt(5)) / 2
          const corner = [0, a, b * golden].map((x) => x / Math.hypot(1, golden))
          return [0, 1, 2].map((j) => corner[(j + turn) % 3]!)
        }),
      ),
    ),
  }

  it.each([1, 2, 3])("has the two terms of the expansion for sixth powers, d = %i", (d) => {
    const a = [0.8, -0.5, 1.1].slice(0, d)
    const x = [0.4, 0.9, -0.3].slice(0, d)
    const rho = 0.6
    const dot = (u: ReadonlyArray<number>) => u.reduce((sum, value, j) => sum + value * a[j]!, 0)
    // f = (a . x)^6: one component along a of each gradient is enough
    const slope = (u: ReadonlyArray<number>) => 6 * dot(u) ** 5
    const design = designs[d]!
    const mean =
      design.reduce((sum, g) => sum + slope(x.map((value, j) => value + rho * g[j]!)), 0) /
      design.length
    const square = dot(a)
    const gradientOfTrace = 120 * square * dot(x) ** 3
    const gradientOfLaplacian = 720 * square ** 2 * dot(x)
    assertNear(
      mean,
      slope(x) +
        Theory.smoothingFactor(rho, d) * gradientOfTrace +
        Theory.smoothingRemainder(rho, d) * gradientOfLaplacian,
    )
  })
})

describe("closed forms", () => {
  it("of a valley agree with the measured residual", () => {
    const valley = valleyAlong({
      value: (x) => 2 + Math.sin(x),
      derivative: Math.cos,
      secondDerivative: (x) => -Math.sin(x),
    })
    const point = Float64Array.of(0.3, 0)
    const test = TangentProjection.fromHessian(valley, point)
    assert(test._tag === "Gap")
    const measured = Flatness.residual(valley, point, test.projection)
    assertNear(measured, Theory.valley.residual(Math.cos(0.3), 1, 2), 1e-4)
    assert.strictEqual(Theory.valley.trace(2.5, 3), 7.5)
  })

  it("of the shortfall of Lanczos solve their equation", () => {
    const [dimension, steps, failure] = [5000, 20, 1e-6] as const
    const shortfall = Theory.lanczosShortfall(dimension, steps, failure)
    assertNear(
      1.648 * Math.sqrt(dimension) * Math.exp(-Math.sqrt(shortfall) * (2 * steps - 1)),
      failure,
      1e-10,
    )
  })

  it("of complexity and share have their factors", () => {
    assertNear(Theory.stepsBound(0.1, 3), 3000)
    assertNear(Theory.flatShare(0.1, 2), 0.8)
    assertNear(Theory.lossGapBound(0.2, 0.5), 0.04)
  })
})

describe("draws", () => {
  it("of random signs lie on the unit sphere", () => {
    const out = new Float64Array(7)
    const kinds: ReadonlyArray<Draws.Draws> = [
      Draws.rademacher(Seed.root(3)),
      Draws.fromSeed(Seed.root(3)),
      Draws.published(3),
    ]
    for (const draws of kinds) {
      draws.fillSphere(draws.begin(), out)
      assertNear(Vector.norm(out), 1)
    }
  })
})

describe("scales", () => {
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
