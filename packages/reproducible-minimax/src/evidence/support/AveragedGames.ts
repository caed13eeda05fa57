import { Draw, type Given } from "@nonconvex/evidence"
import * as Average from "../../methods/Average.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import { inexact, inexactStart } from "../../oracle/InexactOracle.ts"
import type { Problem } from "../../problem/Problem.ts"
import * as Theory from "../../theory/Theory.ts"
import { deviation, follow } from "./Follow.ts"
import * as Random from "./RandomProblem.ts"
import type { Subject } from "./Subject.ts"

export const fields = {
  ...Random.gameFields,
  steps: Draw.integer(1, 300),
  delta: Draw.logarithmic(0.5, 1e-4),
  strategy: Random.anyStrategy,
}

type Run = Random.Drawn<typeof fields>

/** Balls where a player has a quadratic term: there the gap is exact. */
export const instances = Draw.record({ ...fields, set: Draw.oneOf("ball") })

/** The averaged iterate of a run. */
const meanOf = (scheme: Scheme, problem: Problem, start: Float64Array, { steps }: Run) =>
  Average.mean(follow(scheme, problem, start, steps).average)

/** GDA for so many steps. */
export const descentAscent = (subject: Subject, { steps }: Run) =>
  subject.gradient(Theory.descentAscentStep(1, steps))

/** Observations of a law: the game, the constants of the bounds, and averages under an adversarial oracle. */
export const look = (instance: Run, given: Given) => {
  const expanded = Random.expand(instance, given)
  const { problem, start, stream } = expanded
  const erring = (name: Random.StrategyName) =>
    inexact(problem, Random.strategyOf(name, { reference: start, stream }), instance.delta)
  const gapOf = (scheme: Scheme, oracle: Problem) =>
    problem.gap?.(meanOf(scheme, oracle, start, instance)) ?? Number.NaN
  return {
    D: expanded.D,
    L: Random.largestAnswer(expanded),
    gap: (scheme: Scheme) => gapOf(scheme, problem),
    inexactGap: (scheme: Scheme) => gapOf(scheme, erring(instance.strategy)),
    /** Squared deviation of two runs from starts within delta of each other. */
    startDeviation: (scheme: Scheme) => {
      const [one, two] = ["a", "b"].map((label) => {
        const from = inexactStart(start, instance.delta, stream(label))
        return meanOf(scheme, problem, from, instance)
      })
      return deviation(one!, two!)
    },
    /** Squared deviation of two runs with opposite errors. */
    gradientDeviation: (scheme: Scheme) => {
      const [one, two] = [instance.strategy, "opposed" as const].map((name) =>
        meanOf(scheme, erring(name), start, instance),
      )
      return deviation(one!, two!)
    },
  }
}
