import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { carried, changedFields, endOf, remembersOrigin, same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const scalingOfValues = claim({
  id: "reproducible-minimax/scaling-of-values",
  statement:
    "Scaling the game, its smoothness and eps by a power of two leaves every bit of the answer unchanged.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("steps are in proportion to 1 / l, strengths to l")),
  subject: reproducibleMinimax,
  instances: Draw.record(changedFields),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start } = expand(instance, { kernels })
    const c = Elementary.pow(2, instance.amount)
    const scaled = carried(problem, {
      from: (z) => z,
      back: (v) => v.map((x) => c * x),
      feasible: problem.feasible,
      smoothness: c * problem.smoothness,
    })
    const expected = endOf(subject, instance, problem, start)
    return Margin.holds(same(endOf(subject, instance, scaled, start, c), expected))
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
})
