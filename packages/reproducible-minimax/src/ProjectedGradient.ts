import { Vector } from "@nonconvex/numerics"
import * as Average from "./Average.ts"
import { requirePoint, requirePositive } from "./Input.ts"
import { sizeOf } from "./Problem.ts"
import type { Scheme, SchemeState } from "./Scheme.ts"

export interface ProjectedGradientState extends SchemeState {
  readonly answer: Float64Array
}

/**
 * `z <- Pi(z - step V(z))`: gradient descent, and gradient descent-ascent with simultaneous updates (Zhang et al. 2023, Algorithms
 * of section 2 and 4 as printed). Its average is that of the points before each step.
 *
 * Its residual `|z - z+| / step` bounds the distance of `z+` where V is a gradient and `step <= 2 / (l + r)`, derived here.
 * Throws InvalidInput unless the step is positive and finite.
 */
export const projectedGradient = ({
  step,
}: {
  readonly step: number
}): Scheme<ProjectedGradientState> => {
  requirePositive("projectedGradient", "step", step)
  return {
    name: "projected gradient",
    init: (problem, start) => {
      const size = sizeOf(problem)
      requirePoint("projectedGradient", "start", start, size)
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
      Average.add(average, answer)
      problem.feasible.project(point, 0, point.length)
      state.residual = Vector.distance(point, answer) / step
      state.steps++
    },
  }
}
