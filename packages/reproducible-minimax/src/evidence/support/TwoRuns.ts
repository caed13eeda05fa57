/** Two runs of Algorithm 2 or 3 that differ in their start or in the errors of their oracle. */
import { Draw, type Given, Margin, type MarginInput } from "@nonconvex/evidence"
import { deviation } from "./Follow.ts"
import { anyStrategy, type Drawn, expand, gameFields, strategyOf } from "./RandomProblem.ts"
import { mutant, type Subject } from "./Subject.ts"
import { inexact, inexactStart } from "../../oracle/InexactOracle.ts"
import type { Problem } from "../../problem/Problem.ts"

export const gameRunFields = {
  ...gameFields,
  set: Draw.oneOf("ball"),
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  /** eps and delta as multiples of l D^2 and D, or delta of eps / D with an inexact gradient. */
  gap: Draw.logarithmic(1, 0.1),
  delta: Draw.logarithmic(0.3, 1e-2),
  strategy: anyStrategy,
}
type GameRun = Drawn<typeof gameRunFields>

export const gameRuns = Draw.record(gameRunFields)

type Which = "minimax" | "proximalPoint"

/** Game with its tolerances, and the call that asks an implementation for a solution. */
const posed = (
  subject: Subject,
  which: Which,
  instance: GameRun,
  given: Given,
  inexactly: "start" | "gradient",
  deltaOf: (D: number, eps: number) => number,
) => {
  const { D, problem, start, stream } = expand(instance, given)
  const eps = instance.gap * D * D
  const delta = deltaOf(D, eps) * instance.delta
  const request = { gap: eps, distance: D, inexact: inexactly, delta }
  const solve = (oracle: Problem, from: Float64Array) => subject[which](oracle, from, request)
  return { D, eps, delta, problem, start, stream, solve }
}

/** Two runs from starts within delta of each other. */
export const fromStarts = (subject: Subject, which: Which, instance: GameRun, given: Given) => {
  const { solve, ...game } = posed(subject, which, instance, given, "start", (D) => D)
  const { delta, problem, start, stream } = game
  const [first, second] = ["a", "b"].map((label) => {
    const from = inexactStart(start, delta, stream(label))
    problem.feasible.project(from, 0, from.length)
    return solve(problem, from)
  })
  return { ...game, first: first!, second: second! }
}

type Runs = ReturnType<typeof fromStarts>

/** Bounds on two runs. */
export type Bounds = (runs: Runs) => { readonly gap: number; readonly deviation: number }

const compare = (runs: Runs, bounds: Bounds): Margin.Comparison => {
  const { first, problem, second } = runs
  const allowed = bounds(runs)
  return Margin.all(
    Margin.atMost(problem.gap!(first.point), allowed.gap, 1e-9),
    Margin.atMost(deviation(first.point, second.point), allowed.deviation + 1e-20, 1e-9),
  )
}

/** Gap and deviation of runs from two starts, against bounds. */
export const startsWithin =
  (which: Which) =>
  ({ instance, kernels, subject, value: bounds }: MarginInput<GameRun, Bounds, Subject>) =>
    compare(fromStarts(subject, which, instance, { kernels }), bounds)

/** Compares gap and deviation of two runs whose oracles have opposite errors of size delta with the bounds. */
export const gradientsWithin =
  (which: Which, deltaOf: number) =>
  ({
    instance,
    kernels,
    subject,
    value: bounds,
  }: MarginInput<GameRun, Bounds, Subject>): Margin.Comparison => {
    const share = (D: number, eps: number) => deltaOf * (eps / D)
    const { solve, ...game } = posed(subject, which, instance, { kernels }, "gradient", share)
    const { delta, problem, start, stream } = game
    const [first, second] = [instance.strategy, "opposed" as const].map((name) =>
      solve(inexact(problem, strategyOf(name, { reference: start, stream }), delta), start),
    )
    return compare({ ...game, first: first!, second: second! }, bounds)
  }

type Asked = Parameters<Subject["minimax"]>

/** Control: an implementation that allows itself another gap, and regularises in proportion. */
export const gapTimes = (name: string, which: Which | "minimisation", factor: number) =>
  mutant(name, (subject) => ({
    [which]: (problem: Asked[0], start: Asked[1], request: Asked[2]) =>
      subject[which](problem, start, { ...request, gap: factor * request.gap }),
  }))

/** Control: an implementation whose steps are for another smoothness. */
export const smoothnessTimes = (name: string, which: Which, factor: number) =>
  mutant(name, (subject) => ({
    [which]: ({ smoothness, ...problem }: Asked[0], start: Asked[1], request: Asked[2]) =>
      subject[which]({ ...problem, smoothness: factor * smoothness }, start, request),
  }))
