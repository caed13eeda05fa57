import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Average from "./Average.ts"
import { twinOf } from "./ExtragradientTwin.ts"
import { type Scheme, type SchemeState, stateAt, type StepOptions } from "./Scheme.ts"

export interface ProjectedGradientState extends SchemeState {
  /** Scratch: the answer at the point; after a step, the point before it. */
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
    init: (problem, start) => stateAt(operation, problem, start),
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
        return Number.NaN
      }
      if (averages) Average.add(average, answer)
      problem.feasible.project(point, 0, point.length)
      state.steps++
      return Number.NaN
    },
    // computed when it is asked for: most runs never do
    residual: ({ answer, point, status, steps }) =>
      steps > 0 && status === "running"
        ? Vector.distance(point, answer) / step
        : Number.POSITIVE_INFINITY,
    ...(averages && { twin: twinOf(false, step) }),
  }
}

/**
 * `z <- Pi(z - step V(z))` and the mean of the points before each step. This is gradient descent-ascent (GDA) with simultaneous
 * updates, or SGDA with a stochastic oracle (Zhang et al. 2023, the algorithms of sections 4 and 5, as printed).
 *
 * Its residual `|z - z+| / step` bounds the distance of `z+` if V is a gradient and `step <= 2 / (l + r)`, derived here.
 * Throws InvalidInput unless the step is positive and finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { projectedGradient, saddlePoint } from "@nonconvex/reproducible-minimax"
 * import { matrixGame } from "@nonconvex/problems"
 *
 * const game = saddlePoint(matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 }))
 * const { init, step } = projectedGradient({ step: 0.01 })
 * const state = init(game, Float64Array.of(1, 0, 0, 1))
 * step(state)
 * state.point // ≈ [1.000, 0.000, 0.01000, 0.9900]
 * ```
 */
export const projectedGradient = ({ step }: StepOptions): Scheme<ProjectedGradientState> =>
  make("projectedGradient", "projected gradient", step, true)

/**
 * Gradient descent, projected: the same without the mean, which minimisation does not need. Throws InvalidInput unless the step is
 * positive and finite.
 */
export const gradientDescent = ({ step }: StepOptions): Scheme<ProjectedGradientState> =>
  make("gradientDescent", "gradient descent", step, false)
