import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Average from "./Average.ts"
import { startAt, vectorOf } from "../problem/Problem.ts"
import type { Scheme, SchemeState } from "./Scheme.ts"

export interface ProjectedGradientState extends SchemeState {
  /** The answer at the point, then where the point was before the step: the residual is computed from both when it is read. */
  readonly answer: Float64Array
}

const make = (
  operation: string,
  name: string,
  step: number,
  averages: boolean,
): Scheme<ProjectedGradientState> => {
  Require.positive(operation, "step", step)
  return {
    name,
    init: (problem, start) => {
      const point = startAt(operation, problem, start)
      const state: ProjectedGradientState = {
        problem,
        point,
        candidate: point,
        average: Average.make(point.length),
        answer: vectorOf(problem),
        get residual() {
          return state.steps > 0 && state.status === "running"
            ? Vector.distance(point, state.answer) / step
            : Number.POSITIVE_INFINITY
        },
        steps: 0,
        evaluations: 0,
        status: "running",
      }
      return state
    },
    step: (state) => {
      const { answer, average, point, problem } = state
      problem.operator(point, answer)
      state.evaluations++
      // 0 where every change is finite: a sum costs less than a branch in each turn
      let finite = 0
      for (let i = 0; i < point.length; i++) {
        const before = point[i]!
        const change = step * answer[i]!
        finite += change - change
        point[i] = before - change
        answer[i] = before
      }
      if (finite !== 0) {
        point.set(answer)
        state.status = "diverged"
        return
      }
      if (averages) Average.add(average, answer)
      problem.feasible.project(point, 0, point.length)
      state.steps++
    },
  }
}

/**
 * `z <- Pi(z - step V(z))` and the mean of the points before each step: gradient descent-ascent with simultaneous updates, and
 * its stochastic version (Zhang et al. 2023, Algorithms of section 4 and 5, as printed).
 *
 * Its residual `|z - z+| / step` bounds the distance of `z+` where V is a gradient and `step <= 2 / (l + r)`, derived here.
 * Throws InvalidInput unless the step is positive and finite.
 */
export const projectedGradient = ({ step }: { readonly step: number }) =>
  make("projectedGradient", "projected gradient", step, true)

/** Gradient descent: the same without the mean, which minimisation does not need. Throws InvalidInput as projectedGradient. */
export const gradientDescent = ({ step }: { readonly step: number }) =>
  make("gradientDescent", "gradient descent", step, false)
