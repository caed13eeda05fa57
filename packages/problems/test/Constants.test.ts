import { Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { assert, describe, it } from "vitest"
import {
  cosine,
  gradientMethod,
  leastSquares,
  logCosh,
  logistic,
  type Described,
  polyakLojasiewicz,
  quadratic,
  quadraticFromMatrix,
  scalarFactorisation,
  sgd,
  valley,
} from "../src/index.ts"
import * as Constants from "../src/Constants.ts"
import { softmaxRegression } from "../src/Softmax.ts"
import { points, problems } from "./support/Problems.ts"
import { gradientOf, hessianOf, valueOf } from "./support/Slopes.ts"

const eigenvalues = (matrix: Float64Array): Float64Array =>
  SymmetricEigen.eigenvalues(matrix, Math.round(Math.sqrt(matrix.length)))

/** The minimum where it is exact, else the value that gradient descent comes down to. */
const lowest = (objective: Described): number => {
  const { minimum, smoothness } = objective.constants
  if (minimum?.basis === "exact") return minimum.value
  const descent = gradientMethod(sgd({ learningRate: 1 / smoothness!.value }))
  const state = descent.init(objective, new Float64Array(objective.dimension))
  for (let step = 0; step < 1000; step++) descent.step(state)
  return valueOf(objective, state.point)
}

/** Rounding of a value or an eigenvalue, relative to their scale. */
const slack = 1e-12

describe.each(problems)("constants: $title", ({ convex, minimiser, objective }) => {
  const { constants, dimension } = objective
  const places = [0.1, 1, 4].flatMap((scale) => points(dimension, 5, scale, `at ${scale}`))

  it("gradients differ by at most the smoothness times the distance", () => {
    const beta = constants.smoothness?.value ?? Infinity
    for (const [k, x] of places.entries()) {
      const y = places[(k + 1) % places.length]!
      const change = Vector.distance(gradientOf(objective, x), gradientOf(objective, y))
      assert.isAtMost(change, beta * Vector.distance(x, y) * (1 + slack))
    }
  })

  it("Hessians lie between the strong convexity and the smoothness", () => {
    for (const x of places) {
      const values = eigenvalues(hessianOf(objective, x))
      const beta = constants.smoothness?.value ?? Infinity
      const scale = slack * Math.max(1, Math.abs(values[0]!), values.at(-1)!)
      const least = constants.strongConvexity?.value ?? (convex ? 0 : -beta)
      assert.isAtLeast(values[0]!, least - scale)
      assert.isAtMost(values.at(-1)!, beta + scale)
    }
  })

  it("half the squared gradient is at least the PL constant times the excess", () => {
    const mu = constants.polyakLojasiewicz?.value ?? 0
    const floor = mu === 0 ? 0 : lowest(objective)
    for (const x of places) {
      const half = 0.5 * Vector.norm(gradientOf(objective, x)) ** 2
      assert.isAtLeast(half * (1 + slack), mu * (valueOf(objective, x) - floor))
    }
  })

  it("no value is below the minimum, which is attained where it is exact", () => {
    const minimum = constants.minimum?.value ?? -Infinity
    for (const x of places) assert.isAtLeast(valueOf(objective, x), minimum - slack)
    if (minimiser === undefined) {
      assert.notStrictEqual(constants.minimum?.basis, "exact")
      return
    }
    assert.strictEqual(constants.minimum?.basis, "exact")
    assert.approximately(valueOf(objective, minimiser), minimum, slack)
    assert.isAtMost(Vector.norm(gradientOf(objective, minimiser)), slack)
  })

  it("every constant says how it is known", () => {
    for (const constant of Object.values(constants as Record<string, Constants.Constant>)) {
      assert.isTrue(Number.isFinite(constant.value))
      assert.isAbove(constant.because.length, 5)
    }
  })
})

describe("exact constants are attained", () => {
  const features = points(8 * 3, 1, 1, "rows")[0]!
  const samples = { features, dimension: 3 }
  const labels = Float64Array.of(1, -1, 1, 1, -1, -1, 1, -1)
  const classes = labels.map((label) => (label + 1) / 2)

  it.each([
    ["logistic regression", logistic({ ...samples, labels, ridge: 0.3 })],
    ["softmax regression", softmaxRegression({ ...samples, labels: classes, classes: 2 })],
    ["log cosh", logCosh(samples)],
    ["least squares", leastSquares({ ...samples, targets: labels })],
    ["the wave", polyakLojasiewicz({ dimension: 3 })],
    ["the cosine", cosine(3)],
  ])("smoothness of %s at the origin", (_, objective) => {
    const { smoothness } = objective.constants
    const origin = new Float64Array(objective.dimension)
    const top = eigenvalues(hessianOf(objective, origin)).at(-1)!
    assert.strictEqual(smoothness!.basis, "exact")
    assert.approximately(top / smoothness!.value, 1, slack)
  })

  it("with more classes the smoothness of softmax regression is a bound", () => {
    const objective = softmaxRegression({ ...samples, labels: classes, classes: 3 })
    assert.strictEqual(objective.constants.smoothness!.basis, "bound")
  })

  it("strong convexity of logistic regression, far away", () => {
    const objective = logistic({ ...samples, labels, ridge: 0.3 })
    const far = Float64Array.of(4e4, 5e4, 6e4)
    const least = eigenvalues(hessianOf(objective, far))[0]!
    assert.strictEqual(objective.constants.strongConvexity!.basis, "exact")
    assert.approximately(least, 0.3, slack)
  })

  const ratio = (objective: Described, x: Float64Array): number =>
    (0.5 * Vector.norm(gradientOf(objective, x)) ** 2) / valueOf(objective, x)

  it("the PL constant of the wave, which is larger than the quoted 1/32", () => {
    const wave = polyakLojasiewicz({ dimension: 1 })
    const constant = wave.constants.polyakLojasiewicz!.value
    const at = (s: number) => ratio(wave, Float64Array.of(s))
    assert.approximately(at(2.201709176436835), constant, 1e-15)
    let least = Infinity
    for (let s = 1e-3; s < 50; s += 1e-3) least = Math.min(least, at(s))
    assert.approximately(least, constant, 1e-6)
    assert.isAtLeast(least, constant)
    assert.isAbove(constant, 5 / 32)
  })

  it("the PL constant of the valley, at its flattest place", () => {
    const objective = valley({ base: 2, amplitude: -0.75 })
    const flattest = Float64Array.of(Math.PI / 2, 1e-3)
    assert.strictEqual(objective.constants.polyakLojasiewicz!.value, 1.25)
    assert.approximately(ratio(objective, flattest), 1.25, slack)
  })
})

describe("quadratics", () => {
  it.each([
    { spectrum: [1, 2, 5], smoothness: 5, strongConvexity: 1, polyakLojasiewicz: 1, minimum: 0 },
    { spectrum: [0, 2, 5], smoothness: 5, polyakLojasiewicz: 2, minimum: 0 },
    { spectrum: [-7, 2, 5], smoothness: 7 },
    { spectrum: [0, 0], smoothness: 0, minimum: 0 },
  ])("constants of the spectrum $spectrum", ({ spectrum, ...expected }) => {
    const values = Object.fromEntries(
      Object.entries(quadratic({ spectrum }).constants as Record<string, Constants.Constant>).map(
        ([name, { value }]) => [name, value],
      ),
    )
    assert.deepStrictEqual(values, expected)
  })

  it("a matrix without full rank is PL with its smallest positive eigenvalue", () => {
    // (1, 2, 3) (1, 2, 3)^T, whose eigenvalues are 14, 0 and 0
    const { constants } = quadraticFromMatrix(Float64Array.of(1, 2, 3, 2, 4, 6, 3, 6, 9))
    assert.approximately(constants.polyakLojasiewicz!.value, 14, 1e-13)
    assert.isUndefined(constants.strongConvexity)
  })
})

describe("least squares", () => {
  it("without full rank: known eigenvalues, and the solution of least norm", () => {
    // Rows (1, 1), (1, 1), (2, 2): A^T A / 3 = [[2, 2], [2, 2]], and the best x_1 + x_2 is 7/6
    const sum = leastSquares({
      features: Float64Array.of(1, 1, 1, 1, 2, 2),
      dimension: 2,
      targets: Float64Array.of(1, 0, 3),
    })
    assert.approximately(sum.constants.smoothness!.value, 4, 1e-14)
    assert.approximately(sum.constants.polyakLojasiewicz!.value, 4, 1e-14)
    assert.isUndefined(sum.constants.strongConvexity)
    assert.approximately(sum.minimiser[0]!, 7 / 12, 1e-14)
    assert.approximately(sum.minimiser[1]!, 7 / 12, 1e-14)
    // residuals 1/6, 7/6, -2/3: half their mean square
    assert.approximately(sum.constants.minimum!.value, (1 / 36 + 49 / 36 + 16 / 36) / 6, 1e-15)
  })

  it("more unknowns than samples: every target is met, at the point of least norm", () => {
    const sum = leastSquares({
      features: Float64Array.of(3, 4, 0),
      dimension: 3,
      targets: Float64Array.of(10),
    })
    assert.strictEqual(sum.constants.minimum!.value, 0)
    assert.isAtMost(Vector.distance(sum.minimiser, Float64Array.of(1.2, 1.6, 0)), 1e-15)
  })
})

describe("functions without global constants do not claim them", () => {
  it("the scalar factorisation has a minimum only", () => {
    assert.deepStrictEqual(Object.keys(scalarFactorisation(3).constants), ["minimum"])
  })

  it("a valley whose curvature changes sign has none", () => {
    assert.deepStrictEqual(valley({ base: 1, amplitude: 2 }).constants, {})
  })
})
