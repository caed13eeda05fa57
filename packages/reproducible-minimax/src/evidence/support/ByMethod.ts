import * as Vector from "@nonconvex/numerics/Vector"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Average from "../../methods/Average.ts"
import { type Scheme, type SchemeState, stateAt } from "../../methods/Scheme.ts"
import { type Problem, sizeOf } from "../../problem/Problem.ts"
import { reproducibleMinimax, type Subject } from "./Subject.ts"

interface State extends SchemeState {
  readonly run: MethodState
  readonly before: Float64Array
}

/** The operator of a problem as a gradient. A game has no loss, which is 0 here. */
const objectiveOf = (problem: Problem): Objective => ({
  name: problem.name,
  constants: {},
  dimension: sizeOf(problem),
  valueAndGradient: (z, gradient) => {
    problem.operator(z, gradient)
    return 0
  },
})

/** Steps of a method, its point projected after each. */
const projected = (method: Method, step: number): Scheme<State> => ({
  name: `projected ${method.name}`,
  init: (problem, start) => {
    const first = stateAt("projected", problem, start)
    const run = method.init(objectiveOf(problem), first.point)
    return { ...first, point: run.point, candidate: run.point, run, before: run.point.slice() }
  },
  step: (state) => {
    const { average, before, point, problem, run } = state
    before.set(point)
    method.step(run)
    state.evaluations++
    state.status = run.status
    if (run.status === "diverged") return Number.NaN
    Average.add(average, before)
    problem.feasible.project(point, 0, point.length)
    state.steps++
    return Number.NaN
  },
  residual: ({ before, point, steps }) =>
    steps > 0 ? Vector.distance(point, before) / step : Number.POSITIVE_INFINITY,
})

/**
 * Subject of this package's laws whose gradient descent and descent-ascent are replaced by a given method over an objective.
 */
export const byMethod = (descent: (learningRate: number) => Method): Subject => ({
  ...reproducibleMinimax,
  gradient: (step) => projected(descent(step), step),
})
