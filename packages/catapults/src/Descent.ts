/** Gradient descent on all samples of a model, a step at a time. */
import { Require } from "@nonconvex/numerics"
import type { Floats, Model } from "./Model.ts"
import type { OutputLoss } from "./OutputLoss.ts"

/** A descent: `evaluate`, look at what you like, `move`. */
export interface Descent<A extends Floats = Float64Array> {
  readonly size: number
  /** Of the last `evaluate`. */
  readonly predictions: A
  /** Returns the loss at the current parameters. */
  readonly evaluate: () => number
  /** A gradient step from where `evaluate` looked. Allocates nothing. */
  readonly move: (learningRate: number) => void
  /** The tangent kernel where `evaluate` looked. */
  readonly tangentKernel: (out: Float64Array) => void
  /** A copy of the current parameters. */
  readonly parameters: () => A
}

type Placed<A extends Floats> = Model<A> & {
  readonly place?: (parameters: ArrayLike<number>) => A
}

const make = <A extends Floats>(model: Placed<A>, loss: OutputLoss, start: A): Descent<A> => {
  Require.length("descentOf", "start", start.length, model.dimension)
  Require.length("descentOf", "loss", loss.size, model.size)
  const theta = model.place?.(start) ?? (start.slice() as A)
  const fresh = () =>
    (theta instanceof Float64Array
      ? new Float64Array(model.size)
      : new Float32Array(model.size)) as A
  const predictions = fresh()
  const adjoint = fresh()
  return {
    size: model.size,
    predictions,
    evaluate: () => {
      model.predict(theta, predictions)
      return loss.evaluate(predictions, adjoint)
    },
    move: (learningRate) => model.addPullback(-learningRate, adjoint, theta),
    tangentKernel: model.tangentKernel,
    parameters: () => theta.slice() as A,
  }
}

/** Descent in the parameters, in float64 or float32. The start is copied. Throws InvalidInput on wrong lengths. */
export const descentOf: {
  (model: Placed<Float64Array>, loss: OutputLoss, start: Float64Array): Descent
  (model: Placed<Float32Array>, loss: OutputLoss, start: Float32Array): Descent<Float32Array>
} = make
