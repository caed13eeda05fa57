/** Requests that break an assumption of an algorithm are refused, with the numbers that break it. */
import { Draw } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics"
import { matrixGame, quadratic } from "@nonconvex/problems"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { requireRequest } from "../../src/algorithms/Solution.ts"
import {
  inexactProximalPoint,
  minimisation,
  type Problem,
  regularisedMinimax,
  regularisedMinimisation,
  saddlePoint,
} from "../../src/index.ts"
import { thrown } from "../support/thrown.ts"
import { BelowNoise } from "../../src/solve/Failures.ts"

const sizes = { l: Draw.logarithmic(0.1, 10), distance: Draw.logarithmic(0.1, 10) }

const isClose = (actual: number | undefined, expected: number): boolean =>
  actual !== undefined && Math.abs(actual - expected) <= 1e-12 * Math.abs(expected)

const line = minimisation(quadratic({ spectrum: [1] }))
const pennies = saddlePoint(matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 }))

const requests = Draw.record({
  field: Draw.oneOf("gap", "distance", "delta", "smoothness"),
  value: Draw.oneOf("zero", "negative", "not a number", "infinite"),
  isGame: Draw.oneOf(false, true),
})

const impossible = { zero: 0, negative: -1, "not a number": Number.NaN, infinite: Infinity }

/** A number that is not positive and finite is refused. */
const areRefused = (numbers: typeof impossible) =>
  fc.property(requests, ({ field, isGame, value }) => {
    const bad = numbers[value]
    const request = { gap: 0.1, distance: 1, inexact: "gradient", delta: 1e-3 } as const
    const base = isGame ? pennies : line
    const problem = field === "smoothness" ? { ...base, smoothness: bad } : base
    const changed = field === "smoothness" ? request : { ...request, [field]: bad }
    const error = thrown(() =>
      isGame
        ? regularisedMinimax(problem, Float64Array.of(1, 0, 1, 0), changed)
        : regularisedMinimisation(problem, Float64Array.of(1), changed),
    )
    return error instanceof InvalidInput || error instanceof BelowNoise
  })

/** Algorithm 1 refuses a gap of `times` l D^2 with an inexact gradient, and a game. */
const refusesGaps = (times: number) =>
  fc.property(Draw.record({ ...sizes, max: Draw.integer(1, 3) }), ({ distance, l, max }) => {
    const flat = minimisation(quadratic({ spectrum: [l] }))
    const most = l * distance * distance
    const refusal = (inexact: "start" | "gradient", players: Problem["dimensions"]) =>
      thrown(() =>
        regularisedMinimisation(
          { ...flat, dimensions: players },
          new Float64Array(players[0] + players[1]),
          { gap: times * most, distance, inexact, delta: 0.1 * l * distance },
        ),
      )
    const wide = refusal("gradient", [1, 0])
    const game = refusal("start", [1, max])
    return (
      wide instanceof InvalidInput &&
      isClose(Number(wide.numbers["gap"]), times * most) &&
      isClose(Number(wide.numbers["l D^2"]), most) &&
      game instanceof InvalidInput &&
      game.numbers["max"] === max &&
      refusal("start", [1, 0]) === undefined
    )
  })

const noises = Draw.record({
  ...sizes,
  dimension: Draw.integer(2, 9),
  inexact: Draw.oneOf("start", "gradient"),
})

/** A delta of `times` the noise of rounding is refused with that noise. */
const refusesNoise = (times: number) =>
  fc.property(noises, ({ dimension, distance, inexact, l }) => {
    const problem = minimisation(quadratic({ spectrum: new Float64Array(dimension).fill(l) }))
    const rounding = (Number.EPSILON / 2) * distance
    const noise = inexact === "start" ? rounding : rounding * l * Math.sqrt(dimension)
    const refusal = (delta: number) =>
      thrown(() => requireRequest("request", problem, { gap: l, distance, inexact, delta }))
    const error = refusal(times * noise)
    return (
      error instanceof BelowNoise &&
      isClose(error.noise, noise) &&
      error.requested === times * noise &&
      refusal(1.01 * noise) === undefined
    )
  })

describe("a request", () => {
  it("with a gap, distance, delta or smoothness that is not positive and finite is refused", () => {
    fc.assert(areRefused(impossible))
    const valid = { zero: 0.5, negative: 0.5, "not a number": 0.5, infinite: 0.5 }
    assert.isTrue(fc.check(areRefused(valid)).failed)
  })

  it("of a gap above l D^2 with an inexact gradient is refused by Algorithm 1, and so is a game", () => {
    fc.assert(refusesGaps(1.01))
    assert.isTrue(fc.check(refusesGaps(0.99)).failed)
  })

  it.each([
    ["2", regularisedMinimax],
    ["3", inexactProximalPoint],
  ] as const)("on a set without bound is refused by Algorithm %s", (_name, algorithm) => {
    const request = { gap: 1, distance: 1, inexact: "gradient", delta: 1 } as const
    const error = thrown(() => algorithm(line, new Float64Array(1), request))
    assert.instanceOf(error, InvalidInput)
    assert.strictEqual(
      error instanceof InvalidInput ? error.numbers["diameter"] : undefined,
      Number.POSITIVE_INFINITY,
    )
  })

  it("below the noise of rounding, 2^-53 D of a start and 2^-53 l D sqrt(d) of a gradient, is refused with that noise", () => {
    fc.assert(refusesNoise(0.99))
    assert.isTrue(fc.check(refusesNoise(1.01)).failed)
  })
})
