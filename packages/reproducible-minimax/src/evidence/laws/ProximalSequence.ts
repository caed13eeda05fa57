/** The iterates of the proximal point method. */
import { Draw, type Given, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { direction, plus } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import { type Drawn, expand, gameFields } from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"
import type { Problem } from "../../problem/Problem.ts"

const fields = {
  ...gameFields,
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  apart: Draw.logarithmic(1, 1e-3),
  first: Draw.integer(1, 4),
  second: Draw.integer(1, 4),
}
type Proximal = Drawn<typeof fields>

const request = { gap: 1, distance: 2, inexact: "gradient", delta: 1e-6 } as const

const sequenceMargin =
  (change: (problem: Problem) => Problem) =>
  (subject: Subject, instance: Proximal, given: Given): number => {
    const { problem, start, stream } = expand(instance, given)
    const other = plus(start, instance.apart, direction(start.length, stream("other")))
    problem.feasible.project(other, 0, other.length)
    const [one, two] = [start, other].map(
      (from) =>
        subject.proximalPoint(change(problem), from, { ...request, steps: instance.first }).last,
    )
    return Margin.atMost(
      Vector.distance(one!, two!),
      Vector.distance(start, other) + 1e-4 * instance.first,
      1e-9,
    )
  }

export const sequence = law<Subject, Proximal>({
  id: "reproducible-minimax/proximal-sequence-does-not-expand",
  statement: "Proximal point steps of a convex-concave game do not move two starts apart.",
  source: derived("the proximal map does not expand, step by step"),
  instances: Draw.record<Proximal>(fields),
  margin: sequenceMargin((problem) => problem),
  controls: [
    {
      name: "a game with the signs of both players changed",
      margin: sequenceMargin((problem) => ({
        ...problem,
        operator: (z, out) => {
          problem.operator(z, out)
          Vector.scale(-0.6, out)
        },
      })),
      instances: Draw.record<Proximal>({
        ...fields,
        curvature: Draw.oneOf(1),
        zeros: Draw.integer(0, 0),
        set: Draw.oneOf("ball", "box"),
        apart: Draw.logarithmic(0.1, 0.01),
      }),
    },
  ],
})

const splittingMargin =
  (drop: number) =>
  (subject: Subject, instance: Proximal, given: Given): number => {
    const { problem, start } = expand(instance, given)
    const { first, second } = instance
    const run = (from: Float64Array, steps: number) =>
      subject.proximalPoint(problem, from, { ...request, steps }).last
    const whole = run(start, first + second)
    const parts = run(run(start, first), second + drop)
    // a point of a simplex may move by an ulp when it is projected again
    return Margin.atMost(Vector.distance(whole, parts), 1e-13)
  }

export const splitting = law<Subject, Proximal>({
  id: "reproducible-minimax/proximal-sequence-restarts",
  statement:
    "Splitting the steps of Algorithm 3 into two runs leaves the last iterate where it was.",
  source: derived("a proximal step depends on the last iterate alone"),
  instances: Draw.record<Proximal>(fields),
  margin: splittingMargin(0),
  controls: [{ name: "a step more", margin: splittingMargin(1) }],
})
