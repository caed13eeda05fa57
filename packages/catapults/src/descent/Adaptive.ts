/** RMSprop and Adagrad, for the table of optimizers: as PyTorch defines them, at their defaults. */
import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "@nonconvex/problems/Schedule"
import type { Update, UpdateState } from "@nonconvex/problems/Update"

export interface SquareState extends UpdateState {
  readonly square: Float64Array
}

const state = (dimension: number): SquareState => ({ step: 0, square: new Float64Array(dimension) })

/**
 * RMSprop, `v <- alpha v + (1 - alpha) g^2`, `w <- w - eta g / (sqrt v + epsilon)` (Hinton 2012). Throws InvalidInput on negative
 * numbers.
 */
export const rmsprop = (options: {
  readonly learningRate: number
  /** Default 0.99. */
  readonly smoothing?: number
  /** Default 1e-8. */
  readonly epsilon?: number
}): Update<SquareState> => {
  const { epsilon = 1e-8, smoothing = 0.99 } = options
  Require.nonNegative("rmsprop", "smoothing", smoothing)
  Require.nonNegative("rmsprop", "epsilon", epsilon)
  const learningRate = Schedule.from(options.learningRate)
  return {
    name: "rmsprop",
    learningRate,
    init: state,
    apply: (current, point, gradient) => {
      const rate = learningRate(current.step++)
      const { square } = current
      for (let i = 0; i < point.length; i++) {
        const g = gradient[i]!
        const v = (square[i] = smoothing * square[i]! + (1 - smoothing) * g * g)
        point[i]! -= (rate * g) / (Math.sqrt(v) + epsilon)
      }
    },
  }
}

/** Adagrad, `v <- v + g^2`, `w <- w - eta g / (sqrt v + epsilon)` (Duchi, Hazan, Singer 2011). Throws InvalidInput on negative numbers. */
export const adagrad = (options: {
  readonly learningRate: number
  /** Default 1e-10. */
  readonly epsilon?: number
}): Update<SquareState> => {
  const { epsilon = 1e-10 } = options
  Require.nonNegative("adagrad", "epsilon", epsilon)
  const learningRate = Schedule.from(options.learningRate)
  return {
    name: "adagrad",
    learningRate,
    init: state,
    apply: (current, point, gradient) => {
      const rate = learningRate(current.step++)
      const { square } = current
      for (let i = 0; i < point.length; i++) {
        const g = gradient[i]!
        const v = (square[i]! += g * g)
        point[i]! -= (rate * g) / (Math.sqrt(v) + epsilon)
      }
    },
  }
}
