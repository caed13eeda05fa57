import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Constants from "./Constants.ts"
import type { Described } from "./Objective.ts"

/**
 * `-cos w_1 - ... - cos w_d`: minima at the multiples of 2 pi, maxima between them, curvatures in [-1, 1].
 *
 * Throws InvalidInput unless the dimension is a positive integer.
 *
 * @example
 * ```ts import.meta.vitest
 * import { cosine } from "@nonconvex/problems"
 *
 * cosine(2).valueAndGradient(Float64Array.of(0, Math.PI), new Float64Array(2)) // => 0
 * ```
 */
export const cosine = (dimension = 1): Described => {
  Require.count("cosine", "dimension", dimension)
  return {
    name: "cosine",
    dimension,
    constants: {
      smoothness: Constants.exact(1, "the Hessian is diag(cos w)"),
      minimum: Constants.exact(-dimension, "attained at w = 0"),
    },
    valueAndGradient: (x, gradient) => {
      let sum = 0
      for (let i = 0; i < dimension; i++) {
        gradient[i] = Elementary.sin(x[i]!)
        sum -= Elementary.cos(x[i]!)
      }
      return sum
    },
    hessianVector: (x, v, out) => {
      for (let i = 0; i < dimension; i++) out[i] = Elementary.cos(x[i]!) * v[i]!
    },
  }
}
