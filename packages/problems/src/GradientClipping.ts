import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Update, UpdateState } from "./Update.ts"

/** The state of the update inside, and room for the gradient that it gets. */
interface ClippedState<State extends UpdateState> extends UpdateState {
  readonly inner: State
  readonly clipped: Float64Array
}

/**
 * Scales gradients longer than `maxNorm` down to that norm before the update.
 *
 * Applied to the base of a sharpness-aware method, this clips only the second gradient; the first one, which determines the
 * perturbation, is unchanged. Throws InvalidInput unless `maxNorm` is at least 0.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod, quadratic, sgd, withClipping } from "@nonconvex/problems"
 *
 * const method = gradientMethod(withClipping(sgd({ learningRate: 1 }), { maxNorm: 0.5 }))
 * const state = method.init(quadratic({ spectrum: [10] }), Float64Array.of(1))
 * method.step(state) // the gradient is 10
 * state.point // ≈ [0.5000]
 * ```
 */
export const withClipping = <State extends UpdateState>(
  update: Update<State>,
  options: { readonly maxNorm: number },
): Update<ClippedState<State>> => {
  const { maxNorm } = options
  Require.object("withClipping", "update", update, "init", "apply")
  Require.nonNegative("withClipping", "maxNorm", maxNorm)
  return {
    name: `${update.name} with clipping`,
    learningRate: update.learningRate,
    init: (dimension) => ({
      step: 0,
      inner: update.init(dimension),
      clipped: new Float64Array(dimension),
    }),
    apply: (state, point, gradient) => {
      const norm = Vector.norm(gradient)
      const { clipped, inner } = state
      if (norm > maxNorm) {
        const scale = maxNorm / norm
        for (let i = 0; i < gradient.length; i++) clipped[i] = scale * gradient[i]!
        update.apply(inner, point, clipped)
      } else update.apply(inner, point, gradient)
      state.step = inner.step
    },
  }
}
