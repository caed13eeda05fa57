/** Runs of gradient descent on a quadratic in plain loops: the twin of `assembly/quadratic.ts`. */
import { symmetricProduct } from "./SymmetricProduct.ts"

/**
 * Takes up to `steps` steps x -= rate (A x + c) from the lower triangle of the symmetric row-major `a` (n x n), and returns how many: it stops before one with a
 * change that is not finite.
 */
export const descendQuadratic = (
  n: number,
  steps: number,
  rate: number,
  a: Float64Array,
  c: Float64Array,
  x: Float64Array,
): number => {
  const change = new Float64Array(n)
  for (let taken = 0; taken < steps; taken++) {
    symmetricProduct(n, a, x, change, c)
    // 0 where every change is finite
    let finite = 0
    for (let i = 0; i < n; i++) {
      const moved = rate * change[i]!
      change[i] = moved
      finite += moved - moved
    }
    if (finite !== 0) return taken
    for (let i = 0; i < n; i++) x[i]! -= change[i]!
  }
  return steps
}
