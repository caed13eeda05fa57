/**
 * Gradient descent on all samples of a model, a step at a time, in one of two forms.
 *
 * In the parameters a step passes through the weights twice, and works for every model. In the samples (`SampleDescent.ts`) the
 * weights of a network are never formed. They are the same steps; `descentOf` takes the cheaper form.
 */
import * as Require from "@nonconvex/numerics/Require"
import type { Floats, Model } from "../network/Model.ts"
import type { OutputLoss } from "../network/OutputLoss.ts"
import { criticalRateAt } from "../network/CriticalRateAt.ts"

/** A descent: `evaluate`, look at what you like, `move`. */
export interface Descent<A extends Floats = Float64Array> {
  /** The number of samples. */
  readonly size: number
  /** All that the steps to come depend on, as data that they change in place. */
  readonly state: object
  /** Coordinates that a step moves first: the parameters, or in sample space the pre-activations. */
  readonly point: A
  /** Predictions of the last `evaluate`. */
  readonly predictions: A
  /** Returns the loss at the current parameters. */
  readonly evaluate: () => number
  /** A gradient step from where `evaluate` looked. Allocates nothing. */
  readonly move: (learningRate: number) => void
  /** The tangent kernel where `evaluate` looked. */
  readonly tangentKernel: (out: Float64Array) => void
  /** The largest stable learning rate where `evaluate` looked, with momentum if there is. Throws ZeroKernel. */
  readonly criticalRate: (momentum?: number) => number
  /** A copy of the current parameters. */
  readonly parameters: () => A
}

/** A model that says how its parameters are held, and whether it has a cheaper form. */
export type Placed<A extends Floats = Float64Array> = Model<A> & {
  readonly place?: (parameters: ArrayLike<number>) => A
  /** The same descent in the samples, where that is cheaper. */
  readonly inSamples?: (loss: OutputLoss, start: A) => Descent<A>
}

const inParameters = <A extends Floats>(
  model: Placed<A>,
  loss: OutputLoss,
  start: A,
): Descent<A> => {
  Require.length("parameterDescent", "start", start.length, model.dimension)
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
 * Gradient descent in the cheaper form. A two-layer network without biases and with fewer samples than inputs descends in the samples, any
 * other model in the parameters. The start is copied. Throws InvalidInput on wrong lengths.
 */
export const descentOf: DescentOf = <A extends Floats>(
  model: Placed<A>,
  loss: OutputLoss,
  start: A,
): Descent<A> => model.inSamples?.(loss, start) ?? inParameters(model, loss, start)
