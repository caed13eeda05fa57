import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "./Schedule.ts"
import type { Update, UpdateState } from "./Update.ts"

/** Stochastic gradient descent, `w <- w - eta g`; gradient descent when the objective is not stochastic. */
export const sgd = (options: { readonly learningRate: number | Schedule.Schedule }): Update => {
  const learningRate = Schedule.from(options.learningRate)
  return {
    name: "sgd",
    learningRate,
    init: () => ({ step: 0 }),
    apply: (state, point, gradient) => {
      const rate = learningRate(state.step++)
      // a rate of 0 leaves the point bit for bit: -0 - 0 * g would turn into 0 for negative g
      if (rate === 0) return
      for (let i = 0; i < point.length; i++) point[i]! -= rate * gradient[i]!
    },
  }
}

export interface MomentumState extends UpdateState {
  readonly velocity: Float64Array
}

interface MomentumOptions {
  readonly learningRate: number | Schedule.Schedule
  /** Decay of the velocity per step; 0.9 where it is not given. */
  readonly momentum?: number
}

const momentumState = (dimension: number): MomentumState => ({
  step: 0,
  velocity: new Float64Array(dimension),
})

const coefficient = ({ momentum: decay = 0.9 }: MomentumOptions): number => {
  Require.finite("momentum", "momentum", decay)
  return decay
}

/** Heavy-ball momentum as deep learning writes it: `v <- mu v + g`, `w <- w - eta v`. */
export const momentum = (options: MomentumOptions): Update<MomentumState> => {
  const learningRate = Schedule.from(options.learningRate)
  const decay = coefficient(options)
  return {
    name: "momentum",
    learningRate,
    init: momentumState,
    apply: (state, point, gradient) => {
      const rate = learningRate(state.step++)
      const { velocity } = state
      for (let i = 0; i < point.length; i++) velocity[i] = decay * velocity[i]! + gradient[i]!
      if (rate === 0) return
      for (let i = 0; i < point.length; i++) point[i]! -= rate * velocity[i]!
    },
  }
}

/** Nesterov momentum in the same convention: `v <- mu v + g`, `w <- w - eta (g + mu v)`. */
export const nesterov = (options: MomentumOptions): Update<MomentumState> => {
  const learningRate = Schedule.from(options.learningRate)
  const decay = coefficient(options)
  return {
    name: "nesterov",
    learningRate,
    init: momentumState,
    apply: (state, point, gradient) => {
      const rate = learningRate(state.step++)
      const { velocity } = state
      for (let i = 0; i < point.length; i++) velocity[i] = decay * velocity[i]! + gradient[i]!
      if (rate === 0) return
      for (let i = 0; i < point.length; i++) {
        point[i]! -= rate * (gradient[i]! + decay * velocity[i]!)
      }
    },
  }
}
