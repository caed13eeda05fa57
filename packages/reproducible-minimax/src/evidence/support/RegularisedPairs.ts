import { Draw, type Given } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { answering, type Problem } from "../../problem/Problem.ts"
import { type Drawn, expand, gameFields, neighbour } from "./RandomProblem.ts"
import type { Subject } from "./Subject.ts"

export const centers = {
  strength: Draw.logarithmic(1, 1e-3),
  apart: Draw.logarithmic(1, 1e-6),
}

export const fields = { ...gameFields, ...centers }

type OfGame = Drawn<typeof fields>

/** The answers of two centres, certified to `1e-9` of their distance. */
export const pair = (
  subject: Subject,
  { apart, strength, ...game }: OfGame,
  given: Given,
  change: (problem: Problem) => Problem = (problem) => problem,
) => {
  const expanded = expand(game, given)
  const { problem, start } = expanded
  const other = neighbour(expanded, apart)
  const solve = (center: Float64Array) =>
    subject.regularised(change(problem), center, strength, 1e-9 * apart)
  return { start, other, first: solve(start), second: solve(other) }
}

/** Game with the signs of both players changed: concave-convex, with the operator scaled by the same factor. */
export const reversed = (factor: number) => (problem: Problem) =>
  answering(problem, (answer) => Vector.scale(-factor, answer))
