/** Models with scalar predictions and their first derivatives. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Operator from "@nonconvex/numerics/Operator"
import type { OutputLoss } from "./OutputLoss.ts"

export type Floats = Float64Array | Float32Array

/**
 * Scalar predictions on `size` samples, as a function of `dimension` parameters.
 *
 * `predict` comes first. The other operations are derivatives at the parameters and samples of its last call, even after
 * `addPullback` has moved these parameters in place. Nothing allocates once a batch size has been seen.
 */
export interface Model<A extends Floats = Float64Array> {
  readonly name: string
  readonly size: number
  readonly dimension: number
  /** Kernels of the model and of all quantities computed from it; default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels
  /** Writes the predictions of the samples `indices`, default all. Throws InvalidInput on wrong lengths. */
  readonly predict: (parameters: A, out: A, indices?: Uint32Array) => void
  /** `target += alpha J' q`. The target may be the parameters themselves, which makes this a step in place. */
  readonly addPullback: (alpha: number, q: A, target: A) => void
  /** `out = J v`. */
  readonly pushforward: (v: A, out: A) => void
  /** The tangent kernel `K = J J'`, row-major; sums in float64. */
  readonly tangentKernel: (out: Float64Array) => void
}

/** Trainable of a method: a model in its parameters, with a loss of its predictions. */
export interface Training<M extends Model = Model> {
  readonly model: M
  readonly loss: OutputLoss
}

/** Model that is differentiable in its inputs. */
export interface DifferentiableInputs<A extends Floats = Float64Array> extends Model<A> {
  readonly inputs: number
  /**
   * Gradients with respect to the inputs of the last predicted samples, one per row. May throw InvalidInput after a
   * step in place.
   */
  readonly inputGradients: (out: A) => void
}

/** The tangent kernel as an operator that never forms J: `q -> J (J' q)`, of `rows` samples, after `predict`. */
export const kernelOperator = (model: Model): Operator.Operator => {
  const gradient = new Float64Array(model.dimension)
  return (q, out) => {
    gradient.fill(0)
    model.addPullback(1, q, gradient)
    model.pushforward(gradient, out)
  }
}
