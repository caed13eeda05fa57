import * as Require from "@nonconvex/numerics/Require"
import { type ExtragradientState, land, lookAhead, prepare, residualOf } from "./Extragradient.ts"
import type { Scheme, StepOptions } from "./Scheme.ts"

/**
 * Optimistic gradient: extragradient with the answer at the last half step in place of the one at the point. A step
 * therefore queries the oracle once (Popov 1980, as recalled). Steps up to `1 / (2 l)` are stable. Throws InvalidInput
 * unless the step is positive and finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { optimisticGradient, saddlePoint } from "@nonconvex/reproducible-minimax"
 * import { bilinearGame } from "@nonconvex/problems"
 * import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
 *
 * const game = bilinearGame({ matrix: Float64Array.of(1), columns: 1, feasible: FeasibleSet.ball(1) })
 * const method = optimisticGradient({ step: 0.25 })
 * const state = method.init(saddlePoint(game), Float64Array.of(1, 0))
 * for (let step = 0; step < 500; step++) method.step(state)
 * Math.hypot(...state.point) < 1e-3 // => true
 * ```
 */
export const optimisticGradient = ({ step }: StepOptions): Scheme<ExtragradientState> => {
  Require.positive("optimisticGradient", "step", step)
  return {
    name: "optimistic gradient",
    init: (problem, start) => {
      const state = prepare("optimisticGradient", problem, start)
      problem.operator(state.point, state.answer)
      state.evaluations++
      return state
    },
    step: (state) => {
      lookAhead(state, step)
      state.problem.operator(state.candidate, state.halfAnswer)
      state.evaluations++
      if (land(state, step)) state.answer.set(state.halfAnswer)
      return Number.NaN
    },
    residual: residualOf,
  }
}
