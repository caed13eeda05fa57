/** Linear systems with a symmetric positive definite operator, by conjugate gradients. */
import { invalid } from "./InvalidInput.ts"
import type { Operator } from "./Operator.ts"
import * as Require from "./Require.ts"
import { powerOfTwoNear } from "./Scaling.ts"
import * as Vector from "./Vector.ts"

/** Stopping rule and start. */
interface Options {
  /** Stop when |b - A x| is at most this times |b|; default 1e-10. */
  readonly tolerance?: number
  /** Maximum products with the operator, including those that verify the residual; default 10 + 10 times the dimension. */
  readonly maxProducts?: number
  /** Writes an approximation of A^-1 v into `out`; must be symmetric positive definite. */
  readonly preconditioner?: Operator
  /** Start here and not at 0. */
  readonly start?: Float64Array
}

/** Solution of the iteration, and its accuracy. */
interface Solution {
  readonly solution: Float64Array
  /** |b - A x|, computed: |x - A^-1 b| is at most this over the smallest eigenvalue. */
  readonly residual: number
  readonly products: number
  /**
   * "indefinite": a `direction` of curvature <= 0 was found, and A is not positive definite. "budget": maxProducts or rounding
   * ended the iteration; see the residual.
   */
  readonly status: "converged" | "budget" | "indefinite"
  /** A direction p with p^T A p <= 0, where status is "indefinite". */
  readonly direction?: Float64Array
}

/** Relative to the first residual of a recurrence: smaller estimates are rounding errors. */
const epsilon = 2 ** -52

/**
 * Solves A x = b (Hestenes and Stiefel 1952). The residual that ends the iteration is computed, not estimated. If the
 * recurrence has drifted from it, the iteration restarts from the computed one.
 *
 * Throws InvalidInput on wrong lengths, and on a vector b or products that are not finite.
 */
export const solve = (operator: Operator, b: Float64Array, options: Options = {}): Solution => {
  const { tolerance = 1e-10, preconditioner, start } = options
  const n = b.length
  const maxProducts = options.maxProducts ?? 10 + 10 * n
  Require.allFinite("ConjugateGradients.solve", "b", b)
  Require.count("ConjugateGradients.solve", "maxProducts", maxProducts)
  if (!(tolerance >= 0)) {
    invalid("ConjugateGradients.solve", "tolerance must be at least 0", { tolerance })
  }
  if (start !== undefined) Require.array("ConjugateGradients.solve", "start", start, n)
  const x = start?.slice() ?? new Float64Array(n)
  const r = new Float64Array(n)
  const z = new Float64Array(n)
  const p = new Float64Array(n)
  const q = new Float64Array(n)
  const target = tolerance * Vector.norm(b)
  let products = 0

  /** r = b - A x, and its norm. */
  const trueResidual = (): number => {
    operator(x, r)
    products++
    for (let i = 0; i < n; i++) r[i] = b[i]! - r[i]!
    return checked(Vector.norm(r))
  }
  const precondition = (): void => {
    if (preconditioner === undefined) z.set(r)
    else preconditioner(r, z)
  }

  let residual = trueResidual()
  let best = Infinity
  while (residual > target && products < maxProducts && residual < best) {
    best = residual
    // The recurrence has a residual of about 1, so that no inner product overflows or underflows, with the digits of the true one.
    const scale = powerOfTwoNear(residual)
    Vector.scale(1 / scale, r)
    precondition()
    p.set(z)
    let rho = Vector.dot(r, z)
    let recurred = residual / scale
    // One product is kept for the residual at the end.
    while (recurred * scale > target && recurred > epsilon && products < maxProducts - 1) {
      operator(p, q)
      products++
      const curvature = checked(Vector.dot(p, q))
      if (curvature <= 0) {
        residual = trueResidual()
        return { solution: x, residual, products, status: "indefinite", direction: p }
      }
      const step = rho / curvature
      Vector.axpy(step * scale, p, x)
      Vector.axpy(-step, q, r)
      recurred = Vector.norm(r)
      precondition()
      const next = Vector.dot(r, z)
      const ratio = next / rho
      rho = next
      for (let i = 0; i < n; i++) p[i] = z[i]! + ratio * p[i]!
    }
    residual = trueResidual()
  }
  return { solution: x, residual, products, status: residual <= target ? "converged" : "budget" }
}

const checked = (value: number): number => {
  if (!Number.isFinite(value)) {
    invalid("ConjugateGradients.solve", "the operator must return finite numbers", { value })
  }
  return value
}
