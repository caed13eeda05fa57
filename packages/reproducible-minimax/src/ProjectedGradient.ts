import { Require } from "@nonconvex/numerics"
import * as Average from "./Average.ts"
import { sizeOf } from "./Problem.ts"
import type { Scheme, SchemeState } from "./Scheme.ts"

export interface ProjectedGradientState extends SchemeState {
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
      const size = sizeOf(problem)
      Require.vector(operation, "start", start, size)
      const point = start.slice()
      problem.feasible.project(point, 0, size)
      return {
        problem,
        point,
        candidate: point,
        average: Average.make(size),
        answer: new Float64Array(size),
        residual: Number.POSITIVE_INFINITY,
        steps: 0,
        evaluations: 0,
        status: "running",
      }
    },
    step: (state) => {
      const { answer, average, point, problem } = state
      problem.operator(point, answer)
      state.evaluations++
      // the point moves, and the answer's buffer keeps where it was; the sum is 0 where every number is finite
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
      // a loop of its own: a number that a call returns is a new object
      let square = 0
      for (let i = 0; i < point.length; i++) {
        const moved = point[i]! - answer[i]!
        square += moved * moved
      }
      state.residual = Math.sqrt(square) / step
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
