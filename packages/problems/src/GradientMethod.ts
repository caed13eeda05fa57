import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { descentTwin } from "./internal/DescentTwin.ts"
import type { Method, MethodState } from "./Method.ts"
import type { Objective } from "./Objective.ts"
import type { Update, UpdateState } from "./Update.ts"

/** Gradient at the point before the last step, and state of the update. */
interface GradientState<Inner extends UpdateState = UpdateState> extends MethodState {
  readonly objective: Objective
  readonly gradient: Float64Array
  readonly update: Inner
}

/**
 * Method that applies an update to the gradient at the point: gradient descent, SGD, momentum, AdamW.
 *
 * If a loss or gradient is not finite, the point is unchanged and the status becomes "diverged". `init` throws InvalidInput
 * on a start of the wrong length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod, quadratic, sgd } from "@nonconvex/problems"
 *
 * const method = gradientMethod(sgd({ learningRate: 0.1 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state) // => 0.5
 * state.point // ≈ [0.9000]
 * ```
 */
export const gradientMethod = <Inner extends UpdateState>(
  update: Update<Inner>,
): Method<GradientState<Inner>> => {
  Require.object("gradientMethod", "update", update, "init", "apply")
  return {
    name: update.name,
    init: (objective, start) => {
      Require.object(update.name, "objective", objective, "dimension", "valueAndGradient")
      Require.array(update.name, "start", start, objective.dimension)
      return {
        objective,
        point: start.slice(),
        gradient: new Float64Array(start.length),
        update: update.init(start.length),
        steps: 0,
        status: "running",
      }
    },
    step: (state) => {
      const loss = state.objective.valueAndGradient(state.point, state.gradient)
      if (!Number.isFinite(loss) || !Vector.isFinite(state.gradient)) {
        state.status = "diverged"
        return loss
      }
      update.apply(state.update, state.point, state.gradient)
      state.steps++
      return loss
    },
    twin: descentTwin(update),
  }
}
