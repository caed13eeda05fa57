import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "./Schedule.ts"
import type { Update, UpdateState } from "./Update.ts"

/** Running means of the gradient and of its square, with the length of the point, before bias correction. */
interface AdamWState extends UpdateState {
  readonly mean: Float64Array
  readonly square: Float64Array
}

/**
 * AdamW (Loshchilov and Hutter 2019, Algorithm 2): bias-corrected moments, weight decay decoupled from the gradient.
 *
 * Throws InvalidInput on numbers that are negative or not finite, and on a beta of 1 or more.
 *
 * @example
 * ```ts import.meta.vitest
 * import { adamW, gradientMethod, quadratic } from "@nonconvex/problems"
 *
 * const method = gradientMethod(adamW({ learningRate: 0.1 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state) // the first step of Adam has the length of the learning rate
 * state.point // ≈ [0.9000]
 * ```
 */
export const adamW = (options: {
  readonly learningRate: number | Schedule.Schedule
  /** Memory of the mean gradient; default 0.9. */
  readonly beta1?: number
  /** Memory of the mean square; default 0.999. */
  readonly beta2?: number
  /** Added to the root of the mean square; default 1e-8. */
  readonly epsilon?: number
  /** Share of the point that one step at learning rate 1 removes; default 0. */
  readonly weightDecay?: number
}): Update<AdamWState> => {
  const learningRate = Schedule.from("adamW", "learningRate", options.learningRate, 0)
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options
  for (const [name, value] of Object.entries({ beta1, beta2, epsilon, weightDecay })) {
    Require.nonNegative("adamW", name, value)
  }
  // 0 is no memory, and 1 no news: its correction of the bias would divide by 0
  if (beta1 !== 0) Require.fraction("adamW", "beta1", beta1)
  if (beta2 !== 0) Require.fraction("adamW", "beta2", beta2)
  // a power would make an object at each step: see the test of allocation
  const [logBeta1, logBeta2] = [Elementary.log(beta1), Elementary.log(beta2)]
  return {
    name: "adamw",
    learningRate,
    init: (dimension) => ({
      step: 0,
      mean: new Float64Array(dimension),
      square: new Float64Array(dimension),
    }),
    apply: (state, point, gradient) => {
      const rate = learningRate(state.step++)
      const { mean, square } = state
      const meanScale = 1 / (1 - Elementary.exp(state.step * logBeta1))
      const squareScale = 1 / (1 - Elementary.exp(state.step * logBeta2))
      const keep = 1 - rate * weightDecay
      for (let i = 0; i < point.length; i++) {
        const g = gradient[i]!
        const m = (mean[i] = beta1 * mean[i]! + (1 - beta1) * g)
        const v = (square[i] = beta2 * square[i]! + (1 - beta2) * g * g)
        if (rate === 0) continue
        point[i] =
          keep * point[i]! - (rate * (m * meanScale)) / (Math.sqrt(v * squareScale) + epsilon)
      }
    },
  }
}
