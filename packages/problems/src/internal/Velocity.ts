import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Schedule from "../Schedule.ts"
import type { Update, UpdateState } from "../Update.ts"

/** Velocity of momentum, with the length of the point. */
export interface MomentumState extends UpdateState {
  readonly velocity: Float64Array
}

/** Options of both momenta. */
export interface MomentumOptions {
  readonly learningRate: number | Schedule.Schedule
  /** Decay of the velocity per step; default 0.9. */
  readonly momentum?: number
}

/** Update with a velocity, which steps either along it (heavy ball) or ahead of it (Nesterov). */
export const withVelocity = (
  name: "momentum" | "nesterov",
  { momentum: decay = 0.9, ...options }: MomentumOptions,
): Update<MomentumState> => {
  const learningRate = Schedule.from(name, "learningRate", options.learningRate, 0)
  if (!(Number.isFinite(decay) && decay >= 0 && decay < 1)) {
    invalid(name, "momentum must be at least 0 and below 1", { momentum: decay })
  }
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
