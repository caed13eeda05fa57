import type { Update } from "@nonconvex/problems/Update"
import { dividing, type RootOfSquaresOptions, type SquareState } from "./RootOfSquares.ts"

/**
 * Adagrad as PyTorch defines it, `v <- v + g^2`, `w <- w - eta g / (sqrt v + epsilon)` (Duchi, Hazan, Singer 2011). Throws InvalidInput on negative numbers.
 */
export const adagrad = ({
  epsilon = 1e-10,
  learningRate,
}: RootOfSquaresOptions): Update<SquareState> =>
  dividing("adagrad", learningRate, epsilon, (v, g) => v + g * g)
