import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "./Schedule.ts"
import type { Update, UpdateState } from "./Update.ts"

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
  const learningRate = Schedule.from(options.learningRate)
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

/** What momentum remembers, as long as the point. */
export interface MomentumState extends UpdateState {
  readonly velocity: Float64Array
}

interface MomentumOptions {
  readonly learningRate: number | Schedule.Schedule
  /** Decay of the velocity per step; default 0.9. */
  readonly momentum?: number
}

const withVelocity = (
  name: "momentum" | "nesterov",
  { momentum: decay = 0.9, ...options }: MomentumOptions,
): Update<MomentumState> => {
  const learningRate = Schedule.from(options.learningRate)
  Require.finite("momentum", "momentum", decay)
  return {
    name,
    learningRate,
    init: (dimension) => ({ step: 0, velocity: new Float64Array(dimension) }),
    apply: (state, point, gradient) => {
      const rate = learningRate(state.step++)
      const { velocity } = state
      for (let i = 0; i < point.length; i++) velocity[i] = decay * velocity[i]! + gradient[i]!
      if (rate === 0) return
      if (name === "momentum") {
        for (let i = 0; i < point.length; i++) point[i]! -= rate * velocity[i]!
      } else {
        for (let i = 0; i < point.length; i++) {
          point[i]! -= rate * (gradient[i]! + decay * velocity[i]!)
        }
      }
    },
  }
}

/**
 * Heavy-ball momentum as deep learning writes it: `v <- mu v + g`, `w <- w - eta v` (Polyak 1964, rescaled). Throws InvalidInput as `sgd`, and on a momentum that is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod, momentum, quadratic } from "@nonconvex/problems"
 *
 * const method = gradientMethod(momentum({ learningRate: 0.1, momentum: 0.5 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state)
 * method.step(state)
 * state.point // ≈ [0.7600]
 * ```
 */
export const momentum = (options: MomentumOptions): Update<MomentumState> =>
  withVelocity("momentum", options)

/**
 * Nesterov momentum in the same convention: `v <- mu v + g`, `w <- w - eta (g + mu v)` (Sutskever, Martens, Dahl, Hinton 2013, rearranged). Throws as `momentum`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod, nesterov, quadratic } from "@nonconvex/problems"
 *
 * const method = gradientMethod(nesterov({ learningRate: 0.1, momentum: 0.5 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state)
 * state.point // ≈ [0.8500]
 * ```
 */
export const nesterov = (options: MomentumOptions): Update<MomentumState> =>
  withVelocity("nesterov", options)
