import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { carried, changedFields, endOf, remembersOrigin, same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const scalingOfArguments = claim({
  id: "reproducible-minimax/scaling-of-arguments",
  statement:
    "Scaling the arguments by a power of two s, with l / s^2, s D and s delta, scales every bit of the answer by s.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("steps and strengths have the units of the arguments")),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball", "simplex") }),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start } = expand(instance, { kernels })
    const s = Elementary.pow(2, instance.amount)
    const [n, m] = problem.dimensions
    const one = instance.set === "ball" ? FeasibleSet.ball(s) : FeasibleSet.simplex(s)
    const scaled = carried(problem, {
      from: (z) => z.map((x) => x / s),
      back: (v) => v.map((x) => x / s),
      feasible: FeasibleSet.product([one, n], [one, m]),
      smoothness: problem.smoothness / (s * s),
    })
    const stretch = (z: Float64Array) => z.map((x) => s * x)
    const expected = stretch(endOf(subject, instance, problem, start))
    return Margin.holds(same(endOf(subject, instance, scaled, stretch(start), 1, s), expected))
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
})
