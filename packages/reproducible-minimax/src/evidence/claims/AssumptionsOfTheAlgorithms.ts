import { claim, Draw, Margin } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { minimisation, type Problem } from "../../problem/Problem.ts"
import { printed } from "../support/Paper.ts"
import { thrown } from "../support/Thrown.ts"

export const assumptionsOfTheAlgorithms = claim({
  id: "reproducible-minimax/assumptions-of-the-algorithms",
  statement:
    "Algorithm 1 refuses a game, and with an inexact gradient a gap above l D^2, each with its numbers; with an inexact start such a gap is none too many. Algorithms 2 and 3 refuse a set without bound.",
  inFloatingPoint: "program",
  source: printed("the assumptions of Theorems 3.3 to 4.8"),
  instances: Draw.record({
    l: Draw.logarithmic(0.1, 10),
    distance: Draw.logarithmic(0.1, 10),
    max: Draw.integer(1, 3),
  }),
  value: 1.01,
  /** The gap as a multiple of l D^2. */
  margin: ({ instance: { distance, l, max }, value: times }) => {
    const line = minimisation(quadratic({ spectrum: [l] }))
    const most = l * distance * distance
    const refusal = (inexact: "start" | "gradient", players: Problem["dimensions"]) =>
      thrown(() =>
        regularisedMinimisation(
          { ...line, dimensions: players },
          new Float64Array(players[0] + players[1]),
          { gap: times * most, distance, inexact, delta: 0.1 * l * distance },
        ),
      )
    const wide = refusal("gradient", [1, 0])
    const game = refusal("start", [1, max])
    const isUnboundedRefused = [regularisedMinimax, inexactProximalPoint].every((algorithm) => {
      const request = { gap: most, distance, inexact: "gradient", delta: l * distance } as const
      const error = thrown(() => algorithm(line, new Float64Array(1), request))
      return error instanceof InvalidInput && error.numbers["diameter"] === Number.POSITIVE_INFINITY
    })
    if (!(wide instanceof InvalidInput && game instanceof InvalidInput)) return Margin.holds(false)
    return Margin.all(
      Margin.equal(wide.numbers["gap"]!, times * most, { relative: 1e-12 }),
      Margin.equal(wide.numbers["l D^2"]!, most, { relative: 1e-12 }),
      Margin.equal(game.numbers["max"]!, max, {}),
      Margin.holds(refusal("start", [1, 0]) === undefined),
      Margin.holds(isUnboundedRefused),
    )
  },
  controls: [{ name: "a gap below l D^2", value: 0.99 }],
})
