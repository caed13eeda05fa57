/**
 * Gradient descent on all samples of a model, one step at a time, in one of two forms.
 *
 * In parameter space each step passes through the weights twice; this form works for every model. In sample space
 * (`SampleDescent.ts`) the weights of a network are never formed. Both forms take the same steps; `descentOf` chooses
 * the cheaper one.
 */
import * as Require from "@nonconvex/numerics/Require"
import type { Floats, Model } from "../network/Model.ts"
import type { OutputLoss } from "../network/OutputLoss.ts"
import { criticalRateAt } from "../network/CriticalRateAt.ts"

/** Gradient descent in two calls: `evaluate`, then `move`; quantities of the point can be read between them. */
export interface Descent<A extends Floats = Float64Array> {
  /** The number of samples. */
  readonly size: number
  /** Complete state of the descent: arrays changed in place. */
  readonly state: object
  /** Coordinates that a step moves first: the parameters, or in sample space the pre-activations. */
  readonly point: A
  /** Predictions of the last `evaluate`. */
  readonly predictions: A
  /** Returns the loss at the current parameters. */
  readonly evaluate: () => number
  /** Takes a gradient step from the point of the last `evaluate`. Allocates nothing. */
  readonly move: (learningRate: number) => void
  /** The tangent kernel at the point of the last `evaluate`. */
  readonly tangentKernel: (out: Float64Array) => void
  /** Largest stable learning rate at the point of the last `evaluate`, with momentum if any. Throws ZeroKernel. */
  readonly criticalRate: (momentum?: number) => number
  /** A copy of the current parameters. */
  readonly parameters: () => A
}

/** Model that states how its parameters are stored, and whether it offers a cheaper form of descent. */
export type Placed<A extends Floats = Float64Array> = Model<A> & {
  readonly place?: (parameters: ArrayLike<number>) => A
  /** The same descent in sample space, if that is cheaper. */
  readonly inSamples?: (loss: OutputLoss, start: A) => Descent<A>
}

const inParameters = <A extends Floats>(
  model: Placed<A>,
  loss: OutputLoss,
  start: A,
): Descent<A> => {
  Require.array("parameterDescent", "start", start, model.dimension)
  Require.length("parameterDescent", "loss", loss.size, model.size)
  const theta = model.place?.(start) ?? (start.slice() as A)
  const fresh = () =>
    (theta instanceof Float64Array
      ? new Float64Array(model.size)
      : new Float32Array(model.size)) as A
  const { kernels, tangentKernel } = model
  const predictions = fresh()
  const adjoint = fresh()
  return {
    size: model.size,
    state: { parameters: theta },
    point: theta,
    predictions,
    evaluate: () => {
      model.predict(theta, predictions)
      return loss.evaluate(predictions, adjoint)
    },
    move: (learningRate) => model.addPullback(-learningRate, adjoint, theta),
    tangentKernel,
    criticalRate: (momentum) =>
      criticalRateAt({ loss, predictions, tangentKernel, kernels }, momentum),
    parameters: () => theta.slice() as A,
  }
}

interface DescentOf {
  (model: Placed, loss: OutputLoss, start: Float64Array): Descent
  (model: Placed<Float32Array>, loss: OutputLoss, start: Float32Array): Descent<Float32Array>
}

/** Gradient descent of a model in its parameters, in float64 or float32. The start is copied. Throws InvalidInput on wrong lengths. */
export const parameterDescent: DescentOf = inParameters

/**
 * Gradient descent in the cheaper of the two forms. A two-layer network without biases and with fewer samples than
 * inputs descends in sample space; every other model descends in parameter space. The start is copied. Throws
 * InvalidInput on wrong lengths.
 */
export const descentOf: DescentOf = <A extends Floats>(
  model: Placed<A>,
  loss: OutputLoss,
  start: A,
): Descent<A> => model.inSamples?.(loss, start) ?? inParameters(model, loss, start)
