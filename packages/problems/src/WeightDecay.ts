import * as Require from "@nonconvex/numerics/Require"
import type { Update, UpdateState } from "./Update.ts"

/**
 * Decoupled weight decay around any update: `w <- (1 - eta rate) w`, then the update.
 *
 * The decay acts on the point of the step. It is not part of the loss, so it affects neither gradients nor perturbed points.
 * Throws InvalidInput unless `rate` is finite. Source: Loshchilov and Hutter 2019, as recalled.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod, quadratic, sgd, withWeightDecay } from "@nonconvex/problems"
 *
 * const method = gradientMethod(withWeightDecay(sgd({ learningRate: 0.1 }), { rate: 0.5 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state)
 * state.point // ≈ [0.8500]
 * ```
 */
export const withWeightDecay = <State extends UpdateState>(
  update: Update<State>,
  options: { readonly rate: number },
): Update<State> => {
  Require.object("withWeightDecay", "update", update, "init", "apply")
  Require.finite("withWeightDecay", "rate", options.rate)
  return {
    name: `${update.name} with weight decay`,
    learningRate: update.learningRate,
    init: (dimension) => update.init(dimension),
    apply: (state, point, gradient) => {
      const shrink = update.learningRate(state.step) * options.rate
      if (shrink !== 0) for (let i = 0; i < point.length; i++) point[i]! *= 1 - shrink
      update.apply(state, point, gradient)
    },
  }
}
