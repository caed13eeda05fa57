import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { leastSquares, matrixGame, quadraticGame } from "@nonconvex/problems"
import * as Products from "@nonconvex/problems/Products"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { assert, describe, it } from "vitest"
import { measureError, minimisation, quadraticOnBall, saddlePoint, solve } from "../../src/index.ts"
import { type Tolerances, plan } from "../../src/solve/Plan.ts"
import { gameOf, rockPaperScissors } from "../support/Games.ts"
import { GapMissed, Irreproducible, NotMonotone, TooCoarse } from "../../src/solve/Failures.ts"
import { stochastic } from "../../src/oracle/InexactOracle.ts"

const options = { gap: 0.01, deviation: 1e-7, failure: 1e-3, seed: Seed.root(1) }
const { center, problem } = gameOf(rockPaperScissors, 3)

describe("solve", () => {
  it("certifies the equilibrium of rock, paper, scissors", () => {
    const { certified, gap, plan: chosen, published } = solve(problem, center, options)
    assert.isAtMost(Vector.distance(certified.point, center), 1e-12)
    assert.isAtMost(certified.distance, options.deviation / 2)
    assert.strictEqual(chosen.algorithm, "regularised")
    assert.approximately(chosen.strength, 0.01 / (4 / 3), 1e-15)
    assert.strictEqual(published.width, 2 ** -11)
    assert.isAtMost(published.failure, 1e-3)
    assert.isAtMost(Vector.distance(published.point, center), 2 ** -11 * Math.sqrt(6))
    assert.isAtMost(problem.gap!(published.point), 0.01)
    assert.strictEqual(gap, problem.gap!(published.point))
  })

  it("publishes the golden bits, whatever computes the products", () => {
    const matrix = Float64Array.of(3, -1, 2, -2, 4, 0.5, 1, 1, -3, 0.25, -0.5, 2)
    const oracles = [
      Products.float64,
      Products.permuted(RandomStream.make(Seed.root(8))),
      Products.permuted(RandomStream.make(Seed.root(9))),
    ]
    const near = { ...options, deviation: 1e-8 }
    const golden = solve(gameOf(matrix, 4).problem, gameOf(matrix, 4).center, near)
    for (const products of oracles) {
      const game = gameOf(matrix, 4, products)
      const { published } = solve(game.problem, game.center, near)
      assert.deepStrictEqual(published.point, golden.published.point)
    }
    assert.deepStrictEqual(
      [...golden.published.point],
      [
        0.38485463994793956, 0, 0.6151453600520604, 0, 0.000006456830744627773, 0.6156390141019176,
        0.384354529067338,
      ],
    )
  })

  it("chooses the proximal steps where one regularised game would lose its gap to the errors", () => {
    const tolerances = { gap: 0.05, deviation: 6e-4 }
    const chosen = plan(problem, center, tolerances)
    assert.strictEqual(chosen.algorithm, "proximal")
    const { certified, gap } = solve(problem, center, { ...options, ...tolerances, failure: 0.5 })
    assert.isAtMost(problem.gap!(certified.point), 0.05)
    assert.isAtMost(gap, 0.05)
    assert.isAtMost(certified.distance, 3e-4)
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
    const near = { ...options, deviation: 1e-8 }
    const { certified, gap, published } = solve(bounded, new Float64Array(2), near)
    const scratch = new Float64Array(2)
    const attained = objective.valueAndGradient(objective.minimiser, scratch)
    const gapOf = (x: Float64Array) => objective.valueAndGradient(x, scratch) - attained
    assert.isAtMost(gapOf(certified.point), 0.01)
    // where the minimum has no closed form the gap is the bound that was proved
    assert.isAtMost(gapOf(published.point), gap)
    assert.isAtMost(gap, 0.01)
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
      () => solve(single.problem, center, { ...options, gap: 0.05, failure: 0.9 }),
      Irreproducible,
      /oracle error of .* cannot give both a gap of 0.05 and a deviation of 1e-7.*or compute with smaller errors/,
    )
  })

  const float32 = gameOf(rockPaperScissors, 3, Products.float32).problem
  /** A grid so fine that rounding hardly costs anything. */
  const likely = { ...options, failure: 0.9 }
  const refusalOf = (tolerances: Tolerances): Irreproducible => {
    try {
      solve(float32, center, { ...likely, ...tolerances })
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
      const named = [
        { ...asked, gap: possibleGap },
        { ...asked, deviation: possibleDeviation },
      ].filter(({ deviation, gap }) => Number.isFinite(gap + deviation))
      assert.isNotEmpty(named)
      for (const tolerances of named) {
        const { certified, gap } = solve(float32, center, { ...likely, ...tolerances })
        assert.isAtMost(gap, tolerances.gap)
        assert.isAtMost(float32.gap!(certified.point), tolerances.gap)
        assert.isAtMost(certified.distance, tolerances.deviation / 2)
      }
    },
  )

  it("names no tolerance that is infinite, that would be refused too, or that every point meets", () => {
    for (const deviation of [1e-7, 1e-15, 1e-300, 5e-324]) {
      const { message, possibleDeviation, possibleGap } = refusalOf({ gap: 0.05, deviation })
      assert.notInclude(message, "Infinity")
      assert.strictEqual(possibleGap, Number.POSITIVE_INFINITY)
      assert.isBelow(possibleDeviation, 1)
    }
    const stream = RandomStream.make(Seed.root(5))
    assert.throws(
      () => solve(stochastic(problem, stream, 1e-9), center, options),
      /^an oracle without a bound on its error cannot give .*; compute with smaller errors$/,
    )
  })

  const steep = quadraticOnBall({
    hessian: Float64Array.of(1, 0, 0, 1),
    linear: Float64Array.of(1000, 0),
    radius: 1,
  })
  it("names what would do where rounding may cost more than the gap leaves", () => {
    const asked = { ...options, deviation: 1e-3 }
    const start = new Float64Array(2)
    let refused: TooCoarse | undefined
    try {
      solve(steep, start, asked)
    } catch (error) {
      if (error instanceof TooCoarse) refused = error
      else throw error
    }
    assert.match(
      refused!.message,
      /^a deviation of 0\.001 and a failure of 0\.001 need a grid of 2; .* cost a gap of \d+, but only 0\.005 is left; ask for a deviation of \S+$/,
    )
    const near = { ...asked, deviation: refused!.possibleDeviation }
    assert.isAtMost(steep.gap(solve(steep, start, near).published.point), 0.01)
    assert.strictEqual(refused!.possibleFailure, Number.POSITIVE_INFINITY)
    // nobody can compute this gap: what rounding may cost it counts
    const { gap: _, ...unknown } = problem
    assert.throws(
      () => solve(unknown, center, { ...options, gap: 1e-3 }),
      TooCoarse,
      /a failure of/,
    )
  })

  it("names what would do with products that are exact enough", () => {
    const tolerances = { gap: 0.01, deviation: 1e-3, failure: 1e-3 }
    assert.throws(
      () => solve(float32, center, { ...options, ...tolerances }),
      TooCoarse,
      /; compute with smaller errors and ask for a deviation of \S+$/,
    )
  })

  it("finds an answer that is worse than was proved, for the oracle is not the problem's", () => {
    const other = { ...problem, gap: () => 0.5 }
    assert.throws(
      () => solve(other, center, options),
      GapMissed,
      /has a gap of 0\.5 instead of 0\.01; declare a larger smoothness/,
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
