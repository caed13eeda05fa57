/** Steps divided by the root of an average of squared gradients: the common part of RMSprop and Adagrad. */
import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "@nonconvex/problems/Schedule"
import type { Update, UpdateState } from "@nonconvex/problems/Update"

export interface SquareState extends UpdateState {
  readonly square: Float64Array
}

export interface RootOfSquaresOptions {
  readonly learningRate: number
  /** Added to the root that steps are divided by; default 1e-8 of RMSprop, 1e-10 of Adagrad. */
  readonly epsilon?: number
}

/** Steps divided by the root of the average of squares in `squared`. */
export const dividing = (
  name: string,
  rate: number,
  epsilon: number,
  squared: (before: number, g: number) => number,
): Update<SquareState> => {
  Require.nonNegative(name, "epsilon", epsilon)
  const learningRate = Schedule.from(name, "learningRate", rate, 0)
  return {
    name,
    learningRate,
    init: (dimension) => ({ step: 0, square: new Float64Array(dimension) }),
    apply: (current, point, gradient) => {
      const now = learningRate(current.step++)
      const { square } = current
      for (let i = 0; i < point.length; i++) {
        const g = gradient[i]!
        const v = (square[i] = squared(square[i]!, g))
        point[i]! -= (now * g) / (Math.sqrt(v) + epsilon)
      }
    },
  }
}
