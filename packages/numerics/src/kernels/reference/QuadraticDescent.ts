/** Runs of gradient descent on a quadratic, accelerated or not, in plain loops: the twin of `assembly/quadratic.ts`. */
import { symmetricProduct } from "./SymmetricProduct.ts"

/** What a run on a quadratic has beside the quadratic and its point. */
export interface QuadraticRun {
  /** What is added to every gradient. */
  readonly error?: Float64Array
  /** What is added then, `strength (x - center)`. */
  readonly pull?: { readonly strength: number; readonly center: Float64Array }
  /** Of accelerated descent, where gradients are taken, and the momentum of each step. */
  readonly acceleration?: { readonly ahead: Float64Array; readonly momenta: Float64Array }
}

/**
 * Takes up to `steps` steps x -= rate (A x + c) from the lower triangle of the symmetric row-major `a` (n x n), and returns how many: it stops before one with a
 * change that is not finite. Accelerated ones are `x+ = y - rate (A y + c); y = x+ + momentum (x+ - x)`, and stop before a point that is not finite.
 */
export const descendQuadratic = (
  n: number,
  steps: number,
  rate: number,
  a: Float64Array,
  c: Float64Array,
  x: Float64Array,
  { acceleration, error, pull }: QuadraticRun = {},
): number => {
  const change = new Float64Array(n)
  const y = acceleration?.ahead ?? x
  for (let taken = 0; taken < steps; taken++) {
    symmetricProduct(n, a, y, change, c)
    // 0 where every change, or every next point, is finite
    let finite = 0
    for (let i = 0; i < n; i++) {
      let answer = change[i]!
      if (error !== undefined) answer += error[i]!
      if (pull !== undefined) answer += pull.strength * (y[i]! - pull.center[i]!)
      const moved = acceleration === undefined ? rate * answer : y[i]! - rate * answer
      change[i] = moved
      finite += moved - moved
    }
    if (finite !== 0) return taken
    if (acceleration === undefined) {
      for (let i = 0; i < n; i++) x[i]! -= change[i]!
      continue
    }
    const momentum = acceleration.momenta[taken]!
    for (let i = 0; i < n; i++) {
      const next = change[i]!
      y[i] = next + momentum * (next - x[i]!)
      x[i] = next
    }
  }
  return steps
}
