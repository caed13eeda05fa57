import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { plus } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import { fields, pair } from "../support/RegularisedPairs.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

export const regularisedSolutionIsFirm = claim({
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
