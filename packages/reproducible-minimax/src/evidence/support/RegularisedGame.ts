/** A random regularised game with its solution and an oracle that errs. */
import { Draw, type Given } from "@nonconvex/evidence"
import { deviation } from "./Follow.ts"
import { regularisedSolution } from "./Linear.ts"
import * as RandomProblem from "./RandomProblem.ts"
import { reproducibleMinimax } from "./Subject.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { regularised } from "../../problem/Problem.ts"

export const inexactGameFields = {
  ...RandomProblem.gameFields,
  strength: Draw.logarithmic(1, 0.02),
  steps: Draw.integer(1, 300),
  delta: Draw.logarithmic(0.5, 1e-4),
  strategy: RandomProblem.anyStrategy,
}
export type InexactGame = RandomProblem.Drawn<typeof inexactGameFields>

export const inexactGames = Draw.record(inexactGameFields)

/** A regularised quadratic with its solution in closed form, and how far the regularised objective is above its minimum. */
export const regularisedQuadratic = (
  instance: RandomProblem.RandomQuadratic & { readonly strength: number },
) => {
  const expanded = RandomProblem.expandQuadratic(instance)
  const { problem, start, value } = expanded
  const { strength: r } = instance
  const solution = regularisedSolution(problem.operator, r, start)
  const gapAt = (x: Float64Array) =>
    value(x) - value(solution) + (r / 2) * (deviation(x, start) - deviation(solution, start))
  return { ...expanded, whole: regularised(problem, r, start), solution, gapAt }
}

/** The regularised game with its solution, by our own extragradient to 1e-11. */
export const solved = (instance: InexactGame, given: Given) => {
  const expanded = RandomProblem.expand(instance, given)
  const { problem, start, stream } = expanded
  const whole = regularised(problem, instance.strength, start)
  const solution = reproducibleMinimax.regularised(problem, start, instance.strength, 1e-11)
  const errors = RandomProblem.strategyOf(instance.strategy, { reference: solution, stream })
  return { ...expanded, whole, solution, oracle: inexact(whole, errors, instance.delta) }
}
