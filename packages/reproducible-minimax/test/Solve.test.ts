import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { FeasibleSet, leastSquares, matrixGame, Products, quadraticGame } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import {
  Irreproducible,
  measureError,
  minimisation,
  NotMonotone,
  plan,
  saddlePoint,
  solve,
  stochastic,
  type Tolerances,
} from "../src/index.ts"
import { gameOf, rockPaperScissors } from "./support/Games.ts"

const options = { gap: 0.01, deviation: 1e-7, failure: 1e-3, seed: Seed.root(1) }
const { center, problem } = gameOf(rockPaperScissors, 3)

describe("solve", () => {
  it("certifies the equilibrium of rock, paper, scissors", () => {
    const { certified, plan: chosen, published } = solve(problem, center, options)
    assert.isAtMost(Vector.distance(certified.point, center), 1e-12)
    assert.isAtMost(certified.distance, options.deviation / 2)
    assert.strictEqual(chosen.algorithm, "regularised")
    assert.approximately(chosen.strength, 0.01 / (4 / 3), 1e-15)
    assert.strictEqual(published.width, 2 ** -11)
    assert.isAtMost(published.failure, 1e-3)
    assert.isAtMost(Vector.distance(published.point, center), 2 ** -11 * Math.sqrt(6))
    assert.isAtMost(problem.gap!(published.point), 0.01)
  })

  it("publishes the golden bits, whatever computes the products", () => {
    const matrix = Float64Array.of(3, -1, 2, -2, 4, 0.5, 1, 1, -3, 0.25, -0.5, 2)
    const oracles = [
      Products.float64,
      Products.permuted(RandomStream.make(Seed.root(8))),
      Products.permuted(RandomStream.make(Seed.root(9))),
    ]
    const golden = solve(gameOf(matrix, 4).problem, gameOf(matrix, 4).center, options)
    for (const products of oracles) {
      const game = gameOf(matrix, 4, products)
      const { published } = solve(game.problem, game.center, options)
      assert.deepStrictEqual(published.point, golden.published.point)
    }
    assert.deepStrictEqual(
      [...golden.published.point],
      [
        0.38472502041703327, 0, 0.6152749795829667, 0, 0.0002660697085789698, 0.6155237047973467,
        0.3842102254940743,
      ],
    )
  })

  it("chooses the proximal steps where one regularised game would lose its gap to the errors", () => {
    const tolerances = { gap: 0.05, deviation: 0.05 }
    const chosen = plan(problem, center, tolerances)
    assert.strictEqual(chosen.algorithm, "proximal")
    const { certified } = solve(problem, center, { ...options, ...tolerances })
    assert.isAtMost(problem.gap!(certified.point), 0.05)
    assert.isAtMost(certified.distance, 0.025)
  })

  it("plans by the tolerances alone, never by the oracle", () => {
    const single = gameOf(rockPaperScissors, 3, Products.float32)
    assert.deepStrictEqual(plan(single.problem, center, options), plan(problem, center, options))
  })

  it("minimises, on a ball", () => {
    const objective = leastSquares({
      features: Float64Array.of(1, 0, 1, 1, 1, 2),
      dimension: 2,
      targets: Float64Array.of(0, 1, 3),
    })
    const bounded = minimisation(objective, { feasible: FeasibleSet.ball(4), error: 1e-13 })
    const { certified } = solve(bounded, new Float64Array(2), options)
    const scratch = new Float64Array(2)
    const attained = objective.valueAndGradient(objective.minimiser, scratch)
    assert.isAtMost(objective.valueAndGradient(certified.point, scratch) - attained, 0.01)
  })

  it("solves a game of one row, and of one entry", () => {
    const row = gameOf(Float64Array.of(1, 2, 0.5), 3)
    // the second player maximises: the largest entry
    const { certified } = solve(row.problem, row.center, options)
    assert.isAtMost(row.problem.gap!(certified.point), 0.01)
    assert.strictEqual(certified.point[0], 1)
    const entry = gameOf(Float64Array.of(7), 1)
    assert.deepStrictEqual(
      solve(entry.problem, entry.center, options).certified.point,
      Float64Array.of(1, 1),
    )
  })
})

describe("refusals", () => {
  it("names what would be possible, where float32 is not exact enough", () => {
    const single = gameOf(rockPaperScissors, 3, Products.float32)
    assert.throws(
      () => solve(single.problem, center, options),
      Irreproducible,
      /oracle error of .* cannot give both a gap of 0.01 and a deviation of 1e-7.*or compute more exactly/,
    )
  })

  const float32 = gameOf(rockPaperScissors, 3, Products.float32).problem
  const refusalOf = (tolerances: Tolerances): Irreproducible => {
    try {
      solve(float32, center, { ...options, ...tolerances })
    } catch (error) {
      if (error instanceof Irreproducible) return error
      throw error
    }
    return assert.fail("not refused")
  }

  it.each([
    { gap: 0.01, deviation: 3e-5 },
    { gap: 1e-3, deviation: 1e-5 },
    { gap: 0.7, deviation: 3e-6 },
  ])(
    "gives what it names as possible, for a gap of $gap and a deviation of $deviation",
    (asked) => {
      const { possibleDeviation, possibleGap } = refusalOf(asked)
      for (const tolerances of [
        { ...asked, gap: possibleGap },
        { ...asked, deviation: possibleDeviation },
      ]) {
        const { certified } = solve(float32, center, { ...options, ...tolerances })
        assert.isAtMost(float32.gap!(certified.point), tolerances.gap)
        assert.isAtMost(certified.distance, tolerances.deviation / 2)
      }
    },
  )

  it("names no tolerance that is infinite, that would be refused too, or that every point meets", () => {
    for (const deviation of [1e-7, 1e-15, 1e-300, 5e-324]) {
      const { message, possibleDeviation, possibleGap } = refusalOf({ gap: 0.01, deviation })
      assert.notInclude(message, "Infinity")
      assert.strictEqual(possibleGap, Number.POSITIVE_INFINITY)
      assert.isBelow(possibleDeviation, 1)
    }
    const stream = RandomStream.make(Seed.root(5))
    assert.throws(
      () => solve(stochastic(problem, stream, 1e-9), center, options),
      /^an oracle without a bound on its error cannot give .*; compute more exactly$/,
    )
  })

  it("names tolerances below the noise of float64", () => {
    assert.throws(() => solve(problem, center, { ...options, deviation: 1e-15 }), Irreproducible)
  })

  it("finds a game that is not convex-concave", () => {
    const game = quadraticGame({
      coupling: Float64Array.of(1),
      columns: 1,
      min: { feasible: FeasibleSet.ball(1), quadratic: Float64Array.of(-2) },
      max: { feasible: FeasibleSet.ball(1) },
    })
    assert.throws(
      () => solve(saddlePoint(game), Float64Array.of(0.1, 0.1), options),
      NotMonotone,
      /not convex-concave: at step \d+/,
    )
  })
})

describe("the delta meter", () => {
  it("reads nothing between equal oracles, and float32 rounding between others", () => {
    const double = saddlePoint(matrixGame({ matrix: rockPaperScissors, columns: 3 }))
    const single = gameOf(
      rockPaperScissors.map((x) => x / 3),
      3,
      Products.float32,
    ).problem
    const third = gameOf(
      rockPaperScissors.map((x) => x / 3),
      3,
    ).problem
    const settings = { center, spread: 0.2, points: 50, seed: Seed.root(4) }
    assert.strictEqual(measureError(double, double, settings).largest, 0)
    const { largest, mean, standardError } = measureError(third, single, settings)
    assert.isAbove(mean, 1e-9)
    assert.isBelow(largest, single.error)
    assert.isBelow(standardError, mean)
  })
})
