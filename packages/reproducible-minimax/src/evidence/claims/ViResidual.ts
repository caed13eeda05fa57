import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { answerAt, type Problem } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import { deviation } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import { inexactGames, solved } from "../support/RegularisedGame.ts"

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
    const far = Elementary.pow(10, k / 40)
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

export const viResidualClaim = claim({
  id: "reproducible-minimax/vi-residual",
  statement:
    "The VI residual V(z) . z + support(-V(z)) is the largest V(z) . (z - z') that a search finds, on balls, boxes and simplices, and at least r |z - z*|^2 for an r-strongly monotone V.",
  inFloatingPoint: "limit",
  source: derived("closed forms of the VI residual"),
  instances: inexactGames,
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { solution, start, stream, whole } = solved(instance, { kernels })
    const answer = answerAt(whole, start)
    const residual = factor * viResidual(whole, start, answer, new Float64Array(start.length))
    const found = searchedResidual(whole, start, answer, stream("search"))
    return Margin.all(
      Margin.atMost(found, residual + 1e-12),
      Margin.atLeast(found, residual - 1e-3 * (1 + Vector.norm(answer))),
      Margin.atLeast(residual + 1e-12, instance.strength * deviation(start, solution)),
    )
  },
  controls: [
    { name: "half of the residual", value: 0.5 },
    { name: "twice the residual", value: 2 },
  ],
})
