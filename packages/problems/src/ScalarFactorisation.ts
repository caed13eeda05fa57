import * as Require from "@nonconvex/numerics/Require"
import * as Constants from "./Constants.ts"
import { planeDescent } from "./internal/PlaneDescent.ts"
import type { Described } from "./Objective.ts"

/**
 * `(x y - target)^2 / 2`, the smallest matrix factorisation; its minima are the hyperbola `x y = target`, or the two axes if
 * the target is 0.
 *
 * Neither smooth nor Polyak-Lojasiewicz on the plane. Throws InvalidInput on a target that is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { scalarFactorisation } from "@nonconvex/problems"
 *
 * const gradient = new Float64Array(2)
 * scalarFactorisation(1).valueAndGradient(Float64Array.of(2, 1), gradient) // => 0.5
 * Array.from(gradient) // => [1, 2]
 * ```
 */
export const scalarFactorisation = (target = 0): Described => {
  Require.finite("scalarFactorisation", "target", target)
  return {
    name: "scalar factorisation",
    dimension: 2,
    constants: { minimum: Constants.exact(0, "attained where x y is the target") },
    valueAndGradient: (point, gradient) => {
      const x = point[0]!
      const y = point[1]!
      const residual = x * y - target
      gradient[0] = residual * y
      gradient[1] = residual * x
      return 0.5 * residual * residual
    },
    descend: planeDescent("product", target),
    hessianVector: (point, v, out) => {
      const x = point[0]!
      const y = point[1]!
      const first = v[0]!
      const second = v[1]!
      const mixed = 2 * x * y - target
      out[0] = y * y * first + mixed * second
      out[1] = mixed * first + x * x * second
    },
  }
}
