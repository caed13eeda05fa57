import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Problem } from "../../problem/Problem.ts"
import { changedFields, endOf, near, posedAs, same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

export const onePlayer = claim({
  id: "reproducible-minimax/one-player",
  statement:
    "If the second player has only one strategy, Algorithm 2 is regularised minimisation by extragradient, and GDA is gradient descent.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("games in which one player has no choice")),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball") }),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start } = expand(instance, { kernels })
    const [n, m] = problem.dimensions
    const fixed = start.slice(n)
    const [ball, point] = [FeasibleSet.ball(1), FeasibleSet.ball(0)]
    const held = FeasibleSet.translated(point, fixed)
    const both: Problem = { ...problem, feasible: FeasibleSet.product([ball, n], [held, m]) }
    const whole = new Float64Array(n + m)
    const alone: Problem = {
      ...problem,
      form: undefined,
      dimensions: [n, 0],
      feasible: FeasibleSet.product([ball, n]),
      operator: (x, out) => {
        problem.operator(Float64Array.of(...x, ...fixed), whole)
        out.set(whole.subarray(0, n))
      },
    }
    const answer = endOf(subject, instance, both, start)
    return Margin.all(
      near(answer.slice(0, n), endOf(subject, instance, alone, start.slice(0, n))),
      Margin.holds(same(answer.slice(n), fixed)),
    )
  },
  controls: [
    {
      ...mutant("an algorithm that leaves the set", ({ gradient }) => ({
        gradient: posedAs(
          (problem) => ({ ...problem, feasible: FeasibleSet.wholeSpace }),
          gradient,
        ),
      })),
      instances: Draw.record({
        ...changedFields,
        set: Draw.oneOf("ball"),
        method: Draw.oneOf("gradient"),
      }),
    },
  ],
})
