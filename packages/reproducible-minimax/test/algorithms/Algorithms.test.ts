import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { logistic, quadratic, robustLeastSquares } from "@nonconvex/problems"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { assert, describe, it } from "vitest"
import {
  inexactProximalPoint,
  minimisation,
  type Problem,
  regularisedMinimax,
  regularisedMinimisation,
  saddlePoint,
} from "../../src/index.ts"
import * as Theory from "../../src/theory/Parameters.ts"
import { gameOf, rockPaperScissors } from "../support/Games.ts"
import * as ErrorStrategy from "../../src/oracle/ErrorStrategy.ts"
import { inexact } from "../../src/oracle/InexactOracle.ts"

describe("Algorithm 1", () => {
  const start = Float64Array.of(2, 0)
  const problem = minimisation(quadratic({ spectrum: [0.3, 1], minimiser: Float64Array.of(0, 1) }))
  const request = { gap: 0.05, distance: 2.5, inexact: "start", delta: 1e-3 } as const

  it("returns the regularised minimiser to the accuracy of the theorem, certified", () => {
    const solution = regularisedMinimisation(problem, start, request)
    const r = 0.05 / 2.5 ** 2
    assert.strictEqual(solution.status, "certified")
    assert.approximately(solution.regularisation, r, 1e-18)
    const expected = Float64Array.of((2 * r) / (0.3 + r), 1 / (1 + r))
    const accuracy = Theory.minimisationAccuracyOfStart(0.05, 1e-3, 2.5)
    assert.isAtMost(Vector.distance(solution.point, expected), Math.sqrt((2 * accuracy) / r))
    assert.isAtLeast(solution.distance, Vector.distance(solution.point, expected))
  })

  it("takes the steps of the theorem where it is asked to", () => {
    const fixed = regularisedMinimisation(problem, start, { ...request, stop: "fixed" })
    const r = Theory.regularisation(0.05, 2.5)
    const initial = Theory.initialGap(1, 2.5, r)
    const accuracy = Theory.minimisationAccuracyOfStart(0.05, 1e-3, 2.5)
    assert.strictEqual(fixed.steps, Theory.acceleratedSteps(1, r, initial, accuracy))
    assert.strictEqual(fixed.status, "fixed")
  })

  it("works on a ball, and on logistic regression", () => {
    const objective = logistic({
      features: Float64Array.of(1, 2, -1, 0.5, 0.3, -2),
      dimension: 2,
      labels: [1, -1, 1],
    })
    const bounded = minimisation(objective, { feasible: FeasibleSet.ball(1) })
    const solution = regularisedMinimisation(bounded, Float64Array.of(0, 0), {
      gap: 0.02,
      distance: 1,
      inexact: "start",
      delta: 1e-2,
    })
    assert.strictEqual(solution.status, "certified")
    assert.isAtMost(Vector.norm(solution.point), 1 + 1e-15)
  })

  it("with an inexact gradient reaches the certificate above the noise", () => {
    const errors = ErrorStrategy.random(RandomStream.make(Seed.root(3)))
    const noisy = inexact(problem, errors, 1e-3)
    const solution = regularisedMinimisation(noisy, start, {
      gap: 0.05,
      distance: 2.5,
      inexact: "gradient",
      delta: 1e-3,
    })
    assert.isBelow(solution.steps, 400)
    assert.notStrictEqual(solution.status, "fixed")
  })
})

describe("Algorithms 2 and 3", () => {
  const { center, problem } = gameOf(rockPaperScissors, 3)
  const start = Float64Array.of(1, 0, 0, 0, 1, 0)
  const request = { gap: 0.05, distance: Math.SQRT2, delta: 1e-3 }

  it.each(["start", "gradient"] as const)("find the equilibrium with an inexact %s", (which) => {
    const two = regularisedMinimax(problem, start, { ...request, inexact: which })
    const three = inexactProximalPoint(problem, start, { ...request, inexact: which })
    for (const { point, status } of [two, three]) {
      assert.isAtMost(problem.gap!(point), 0.1)
      assert.notStrictEqual(status, "stalled")
    }
    assert.isAtMost(Vector.distance(three.last, center), 1e-2)
  })

  it("solve robust least squares on balls", () => {
    const game = saddlePoint(
      robustLeastSquares({
        features: Float64Array.of(1, 0, 1, 1, 1, 2),
        dimension: 2,
        targets: Float64Array.of(0, 0.5, 1.5),
        penalty: 2,
        feasible: [FeasibleSet.ball(2), FeasibleSet.ball(4)],
      }),
    )
    const solution = regularisedMinimax(game, new Float64Array(5), {
      gap: 0.5,
      distance: 8,
      inexact: "start",
      delta: 0.1,
    })
    assert.isAtMost(game.gap!(solution.point), 1)
  })
})

describe("certificates of inexact gradients", () => {
  /** Answers `answer` at every point, and then the next of `errors` more; declares `error`. */
  const erring = (answer: number, errors: ReadonlyArray<number>, error: number): Problem => {
    let call = 0
    return {
      name: "constant",
      dimensions: [1, 0],
      feasible: FeasibleSet.product([FeasibleSet.ball(4), 1]),
      smoothness: 1e-6,
      error,
      operator: (_, out) => void out.fill(answer + errors[Math.min(call++, errors.length - 1)]!),
    }
  }
  const request = { gap: 16, distance: 4, inexact: "gradient", delta: 1 } as const

  it("are about the corrected point, not about the half step before it", () => {
    // r = 1: the solution is -3; one step ends at -1 whose half step seemed to be solved
    const problem = erring(3, [1, -1, -1], 1)
    const { distance, point, steps } = regularisedMinimax(problem, Float64Array.of(0), request)
    assert.strictEqual(steps, 1)
    assert.approximately(point[0]!, -1, 1e-5)
    assert.isAtLeast(distance, Math.abs(point[0]! + 3))
    assert.isAtMost(distance, 2.1)
  })

  it.each([
    ["1", regularisedMinimisation],
    ["2", regularisedMinimax],
  ] as const)(
    "of Algorithm %s allow for the delta of the request where the oracle declares less",
    (_, algorithm) => {
      // F = 0, r = 0.01: the solution is 0
      const problem = erring(0, [1e-3], 0)
      const weak = { ...request, gap: 0.01, distance: 1, delta: 1e-3 }
      const stopped = { ...weak, stop: "fixed" } as const
      const { distance, point } = algorithm(
        { ...problem, smoothness: 1 },
        Float64Array.of(0),
        stopped,
      )
      assert.approximately(point[0]!, -0.1, 5e-3)
      assert.isAtLeast(distance, Math.abs(point[0]!))
    },
  )
})
