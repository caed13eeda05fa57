/** The correction that turns a small distance into a small VI residual. */
import { claim, type Claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { correct } from "../../algorithms/RegularisedMinimax.ts"
import { corrected } from "../support/Paper.ts"
import {
  type InexactGame,
  inexactGameFields,
  inexactGames,
  solved,
} from "../support/RegularisedGame.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import * as Theory from "../../theory/index.ts"

const correctedMargin =
  (factor: number, betaOf: (l: number) => number = Theory.correction) =>
  (instance: InexactGame, given: Given): number => {
    const { D, oracle, solution, start, whole } = solved(instance, given)
    const { delta, steps, strength: mu } = instance
    const l = whole.smoothness
    const beta = betaOf(l)
    // a point near the solution, as the inner method leaves it
    const z = solution.map((x, i) => x + (start[i]! - x) / steps)
    whole.feasible.project(z, 0, z.length)
    const distance = Vector.distance(z, solution)
    const point = z.slice()
    correct(oracle, beta, point)
    const answer = new Float64Array(z.length)
    whole.operator(point, answer)
    const residual = viResidual(whole, point, answer, new Float64Array(z.length))
    const options = { beta, D, mu, delta, l }
    return Margin.all(
      Margin.atMost(residual, factor * Theory.correctedViResidual(distance, options) + 1e-10),
      Margin.atMost(
        Vector.distance(point, solution),
        factor * Theory.correctedDistance(distance, options) + 1e-10,
      ),
    )
  }

export const correctedPoint: Claim = claim<InexactGame>({
  id: "reproducible-minimax/corrected-point",
  statement:
    "The point Pi(z - G(z) / beta) with beta at least twice the smoothness of the subproblem has a VI residual of at most 2 sqrt2 beta D |z - z*| + sqrt2 delta D ((2 + sqrt2) sqrt(beta / mu) + 3), and a distance of at most (1 + sqrt2 l / beta) |z - z*| + delta (1 / sqrt(beta mu) + sqrt2 / beta).",
  source: corrected("Lemma C.5, at the beta that its hypothesis asks for"),
  instances: inexactGames,
  margin: correctedMargin(1),
  controls: [
    { name: "a hundredth of both", instances: inexactGames, margin: correctedMargin(0.01) },
    {
      name: "a beta of a thirtieth of the smoothness",
      margin: correctedMargin(1, (l) => l / 30),
      instances: Draw.record<InexactGame>({
        ...inexactGameFields,
        delta: Draw.logarithmic(1e-3, 1e-4),
        steps: Draw.integer(2, 20),
      }),
    },
  ],
})
