import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Schedule from "@nonconvex/problems/Schedule"
import type { Update, UpdateState } from "@nonconvex/problems/Update"

interface GroupState extends UpdateState {
  /** The running mean of the squared norm of the gradient. */
  square: number
}

/**
 * RMSprop with one scale for the whole gradient, as the public code of Arora, Cohen, Hu, Luo 2019 trains deep factorisations (as
 * recalled): `v <- a v + (1 - a) |g|^2`, `w <- w - rate g / sqrt(v / (1 - a^t) + eps)`.
 */
export const groupRmsprop = (options: {
  readonly learningRate: number
  readonly decay: number
  readonly epsilon: number
}): Update<GroupState> => {
  const { decay, epsilon } = options
  const learningRate = Schedule.from("groupRmsprop", "learningRate", options.learningRate, 0)
  return {
    name: "group RMSprop",
    learningRate,
    init: () => ({ step: 0, square: 0 }),
    apply: (state, point, gradient) => {
      let square = 0
      for (let i = 0; i < gradient.length; i++) square += gradient[i]! * gradient[i]!
      state.square = decay * state.square + (1 - decay) * square
      const rate = learningRate(state.step++)
      const scale =
        rate / Math.sqrt(state.square / (1 - Elementary.pow(decay, state.step)) + epsilon)
      for (let i = 0; i < point.length; i++) point[i]! -= scale * gradient[i]!
    },
  }
}
