import type { Update } from "@nonconvex/problems/Update"
import { dividing, type RootOfSquaresOptions, type SquareState } from "./RootOfSquares.ts"

/**
 * Adagrad as PyTorch defines it, `v <- v + g^2`, `w <- w - eta g / (sqrt v + epsilon)` (Duchi, Hazan, Singer 2011). Throws InvalidInput on negative numbers.
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
export const adagrad = ({
  epsilon = 1e-10,
  learningRate,
}: RootOfSquaresOptions): Update<SquareState> =>
  dividing("adagrad", learningRate, epsilon, (v, g) => v + g * g)
