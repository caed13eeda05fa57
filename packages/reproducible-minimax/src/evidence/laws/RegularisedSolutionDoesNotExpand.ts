import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Problem } from "../../problem/Problem.ts"
import { plus } from "../support/Linear.ts"
import { printed } from "../support/Paper.ts"
import { fields, pair, reversed } from "../support/RegularisedPairs.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** On sets, computed iteratively; for the closed form see the claim `proximal-map-of-a-quadratic`. */
export const regularisedSolutionDoesNotExpand = claim({
  id: "reproducible-minimax/regularised-solution-does-not-expand",
  statement:
    "The solution of a convex-concave game regularised around its start is closer to that of another start than the starts are to each other, for every strength r > 0.",
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
