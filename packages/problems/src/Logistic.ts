import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Constants from "./Constants.ts"
import { topEigenvalue } from "./internal/Gram.ts"
import { lazy } from "./internal/Lazy.ts"
import { type SmoothFiniteSum } from "./LinearModel.ts"

import { requireSamples, type Samples } from "./internal/Samples.ts"
import { linearModel } from "./internal/LinearModel.ts"

/**
 * Binary logistic regression, `mean_i log(1 + exp(-y_i a_i . w)) + ridge |w|^2 / 2` with labels -1 and 1.
 *
 * Its smoothness is exact: a quarter of the top eigenvalue of `A^T A / n` plus the ridge. Every sample has its largest
 * curvature at w = 0 (derived here). It is computed on first access. Keeps a reference to the features. Throws InvalidInput
 * on no samples, wrong lengths, features that are not finite, a negative ridge and other labels.
 *
 * @example
 * ```ts import.meta.vitest
 * import { logistic } from "@nonconvex/problems"
 *
 * const samples = { features: Float64Array.of(1, 2), dimension: 1, labels: [1, -1] }
 * logistic(samples).valueAndGradient(Float64Array.of(0), new Float64Array(1)) // ≈ 0.6931
 * ```
 */
export const logistic = (
  samples: Samples & {
    readonly labels: ArrayLike<number>
    readonly ridge?: number
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  },
): SmoothFiniteSum => {
  const { ridge = 0 } = samples
  const size = requireSamples("logistic", samples)
  Require.object("logistic", "labels", samples.labels)
  Require.length("logistic", "labels", samples.labels.length, size)
  const labels = Float64Array.from(samples.labels)
  const index = labels.findIndex((label) => label !== 1 && label !== -1)
  if (index >= 0) {
    invalid("logistic", "every label must be -1 or 1", { index, label: labels[index]! })
  }
  const model = linearModel(samples, {
    name: "logistic regression",
    ridge,
    loss: {
      value: (z, i) => Elementary.softplus(-labels[i]! * z),
      slope: (z, i) => -labels[i]! / (1 + Elementary.exp(labels[i]! * z)),
      curvature: (z) => {
        const decay = Elementary.exp(-Math.abs(z))
        return decay / ((1 + decay) * (1 + decay))
      },
    },
  })
  const constants = lazy((): Constants.Constants => {
    const top = topEigenvalue(samples, samples.kernels)
    return {
      smoothness: Constants.exact(
        top / 4 + ridge,
        "top eigenvalue of A^T A / 4n plus the ridge, attained at w = 0",
      ),
      ...(ridge > 0 && {
        strongConvexity: Constants.exact(ridge, "the ridge: the rest flattens out far away"),
        polyakLojasiewicz: Constants.bound(ridge, "strong convexity implies it"),
      }),
      minimum: Constants.bound(0, "no sample has a negative loss"),
    }
  })
  return {
    ...model,
    get constants() {
      return constants()
    },
  }
}
