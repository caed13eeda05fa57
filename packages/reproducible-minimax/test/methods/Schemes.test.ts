import { Kernels, Vector } from "@nonconvex/numerics"
import { bilinearGame, quadratic } from "@nonconvex/problems"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { assert, describe, it } from "vitest"
import {
  accelerated,
  extragradient,
  gradientDescent,
  minimisation,
  optimisticGradient,
  projectedGradient,
  regularised,
  saddlePoint,
  type Scheme,
} from "../../src/index.ts"
import {
  acceleratedStronglyConvex,
  inexactAccelerated,
} from "../../src/methods/AcceleratedGradient.ts"
import * as Average from "../../src/methods/Average.ts"
import { gameOf, rockPaperScissors } from "../support/Games.ts"

const parabola = minimisation(quadratic({ spectrum: [1] }))
/** x y between balls of radius 1. */
const product = saddlePoint(
  bilinearGame({ matrix: Float64Array.of(1), columns: 1, feasible: FeasibleSet.ball(1) }),
  { error: 0 },
)

const after = (
  scheme: Scheme,
  steps: number,
  problem = product,
  start = Float64Array.of(0.5, 0),
) => {
  const state = scheme.init(problem, start)
  for (let t = 0; t < steps; t++) scheme.step(state)
  return { ...state, residual: scheme.residual(state) }
}

describe("steps by hand", () => {
  it("gradient descent-ascent updates both players at once", () => {
    const { average, point, residual } = after(projectedGradient({ step: 0.5 }), 2)
    assert.deepStrictEqual(point, Float64Array.of(0.375, 0.5))
    assert.deepStrictEqual(Average.mean(average), Float64Array.of(0.5, 0.125))
    assert.strictEqual(residual, Math.sqrt(0.125 ** 2 + 0.25 ** 2) * 2)
  })

  it("extragradient looks ahead", () => {
    // w = (0.5, 0.25), z+ = (0.5 - 0.5 0.25, 0.5 0.5)
    const { average, candidate, evaluations, point } = after(extragradient({ step: 0.5 }), 1)
    assert.deepStrictEqual(point, Float64Array.of(0.375, 0.25))
    assert.deepStrictEqual(candidate, Float64Array.of(0.5, 0.25))
    assert.deepStrictEqual(Average.mean(average), candidate)
    assert.strictEqual(evaluations, 2)
  })

  it("the optimistic gradient asks once a step", () => {
    const { evaluations, point } = after(optimisticGradient({ step: 0.5 }), 2)
    // w1 = (.5, .25), z1 = (.375, .25), w2 = z1 - .5 V(w1) = (.25, .5), z2 = z1 - .5 V(w2)
    assert.deepStrictEqual(point, Float64Array.of(0.125, 0.375))
    assert.strictEqual(evaluations, 3)
  })

  it("acceleration has momentum t / (t + 3)", () => {
    const flat = { ...parabola, operator: (_: Float64Array, out: Float64Array) => void out.fill(1) }
    const points = [1, 2, 3].map(
      (steps) => after(accelerated({ smoothness: 1 }), steps, flat, Float64Array.of(0)).point[0],
    )
    assert.deepStrictEqual(points, [-1, -2, -3.25])
  })

  it("acceleration with strong convexity has momentum (1 - q) / (1 + q) and (2 - q) / (2 + q)", () => {
    const constants = { smoothness: 4, strongConvexity: 1 }
    const flat = { ...parabola, operator: (_: Float64Array, out: Float64Array) => void out.fill(4) }
    const from = Float64Array.of(0)
    const second = (scheme: Scheme) => after(scheme, 2, flat, from).point[0]!
    assert.approximately(second(acceleratedStronglyConvex(constants)), -1 - 1 / 3 - 1, 1e-15)
    assert.approximately(second(inexactAccelerated(constants)), -0.5 - 0.3 - 0.5, 1e-15)
  })
})

const schemes: ReadonlyArray<Scheme> = [
  gradientDescent({ step: 0.1 }),
  projectedGradient({ step: 0.1 }),
  accelerated({ smoothness: 10 }),
  acceleratedStronglyConvex({ smoothness: 10, strongConvexity: 0.1 }),
  inexactAccelerated({ smoothness: 10, strongConvexity: 0.1 }),
  extragradient({ step: 0.1 }),
  optimisticGradient({ step: 0.1 }),
]

describe.each(schemes.map((scheme) => ({ name: scheme.name, scheme })))("$name", ({ scheme }) => {
  it("copies its start and projects it", () => {
    const start = Float64Array.of(3, 4)
    const { point } = scheme.init(product, start)
    assert.deepStrictEqual(start, Float64Array.of(3, 4))
    assert.deepStrictEqual(point, Float64Array.of(1, 1))
  })

  it("stays at a solution, with residual 0", () => {
    const { point, residual, status } = after(scheme, 3, product, Float64Array.of(0, 0))
    assert.strictEqual(Vector.norm(point), 0)
    assert.strictEqual(residual, 0)
    assert.strictEqual(status, "running")
  })

  it("says that it diverged, and keeps the last finite point", () => {
    const poison = {
      ...parabola,
      operator: (_: Float64Array, out: Float64Array) => void out.fill(Number.NaN),
    }
    const state = after(scheme, 2, poison, Float64Array.of(2))
    assert.strictEqual(state.status, "diverged")
    assert.deepStrictEqual(state.point, Float64Array.of(2))
  })

  it("takes the vectors of the oracle from the workspace of the problem, with the same bits", () => {
    const { arena } = Kernels.strict()
    const used = arena.used
    const plain = after(scheme, 5)
    arena.scoped((workspace) => {
      const inside = after(
        scheme,
        5,
        regularised({ ...product, workspace }, 0, Float64Array.of(0, 0)),
      )
      assert.isTrue(arena.holds(inside.point))
      assert.deepStrictEqual(inside.point.slice(), plain.point)
      assert.strictEqual(inside.residual, plain.residual)
    })
    assert.strictEqual(arena.used, used)
  })

  it("refuses a start of another length, or one that is not finite", () => {
    assert.throws(() => scheme.init(product, Float64Array.of(1)), /length of start must be 2/)
    assert.throws(() => scheme.init(product, Float64Array.of(1, Number.NaN)), /must be finite/)
  })
})

describe("problems times methods", () => {
  const { problem: pennies, center } = gameOf(rockPaperScissors, 3)
  const whole = regularised(pennies, 0.5, center)
  const start = Float64Array.of(1, 0, 0, 0, 1, 0)
  const converging: ReadonlyArray<readonly [string, Scheme]> = [
    ["extragradient", extragradient({ step: 0.2 })],
    ["optimistic gradient", optimisticGradient({ step: 0.15 })],
    ["gradient descent-ascent, short", projectedGradient({ step: 0.05 })],
  ]
  it.each(converging)("%s finds the equilibrium of rock, paper, scissors", (_, scheme) => {
    const { candidate, residual } = after(scheme, 2000, whole, start)
    assert.isAtMost(Vector.distance(candidate, center), 1e-9)
    assert.isAtMost(residual, 1e-9)
  })

  it("cycles without regularisation and without looking ahead", () => {
    const { point } = after(projectedGradient({ step: 0.1 }), 2000, pennies, start)
    assert.isAtLeast(Vector.distance(point, center), 0.5)
  })
})
