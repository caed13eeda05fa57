/** The closed form of the VI residual. */
import { type Claim, claim, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { deviation } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import { type InexactGame, inexactGames, solved } from "../support/RegularisedGame.ts"
import type { Problem } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"

/** The largest `V . (z - z')` by search over many feasible points, and over the extreme ones of boxes and simplices. */
const searchedResidual = (
  problem: Problem,
  z: Float64Array,
  answer: Float64Array,
  draw: { fillNormal(out: Float64Array): void },
): number => {
  const other = new Float64Array(z.length)
  let largest = 0
  for (let k = 0; k < 200; k++) {
    draw.fillNormal(other)
    // far along the descent direction, more and more exactly: the projection of far points is extreme
    const far = 10 ** (k / 40)
    for (let i = 0; i < z.length; i++) {
      other[i] = z[i]! - far * answer[i]! + (k % 2 === 0 ? 0.5 * other[i]! : 0)
    }
    problem.feasible.project(other, 0, z.length)
    let sum = 0
    for (let i = 0; i < z.length; i++) sum += answer[i]! * (z[i]! - other[i]!)
    largest = Math.max(largest, sum)
  }
  return largest
}

const residualMargin =
  (factor: number) =>
  (instance: InexactGame, given: Given): number => {
    const { solution, start, stream, whole } = solved(instance, given)
    const answer = new Float64Array(start.length)
    whole.operator(start, answer)
    const residual = factor * viResidual(whole, start, answer, new Float64Array(start.length))
    const found = searchedResidual(whole, start, answer, stream("search"))
    return Margin.all(
      Margin.atMost(found, residual + 1e-12),
      Margin.atLeast(found, residual - 1e-3 * (1 + Vector.norm(answer))),
      Margin.atLeast(residual + 1e-12, instance.strength * deviation(start, solution)),
    )
  }

export const viResiduals: Claim = claim<InexactGame>({
  id: "reproducible-minimax/vi-residual",
  statement:
    "The VI residual V(z) . z + support(-V(z)) is the largest V(z) . (z - z') that a search finds, on balls, boxes and simplices, and at least r |z - z*|^2 for an r-strongly monotone V.",
  source: derived("closed forms of the VI residual"),
  instances: inexactGames,
  margin: residualMargin(1),
  controls: [
    { name: "half of the residual", instances: inexactGames, margin: residualMargin(0.5) },
    { name: "twice the residual", instances: inexactGames, margin: residualMargin(2) },
  ],
})
