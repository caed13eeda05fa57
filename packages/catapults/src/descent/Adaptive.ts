/** RMSprop and Adagrad, for the table of optimizers: as PyTorch defines them, at their defaults. */
import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "@nonconvex/problems/Schedule"
import type { Update, UpdateState } from "@nonconvex/problems/Update"

export interface SquareState extends UpdateState {
  readonly square: Float64Array
}

interface AdaptiveOptions {
  readonly learningRate: number
  /** Added to the root that steps are divided by; default 1e-8 of RMSprop, 1e-10 of Adagrad. */
  readonly epsilon?: number
}

/** Steps divided by the root of what `squared` remembers of the squares. */
const dividing = (
  name: string,
  rate: number,
  epsilon: number,
  squared: (before: number, g: number) => number,
): Update<SquareState> => {
  Require.nonNegative(name, "epsilon", epsilon)
  const learningRate = Schedule.from(rate)
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

/**
 * RMSprop, `v <- alpha v + (1 - alpha) g^2`, `w <- w - eta g / (sqrt v + epsilon)` (Hinton 2012). Throws InvalidInput on negative
 * numbers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { rmsprop } from "@nonconvex/catapults"
 *
 * // the first step is divided by sqrt(0.01) |g|
 * const update = rmsprop({ learningRate: 0.01 })
 * const weights = Float64Array.of(1, 1)
 * update.apply(update.init(2), weights, Float64Array.of(4, -0.5))
 * weights // ≈ [0.9000, 1.1000]
 * ```
 */
export const rmsprop = (
  options: AdaptiveOptions & {
    /** Default 0.99. */
    readonly smoothing?: number
  },
): Update<SquareState> => {
  const { epsilon = 1e-8, learningRate, smoothing = 0.99 } = options
  Require.nonNegative("rmsprop", "smoothing", smoothing)
  const squared = (v: number, g: number) => smoothing * v + (1 - smoothing) * g * g
  return dividing("rmsprop", learningRate, epsilon, squared)
}

/**
 * Adagrad, `v <- v + g^2`, `w <- w - eta g / (sqrt v + epsilon)` (Duchi, Hazan, Singer 2011). Throws InvalidInput on negative numbers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { adagrad } from "@nonconvex/catapults"
 *
 * const update = adagrad({ learningRate: 0.1 })
 * const weights = Float64Array.of(1, 1)
 * update.apply(update.init(2), weights, Float64Array.of(4, -0.5))
 * weights // ≈ [0.9000, 1.1000]
 * ```
 */
export const adagrad = ({ epsilon = 1e-10, learningRate }: AdaptiveOptions): Update<SquareState> =>
  dividing("adagrad", learningRate, epsilon, (v, g) => v + g * g)
