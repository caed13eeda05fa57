import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { quadratic } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { minimisation } from "../../src/index.ts"
import {
  inexactStart,
  onGrid,
  throughFloat32,
  inexact,
  stochastic,
} from "../../src/oracle/InexactOracle.ts"
import { gameOf, rockPaperScissors } from "../support/Games.ts"
import * as ErrorStrategy from "../../src/oracle/ErrorStrategy.ts"

const problem = minimisation(quadratic({ spectrum: [1, 2, 3] }))
const z = Float64Array.of(0.3, -0.1, 0.7)
const answer = (of = problem, at: Float64Array = z) => {
  const out = new Float64Array(at.length)
  of.operator(at, out)
  return out
}
const stream = () => RandomStream.make(Seed.root(2))

const strategies = {
  constant: ErrorStrategy.constant(Float64Array.of(1, 2, 2)),
  outward: ErrorStrategy.radial(Float64Array.of(1, 1, 1), 1),
  inward: ErrorStrategy.radial(Float64Array.of(1, 1, 1), -1),
  signs: ErrorStrategy.signs(Float64Array.of(0, 0, 0)),
  random: ErrorStrategy.random(stream()),
  damping: ErrorStrategy.damping,
  turning: ErrorStrategy.turning,
}

describe.each(Object.entries(strategies))("the strategy %s", (_, strategy) => {
  it("spends the whole error, and says so", () => {
    const oracle = inexact(problem, strategy, 0.01)
    assert.approximately(Vector.distance(answer(oracle), answer()), 0.01, 1e-15)
    assert.strictEqual(oracle.error, 0.01)
  })
})

describe("strategies", () => {
  it("err in the direction that their name says", () => {
    const moved = (strategy: ErrorStrategy.ErrorStrategy) => {
      const error = new Float64Array(3)
      strategy(z, answer(), error)
      return error
    }
    assert.deepStrictEqual(
      [...moved(strategies.signs)].map((x) => Math.sign(x)),
      [1, -1, 1],
    )
    assert.approximately(
      Vector.dot(moved(strategies.damping), answer()),
      -Vector.norm(answer()),
      1e-15,
    )
    assert.approximately(Vector.dot(moved(strategies.turning), answer()), 0, 1e-15)
    const [out, back] = [moved(strategies.outward), moved(strategies.inward)]
    assert.deepStrictEqual(
      out,
      back.map((x) => -x),
    )
  })

  it("add up", () => {
    const twice = inexact(inexact(problem, strategies.constant, 0.01), strategies.signs, 0.02)
    assert.strictEqual(twice.error, 0.03)
  })
})

describe("other oracles", () => {
  it("starts are within delta of each other", () => {
    const draw = stream()
    const [one, two] = [inexactStart(z, 0.1, draw), inexactStart(z, 0.1, draw)]
    assert.approximately(Vector.distance(one, z), 0.05, 1e-16)
    assert.isAtMost(Vector.distance(one, two), 0.1)
  })

  it("noise has no certain bound", () => {
    const noisy = stochastic(problem, stream(), 0.1)
    assert.strictEqual(noisy.error, Number.POSITIVE_INFINITY)
    assert.notDeepEqual(answer(noisy), answer(noisy))
  })

  it("a grid rounds to its multiples", () => {
    const coarse = onGrid(problem, 0.25)
    assert.deepStrictEqual(answer(coarse), Float64Array.of(0.25, -0.25, 2))
    assert.strictEqual(coarse.error, 0.125 * Math.sqrt(3))
  })

  it("float32 rounds on the way, and stays within its bound", () => {
    const { center, problem: game } = gameOf(rockPaperScissors, 3)
    const narrow = throughFloat32(game, center)
    const error = Vector.distance(answer(narrow, center), answer(game, center))
    assert.isAtMost(error, narrow.error)
    assert.isBelow(narrow.error, 2e-6)
    assert.throws(() => throughFloat32(problem, z), /must be bounded/)
  })

  it("refuse errors that are negative", () => {
    assert.throws(() => inexact(problem, strategies.signs, -1), /delta must be a finite number/)
    assert.throws(() => stochastic(problem, stream(), Number.NaN), /delta must be/)
    assert.throws(() => onGrid(problem, 0), /spacing must be positive/)
    assert.throws(() => inexactStart(z, -1, stream()), /delta must be/)
  })
})
