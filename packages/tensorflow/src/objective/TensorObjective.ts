/** A loss of TensorFlow.js as an objective, which makes every tool of this project available for the user's own model. */
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as Constants from "@nonconvex/problems/Constants"
import type { Objective } from "@nonconvex/problems/Objective"
import type * as tf from "@tensorflow/tfjs"
import * as Evaluation from "./Evaluation.ts"
import { SecondGradientMismatch } from "../Failures.ts"
import * as HessianProduct from "./HessianProduct.ts"
import * as Weights from "./Weights.ts"

export interface TensorObjective extends Objective {
  /** Values and gradients are rounded to 24 bits, whichever arrays hold them. */
  readonly precision: "float32"
  readonly variables: ReadonlyArray<tf.Variable>
  /** The weights of the model as a flat vector, in a new array or in `out`. */
  readonly read: (out?: Float64Array) => Float64Array
  /** Makes `point`, rounded to float32, the weights of the model. */
  readonly write: (point: Float64Array) => void
  readonly hessianVector: (x: Float64Array, v: Float64Array, out: Float64Array) => void
}

export interface ObjectiveOptions {
  /** Name in error messages; default the name of the model, or "a function of variables". */
  readonly name?: string
  /** Known constants of the loss; default none. */
  readonly constants?: Constants.Constants
  /** Method of Hessian-vector products; default differences. */
  readonly secondOrder?: "differences" | "double gradient"
  /**
   * Seed of the draws of the loss, such as dropout masks. It is the same at every evaluation, since a loss that changes between
   * calls has no meaningful gradient. Default a seed of this package.
   */
  readonly seed?: Seed.Seed
}

/** Largest relative disagreement of the double gradient with differences; float32 differences are good to about 1e-3. */
const agreement = 0.05

/**
 * Sum of parts as an objective. `evaluation` is that of `weights`. The first double gradient is compared with finite
 * differences; SecondGradientMismatch is thrown if they disagree.
 */
export const fromParts = (
  parts: () => Iterable<Evaluation.Part>,
  weights: Weights.Weights,
  evaluation: Evaluation.Evaluation,
  options: ObjectiveOptions & { readonly name: string },
): TensorObjective => {
  const { constants = {}, name, secondOrder = "differences" } = options
  const { dimension, variables } = weights
  const work = new Float64Array(2 * dimension)

  const valueAndGradient = (x: Float64Array, gradient: Float64Array): number =>
    evaluation.valueAndGradient(parts(), x, gradient)

  const byDifferences: TensorObjective["hessianVector"] = (x, v, out) => {
    Require.length(name, "x", x.length, dimension)
    Require.length(name, "v", v.length, dimension)
    Require.length(name, "out", out.length, dimension)
    HessianProduct.differences(valueAndGradient, x, v, out, work)
  }

  const requireAgreement = (x: Float64Array, v: Float64Array, product: Float64Array): void => {
    const differences = new Float64Array(dimension)
    const gradient = new Float64Array(dimension)
    byDifferences(x, v, differences)
    valueAndGradient(x, gradient)
    // what differences of float32 gradients of this length cannot see
    const noise = (1e-4 * Vector.norm(gradient) * Vector.norm(v)) / Math.max(1, Vector.norm(x))
    const size = Vector.norm(product) + Vector.norm(differences)
    const distance = Vector.distance(product, differences)
    if (!(distance <= agreement * size + noise)) {
      const relativeError = distance / size
      throw new SecondGradientMismatch({ objective: name, relativeError, tolerance: agreement })
    }
  }

  let isChecked = false
  const byDoubleGradient: TensorObjective["hessianVector"] = (x, v, out) => {
    Require.length(name, "v", v.length, dimension)
    Require.length(name, "out", out.length, dimension)
    const sum = work.subarray(0, dimension)
    const term = work.subarray(dimension)
    sum.fill(0)
    evaluation.at(x, () => {
      for (const { loss, share } of parts()) {
        HessianProduct.doubleGradient(name, loss, weights, v, term)
        Vector.axpy(share, term, sum)
      }
    })
    out.set(sum)
    if (!isChecked) requireAgreement(x, v, out.slice())
    isChecked = true
  }

  return {
    name,
    dimension,
    constants,
    precision: "float32",
    variables,
    read: (out) => {
      Weights.requireAlive(name, variables)
      return Weights.read(weights, out)
    },
    write: (point) => {
      Weights.requireAlive(name, variables)
      Weights.write(weights, point)
    },
    valueAndGradient,
    hessianVector: secondOrder === "differences" ? byDifferences : byDoubleGradient,
  }
}

/**
 * The objective of a differentiable function of variables, with its data inside of it; `loss` returns a scalar.
 *
 * An evaluation leaves the variables unchanged, bit for bit. Throws NoTrainableWeights, WeightsDisposed, LossNotScalar (when
 * it is evaluated), and InvalidInput on points of the wrong length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { functionObjective } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const w = tf.variable(tf.tensor1d([1, 2]))
 * const objective = functionObjective(() => w.square().sum(), [w])
 * const gradient = new Float64Array(2)
 * objective.valueAndGradient(Float64Array.of(3, 4), gradient) // => 25
 * Array.from(gradient) // => [6, 8]
 * Array.from(w.dataSync()) // => [1, 2]
 * ```
 */
export const functionObjective = (
  loss: () => tf.Tensor,
  variables: ReadonlyArray<tf.Variable>,
  options: ObjectiveOptions = {},
): TensorObjective => {
  const named = { name: "a function of variables", ...options }
  const weights = Weights.layoutOf("functionObjective", variables)
  const evaluation = Evaluation.make(named.name, weights, options.seed)
  // that it is a scalar is checked where it is evaluated
  const parts = [{ share: 1, loss: loss as () => tf.Scalar }]
  return fromParts(() => parts, weights, evaluation, named)
}
