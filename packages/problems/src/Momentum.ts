import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "./Schedule.ts"
import type { Update, UpdateState } from "./Update.ts"

/** Velocity of momentum, as long as the point. */
export interface MomentumState extends UpdateState {
  readonly velocity: Float64Array
}

export interface MomentumOptions {
  readonly learningRate: number | Schedule.Schedule
  /** Decay of the velocity per step; default 0.9. */
  readonly momentum?: number
}

/** The update with a velocity, by whether a step goes along it or ahead of it. */
export const withVelocity = (
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
