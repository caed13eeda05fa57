import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Constants from "./Constants.ts"
import { topEigenvalue } from "./internal/Gram.ts"
import { lazy } from "./internal/Lazy.ts"
import { logCosh as link } from "./internal/LogCoshLink.ts"
import type { Described } from "./Objective.ts"
import * as Rows from "./internal/Rows.ts"
import { requireSamples, type Samples } from "./internal/Samples.ts"

/**
 * `sum_i log cosh(a_i . x + b_i)`: a convex function with a varying Hessian, for tests.
 *
 * The rows of `features` are the a_i and `offsets` the b_i, default 0. If all are 0 the smoothness, the top eigenvalue of
 * `A^T A`, is attained at the origin, and so is the minimum 0. It is not strongly convex with a common modulus. Throws
 * InvalidInput on no rows, wrong lengths and numbers that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { logCosh } from "@nonconvex/problems"
 *
 * const gradient = new Float64Array(1)
 * const objective = logCosh({ features: Float64Array.of(2), dimension: 1 })
 * // log cosh 2, and twice tanh 2
 * objective.valueAndGradient(Float64Array.of(1), gradient) // ≈ 1.3250
 * gradient // ≈ [1.9281]
 * ```
 */
export const logCosh = (
  forms: Samples & {
    readonly offsets?: Float64Array
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  },
): Described => {
  const { dimension, features } = forms
  const size = requireSamples("logCosh", forms)
  if (forms.offsets !== undefined) {
    Require.vector("logCosh", "offsets", forms.offsets, size)
  }
  const centered = forms.offsets === undefined || forms.offsets.every((offset) => offset === 0)
  const offsets = forms.offsets ?? new Float64Array(size)
  const constants = lazy((): Constants.Constants => {
    const top = size * topEigenvalue(forms, forms.kernels)
    return centered
      ? {
          smoothness: Constants.exact(top, "top eigenvalue of A^T A, attained at the origin"),
          minimum: Constants.exact(0, "attained at the origin"),
        }
      : {
          smoothness: Constants.bound(top, "top eigenvalue of A^T A, as sech^2 is at most 1"),
          minimum: Constants.bound(0, "no term is negative"),
        }
  })
  return {
    name: "log cosh",
    dimension,
    get constants() {
      return constants()
    },
    valueAndGradient: (x, gradient) => {
      let sum = 0
      gradient.fill(0)
      for (let i = 0; i < size; i++) {
        const s = Rows.dot(features, i * dimension, x) + offsets[i]!
        sum += link.value(s)
        Rows.add(link.derivative(s), features, i * dimension, gradient)
      }
      return sum
    },
    hessianVector: (x, v, out) => {
      out.fill(0)
      for (let i = 0; i < size; i++) {
        const bend = link.secondDerivative(Rows.dot(features, i * dimension, x) + offsets[i]!)
        Rows.add(bend * Rows.dot(features, i * dimension, v), features, i * dimension, out)
      }
    },
  }
}
