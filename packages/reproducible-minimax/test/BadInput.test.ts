import { InvalidInput, Seed } from "@nonconvex/numerics"
import { quadratic, quadraticGame } from "@nonconvex/problems"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { assert, describe, it } from "vitest"
import {
  accelerated,
  ditheredRounding,
  extragradient,
  inexactProximalPoint,
  measureError,
  minimisation,
  optimisticGradient,
  projectedGradient,
  regularisedMinimax,
  regularisedMinimisation,
  saddlePoint,
} from "../src/index.ts"
import { widthFor } from "../src/solve/DitheredRounding.ts"
import { adversary, huber } from "../src/evidence/support/PiecewiseLinear.ts"
import { gameOf, rockPaperScissors } from "./support/Games.ts"
import { BelowNoise } from "../src/solve/Failures.ts"
import { plan } from "../src/solve/Plan.ts"

const line = minimisation(quadratic({ spectrum: [1] }))
const { center, problem } = gameOf(rockPaperScissors, 3)
const free = saddlePoint(
  quadraticGame({
    coupling: Float64Array.of(1),
    columns: 1,
    min: { feasible: FeasibleSet.wholeSpace },
    max: { feasible: FeasibleSet.wholeSpace },
  }),
  { error: 0 },
)
const request = { gap: 0.1, distance: 1, inexact: "gradient", delta: 1e-3 } as const
const at = Float64Array.of(1)

const bad: ReadonlyArray<readonly [what: string, run: () => unknown, message: RegExp]> = [
  ["a step of 0", () => projectedGradient({ step: 0 }), /step must be positive/],
  ["a negative step", () => extragradient({ step: -1 }), /step must be positive/],
  ["a step that is no number", () => optimisticGradient({ step: NaN }), /step must be positive/],
  ["an infinite smoothness", () => accelerated({ smoothness: Infinity }), /smoothness must be/],
  [
    "a gap of more than l D^2",
    () => regularisedMinimisation(line, at, { ...request, gap: 2 }),
    /at most l D\^2 \(got gap = 2/,
  ],
  [
    "a game for Algorithm 1",
    () => regularisedMinimisation(problem, center, request),
    /must be a minimisation/,
  ],
  [
    "an unbounded game",
    () => regularisedMinimax(free, Float64Array.of(1, 1), request),
    /set must be bounded \(got diameter = Infinity/,
  ],
  [
    "an unbounded game for Algorithm 3",
    () => inexactProximalPoint(free, Float64Array.of(1, 1), request),
    /set must be bounded/,
  ],
  [
    "an unbounded set for a plan",
    () => plan(line, at, { gap: 1, deviation: 1 }),
    /set must be bounded/,
  ],
  [
    "a gap of 0 for a plan",
    () => plan(problem, center, { gap: 0, deviation: 1 }),
    /gap must be positive/,
  ],
  [
    "a rounding width of 0",
    () => ditheredRounding(at, { seed: Seed.root(1), width: 0 }),
    /width must be positive/,
  ],
  [
    "a failure probability of 0",
    () => widthFor(1, 0, 1),
    /failure must lie strictly between 0 and 1/,
  ],
  [
    "a failure probability of 2",
    () => widthFor(1e-3, 2, 3),
    /failure must lie strictly between 0 and 1/,
  ],
  [
    "an objective without smoothness",
    () => minimisation({ ...quadratic({ spectrum: [1] }), constants: {} }),
    /no known smoothness/,
  ],
  ["an adversary that starts apart", () => adversary(0.2), /0.1 - delta must be positive/],
  ["a Huber function of no width", () => huber(0), /width must be positive/],
  [
    "a meter of problems of different sizes",
    () => measureError(problem, line, { center, spread: 1, points: 2, seed: Seed.root(1) }),
    /same size/,
  ],
]

describe("bad input", () => {
  it.each(bad)("%s", (_, run, message) => {
    assert.throws(run, InvalidInput, message)
  })

  it("a delta below the noise of float64 is named as such", () => {
    const run = () => regularisedMinimisation(line, at, { ...request, delta: 1e-17 })
    assert.throws(
      run,
      BelowNoise,
      /delta of an inexact gradient of 1e-17 is below the floating-point noise/,
    )
  })
})
