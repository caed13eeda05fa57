import * as Schedule from "./Schedule.ts"
import type { Update } from "./Update.ts"

/**
 * Stochastic gradient descent, `w <- w - eta g`; gradient descent when the objective is not stochastic.
 *
 * The learning rate is a number or a schedule of the updates applied so far. Throws InvalidInput on a number that is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod } from "@nonconvex/problems/GradientMethod"
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 * import { sgd } from "@nonconvex/problems/Sgd"
 *
 * const method = gradientMethod(sgd({ learningRate: 0.25 }))
 * const state = method.init(quadratic({ spectrum: [4, 1] }), Float64Array.of(1, 1))
 * method.step(state) // => 2.5
 * state.point // => Float64Array.of(0, 0.75)
 * ```
 */
export const sgd = (options: { readonly learningRate: number | Schedule.Schedule }): Update => {
  const learningRate = Schedule.from("sgd", "learningRate", options.learningRate, 0)
  return {
    name: "sgd",
    learningRate,
    constantRate: typeof options.learningRate === "number" ? options.learningRate : undefined,
    init: () => ({ step: 0 }),
    apply: (state, point, gradient) => {
      const rate = learningRate(state.step++)
      // a rate of 0 leaves the point bit for bit: -0 - 0 * g would turn into 0 for negative g
      if (rate === 0) return
      for (let i = 0; i < point.length; i++) point[i]! -= rate * gradient[i]!
    },
  }
}
