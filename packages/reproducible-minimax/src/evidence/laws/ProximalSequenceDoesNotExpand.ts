import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Problem } from "../../problem/Problem.ts"
import { derived } from "../support/Paper.ts"
import { proximalFields } from "../support/ProximalRequest.ts"
import { expand, neighbour } from "../support/RandomProblem.ts"
import { reversed } from "../support/RegularisedPairs.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

const request = { gap: 1, distance: 2, inexact: "gradient", delta: 1e-6 } as const

export const proximalSequenceDoesNotExpand = claim({
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
