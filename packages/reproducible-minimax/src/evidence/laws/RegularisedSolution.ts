/** The solution of a regularised game does not move further than its centre, nor do the iterates of the proximal point method. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { plus } from "../support/Linear.ts"
import { derived, printed } from "../support/Paper.ts"
import { type Drawn, expand, gameFields, neighbour } from "../support/RandomProblem.ts"
import { mutant, type Subject, reproducibleMinimax } from "../support/Subject.ts"
import { answering, type Problem } from "../../problem/Problem.ts"

export const centers = {
  strength: Draw.logarithmic(1, 1e-3),
  apart: Draw.logarithmic(1, 1e-6),
}

const fields = { ...gameFields, ...centers }
type OfGame = Drawn<typeof fields>

/** The answers of two centres, certified to `1e-9` of their distance. */
const pair = (
  subject: Subject,
  { apart, strength, ...game }: OfGame,
  given: Given,
  change: (problem: Problem) => Problem = (problem) => problem,
) => {
  const expanded = expand(game, given)
  const { problem, start } = expanded
  const other = neighbour(expanded, apart)
  const solve = (center: Float64Array) =>
    subject.regularised(change(problem), center, strength, 1e-9 * apart)
  return { start, other, first: solve(start), second: solve(other) }
}

/** The signs of both players changed: a concave-convex game, whose answers are so many times as large. */
const reversed = (factor: number) => (problem: Problem) =>
  answering(problem, (answer) => Vector.scale(-factor, answer))

/** On sets, by iteration; in closed form see the claim `proximal-map-of-a-quadratic`. */
export const contraction = claim({
  id: "reproducible-minimax/regularised-solution-does-not-expand",
  statement:
    "The solution of a convex-concave game regularised around its start is nearer to that of another start than the starts are to each other, for every strength r > 0.",
  inFloatingPoint: "limit",
  source: printed("Lemma 3.2 and its twin for saddle points"),
  subject: reproducibleMinimax,
  instances: Draw.record(fields),
  value: (problem: Problem) => problem,
  margin: ({ instance, kernels, subject, value: change }) => {
    const { first, other, second, start } = pair(subject, instance, { kernels }, change)
    const allowed = Vector.distance(start, other) + 2e-9 * instance.apart
    return Margin.atMost(Vector.distance(first, second), allowed, 1e-9)
  },
  controls: [
    {
      ...mutant("a regularisation around twice the start", ({ regularised }) => ({
        regularised: (problem, center, ...rest) =>
          regularised(problem, plus(center, 1, center), ...rest),
      })),
      instances: Draw.record({
        ...fields,
        curvature: Draw.oneOf(0),
        strength: Draw.linear(1, 1),
      }),
    },
    {
      name: "a game with the signs of both players changed, weakly regularised",
      value: reversed(1),
      instances: Draw.record({
        ...fields,
        curvature: Draw.oneOf(1),
        min: Draw.integer(2, 4),
        max: Draw.integer(2, 4),
        set: Draw.oneOf("ball", "box"),
        strength: Draw.linear(0.4, 0.9),
        apart: Draw.logarithmic(0.1, 1e-3),
      }),
    },
  ],
})

export const firmness = claim({
  id: "reproducible-minimax/regularised-solution-is-firm",
  statement:
    "The solutions p of a game regularised around c satisfy |p - p'|^2 <= <p - p', c - c'>: the map is firmly nonexpansive.",
  inFloatingPoint: "limit",
  source: derived("the firm version of Lemma 3.2"),
  subject: reproducibleMinimax,
  instances: Draw.record(fields),
  margin: ({ instance, kernels, subject }) => {
    const { first, other, second, start } = pair(subject, instance, { kernels })
    const moved = plus(first, -1, second)
    const centersMoved = plus(start, -1, other)
    const slack = 8e-9 * instance.apart * instance.apart
    return Margin.atMost(Vector.dot(moved, moved), Vector.dot(moved, centersMoved) + slack, 1e-9)
  },
  controls: [
    mutant("a reflection in place of the solution", (subject) => ({
      regularised: (problem, center, strength, accuracy) => {
        const p = subject.regularised(problem, center, strength, accuracy)
        return p.map((x, i) => 2 * x - center[i]!)
      },
    })),
  ],
})

const proximalFields = {
  ...gameFields,
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  apart: Draw.logarithmic(1, 1e-3),
  first: Draw.integer(1, 4),
  second: Draw.integer(1, 4),
}

const request = { gap: 1, distance: 2, inexact: "gradient", delta: 1e-6 } as const

export const sequence = claim({
  id: "reproducible-minimax/proximal-sequence-does-not-expand",
  statement: "Proximal point steps of a convex-concave game do not move two starts apart.",
  inFloatingPoint: "limit",
  source: derived("the proximal map does not expand, step by step"),
  subject: reproducibleMinimax,
  instances: Draw.record(proximalFields),
  value: (problem: Problem) => problem,
  margin: ({ instance, kernels, subject, value: change }) => {
    const { apart, first: steps } = instance
    const expanded = expand(instance, { kernels })
    const starts = [expanded.start, neighbour(expanded, apart)] as const
    const problem = change(expanded.problem)
    const run = (from: Float64Array) =>
      subject.proximalPoint(problem, from, { ...request, steps }).last
    const [one, two] = starts.map(run)
    const allowed = Vector.distance(...starts) + 1e-4 * steps
    return Margin.atMost(Vector.distance(one!, two!), allowed, 1e-9)
  },
  controls: [
    {
      name: "a game with the signs of both players changed",
      value: reversed(0.6),
      instances: Draw.record({
        ...proximalFields,
        curvature: Draw.oneOf(1),
        zeros: Draw.integer(0, 0),
        set: Draw.oneOf("ball", "box"),
        apart: Draw.logarithmic(0.1, 0.01),
      }),
    },
  ],
})

export const splitting = claim({
  id: "reproducible-minimax/proximal-sequence-restarts",
  statement:
    "Splitting the steps of Algorithm 3 into two runs leaves the last iterate where it was.",
  inFloatingPoint: "agreement",
  source: derived("a proximal step depends on the last iterate alone"),
  subject: reproducibleMinimax,
  instances: Draw.record(proximalFields),
  value: 0,
  margin: ({ instance, kernels, subject, value: drop }) => {
    const { problem, start } = expand(instance, { kernels })
    const { first, second } = instance
    const run = (from: Float64Array, steps: number) =>
      subject.proximalPoint(problem, from, { ...request, steps }).last
    const whole = run(start, first + second)
    const parts = run(run(start, first), second + drop)
    // a point of a simplex may move by an ulp when it is projected again
    return Margin.atMost(Vector.distance(whole, parts), 1e-13)
  },
  controls: [{ name: "a step more", value: 1 }],
})
