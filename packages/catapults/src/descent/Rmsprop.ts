import * as Require from "@nonconvex/numerics/Require"
import type { Update } from "@nonconvex/problems/Update"
import { dividing, type RootOfSquaresOptions, type SquareState } from "./RootOfSquares.ts"

/**
 * RMSprop as PyTorch defines it, `v <- alpha v + (1 - alpha) g^2`, `w <- w - eta g / (sqrt v + epsilon)` (Hinton 2012). Throws InvalidInput on negative
 * numbers.
 */
export const rmsprop = (
  options: RootOfSquaresOptions & {
    /** Default 0.99. */
    readonly smoothing?: number
  },
): Update<SquareState> => {
  const { epsilon = 1e-8, learningRate, smoothing = 0.99 } = options
  Require.nonNegative("rmsprop", "smoothing", smoothing)
  const squared = (v: number, g: number) => smoothing * v + (1 - smoothing) * g * g
  return dividing("rmsprop", learningRate, epsilon, squared)
}
