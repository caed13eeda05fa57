/** Mean loss of a linear model over samples. */
import * as Require from "@nonconvex/numerics/Require"
import type { FiniteSum } from "../Objective.ts"
import * as Rows from "./Rows.ts"
import { everyIndex } from "../Samples.ts"
import { type Samples } from "./Samples.ts"
import type { SmoothFiniteSum } from "../LinearModel.ts"

/** The loss of sample `i` as a function of its score `z`, with two derivatives. */
interface SampleLoss {
  readonly value: (z: number, i: number) => number
  readonly slope: (z: number, i: number) => number
  readonly curvature: (z: number, i: number) => number
}

/**
 * `mean_i loss_i(a_i . w) + ridge |w|^2 / 2` without its constants: the common part of least squares and logistic regression.
 *
 * Samples are summed in the order of the batch. The features are kept, not copied.
 *
 * @internal
 */
export const linearModel = (
  samples: Samples,
  options: {
    readonly name: string
    readonly loss: SampleLoss
    readonly ridge: number
  },
): Omit<SmoothFiniteSum, "constants"> => {
  const { dimension, features } = samples
  const { loss, name, ridge } = options
  Require.nonNegative(name, "ridge", ridge)
  const size = features.length / dimension
  const all = everyIndex(size)
  const batchValueAndGradient: FiniteSum["batchValueAndGradient"] = (indices, x, gradient) => {
    const weight = 1 / indices.length
    let sum = 0
    gradient.fill(0)
    for (let k = 0; k < indices.length; k++) {
      const i = indices[k]!
      const score = Rows.dot(features, i * dimension, x)
      sum += loss.value(score, i)
      Rows.add(weight * loss.slope(score, i), features, i * dimension, gradient)
    }
    if (ridge === 0) return weight * sum
    Rows.add(ridge, x, 0, gradient)
    return weight * sum + 0.5 * ridge * Rows.dot(x, 0, x)
  }
  const batchHessianVector: SmoothFiniteSum["batchHessianVector"] = (indices, x, v, out) => {
    const weight = 1 / indices.length
    out.fill(0)
    for (let k = 0; k < indices.length; k++) {
      const i = indices[k]!
      const bend = loss.curvature(Rows.dot(features, i * dimension, x), i)
      const along = Rows.dot(features, i * dimension, v)
      Rows.add(weight * bend * along, features, i * dimension, out)
    }
    if (ridge > 0) Rows.add(ridge, v, 0, out)
  }
  return {
    name,
    dimension,
    size,
    batchValueAndGradient,
    batchHessianVector,
    valueAndGradient: (x, gradient) => batchValueAndGradient(all, x, gradient),
    hessianVector: (x, v, out) => batchHessianVector(all, x, v, out),
  }
}
