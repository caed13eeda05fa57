import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Constants from "./Constants.ts"
import { topEigenvalue } from "./internal/Gram.ts"
import { lazy } from "./internal/Lazy.ts"
import type { SmoothFiniteSum } from "./LinearModel.ts"
import * as Architecture from "./network/Architecture.ts"
import * as Loss from "./network/Loss.ts"
import { network } from "./network/Network.ts"
import * as Rows from "./internal/Rows.ts"

import type { Samples } from "./internal/Samples.ts"

/**
 * Softmax regression: mean cross entropy of the scores `W a_i` plus `ridge |W|^2 / 2`; the parameters are the rows of W,
 * class by class.
 *
 * Its smoothness is half the top eigenvalue of `A^T A / n` plus the ridge. It is exact for two classes, where it is attained
 * at W = 0, and a bound for more (Boehning 1992). For an intercept, add a feature that is always 1. Keeps a reference to the
 * features. Throws InvalidInput on no samples, wrong lengths, features that are not finite, a negative ridge, fewer than two
 * classes and labels out of range.
 *
 * @example
 * ```ts import.meta.vitest
 * import { softmaxRegression } from "@nonconvex/problems"
 *
 * const samples = { features: Float64Array.of(1, 2), dimension: 1, labels: [0, 1], classes: 2 }
 * softmaxRegression(samples).valueAndGradient(new Float64Array(2), new Float64Array(2)) // ≈ 0.6931
 * ```
 */
export const softmaxRegression = (
  samples: Samples & {
    readonly labels: ArrayLike<number>
    readonly classes: number
    readonly ridge?: number
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  },
): SmoothFiniteSum => {
  const { classes, dimension, features, labels, ridge = 0 } = samples
  const { kernels = Kernels.standard() } = samples
  Require.nonNegative("softmaxRegression", "ridge", ridge)
  const model = network({
    features,
    dimension,
    kernels,
    architecture: Architecture.make({
      widths: [dimension, classes],
      activation: "identity",
      bias: false,
    }),
    loss: Loss.crossEntropy(labels),
  })
  const constants = lazy((): Constants.Constants => {
    const top = topEigenvalue(samples, kernels)
    const because = "half the top eigenvalue of A^T A / n plus the ridge"
    return {
      smoothness:
        classes === 2
          ? Constants.exact(top / 2 + ridge, `${because}, attained at W = 0`)
          : Constants.bound(top / 2 + ridge, because),
      ...(ridge > 0 && {
        strongConvexity: Constants.exact(ridge, "the ridge: equal scores for all classes add none"),
        polyakLojasiewicz: Constants.bound(ridge, "strong convexity implies it"),
      }),
      minimum: Constants.bound(0, "no sample has a negative loss"),
    }
  })
  const withRidge = (loss: number, x: Float64Array, gradient: Float64Array): number => {
    if (ridge === 0) return loss
    Rows.add(ridge, x, 0, gradient)
    return loss + 0.5 * ridge * Rows.dot(x, 0, x)
  }
  const addRidge = (v: Float64Array, out: Float64Array): void => {
    if (ridge > 0) Rows.add(ridge, v, 0, out)
  }
  return {
    name: "softmax regression",
    dimension: model.dimension,
    size: model.size,
    get constants() {
      return constants()
    },
    valueAndGradient: (x, gradient) => withRidge(model.valueAndGradient(x, gradient), x, gradient),
    batchValueAndGradient: (indices, x, gradient) =>
      withRidge(model.batchValueAndGradient(indices, x, gradient), x, gradient),
    hessianVector: (x, v, out) => {
      model.hessianVector(x, v, out)
      addRidge(v, out)
    },
    batchHessianVector: (indices, x, v, out) => {
      model.batchHessianVector(indices, x, v, out)
      addRidge(v, out)
    },
  }
}
