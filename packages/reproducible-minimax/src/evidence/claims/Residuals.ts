/** The closed form of the VI residual, and the correction that turns a small distance into a small one. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { deviation } from "../support/Follow.ts"
import { corrected, derived } from "../support/Paper.ts"
import { inexactGameFields, inexactGames, solved } from "../support/RegularisedGame.ts"
import { answerAt, type Problem } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import { correct } from "../../algorithms/RegularisedMinimax.ts"
import * as Theory from "../../theory/index.ts"

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

export const viResiduals = parametrised({
  id: "reproducible-minimax/vi-residual",
  statement:
    "The VI residual V(z) . z + support(-V(z)) is the largest V(z) . (z - z') that a search finds, on balls, boxes and simplices, and at least r |z - z*|^2 for an r-strongly monotone V.",
  source: derived("closed forms of the VI residual"),
  instances: inexactGames,
  margin: (instance, given, factor: number) => {
    const { solution, start, stream, whole } = solved(instance, given)
    const answer = answerAt(whole, start)
    const residual = factor * viResidual(whole, start, answer, new Float64Array(start.length))
    const found = searchedResidual(whole, start, answer, stream("search"))
    return Margin.all(
      Margin.atMost(found, residual + 1e-12),
      Margin.atLeast(found, residual - 1e-3 * (1 + Vector.norm(answer))),
      Margin.atLeast(residual + 1e-12, instance.strength * deviation(start, solution)),
    )
  },
  holds: 1,
  fails: [
    ["half of the residual", 0.5],
    ["twice the residual", 2],
  ],
})

export const correctedPoint = parametrised({
  id: "reproducible-minimax/corrected-point",
  statement:
    "The point Pi(z - G(z) / beta) with beta at least twice the smoothness of the subproblem has a VI residual of at most 2 sqrt2 beta D |z - z*| + sqrt2 delta D ((2 + sqrt2) sqrt(beta / mu) + 3), and a distance of at most (1 + sqrt2 l / beta) |z - z*| + delta (1 / sqrt(beta mu) + sqrt2 / beta).",
  source: corrected("Lemma C.5, at the beta that its hypothesis asks for"),
  instances: inexactGames,
  /** A part of both bounds, and beta as a multiple of that of the theory. */
  margin: (instance, given, [factor, multiple]: readonly [factor: number, multiple: number]) => {
    const { D, oracle, solution, start, whole } = solved(instance, given)
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
  holds: [1, 1],
  fails: [
    ["a hundredth of both", [0.01, 1]],
    [
      "a beta of a thirtieth of the smoothness",
      [1, 1 / 60],
      Draw.record({
        ...inexactGameFields,
        delta: Draw.logarithmic(1e-3, 1e-4),
        steps: Draw.integer(2, 20),
      }),
    ],
  ],
})
