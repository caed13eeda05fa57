import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { correct } from "../../algorithms/RegularisedMinimax.ts"
import { answerAt } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import * as Theory from "../../theory/Theory.ts"
import { corrected } from "../support/Paper.ts"
import { inexactGameFields, inexactGames, solved } from "../support/RegularisedGame.ts"

export const correctedPoint = claim({
  id: "reproducible-minimax/corrected-point",
  statement:
    "Take the point Pi(z - G(z) / beta) with beta at least twice the smoothness of the subproblem. Its VI residual is at most 2 sqrt2 beta D |z - z*| + sqrt2 delta D ((2 + sqrt2) sqrt(beta / mu) + 3). Its distance is at most (1 + sqrt2 l / beta) |z - z*| + delta (1 / sqrt(beta mu) + sqrt2 / beta).",
  inFloatingPoint: "limit",
  source: corrected("Lemma C.5, at the beta that its hypothesis asks for"),
  instances: inexactGames,
  value: [1, 1],
  /** Factor on both bounds, and beta as a multiple of that of the theory. */
  margin: ({ instance, kernels, value: [factor, multiple] }) => {
    const { D, oracle, solution, start, whole } = solved(instance, { kernels })
    const { delta, steps, strength: mu } = instance
    const l = whole.smoothness
    const beta = multiple * Theory.correction(l)
    // a point near the solution, as the inner method leaves it
    const z = solution.map((x, i) => x + (start[i]! - x) / steps)
    whole.feasible.project(z, 0, z.length)
    const distance = Vector.distance(z, solution)
    const point = z.slice()
    correct(oracle, beta, point)
    const residual = viResidual(whole, point, answerAt(whole, point), z.slice())
    const options = { beta, D, mu, delta, l }
    const allowed = factor * Theory.correctedDistance(distance, options) + 1e-10
    return Margin.all(
      Margin.atMost(residual, factor * Theory.correctedViResidual(distance, options) + 1e-10),
      Margin.atMost(Vector.distance(point, solution), allowed),
    )
  },
  controls: [
    { name: "a hundredth of both", value: [0.01, 1] },
    {
      name: "a beta of a thirtieth of the smoothness",
      value: [1, 1 / 60],
      instances: Draw.record({
        ...inexactGameFields,
        delta: Draw.logarithmic(1e-3, 1e-4),
        steps: Draw.integer(2, 20),
      }),
    },
  ],
})
