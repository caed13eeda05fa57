/**
 * One evaluation of a loss: its randomness is recorded or replayed, and its assignments and kept tensors are undone on
 * request.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as tf from "@tensorflow/tfjs"
import { LossNotScalar } from "../Failures.ts"
import * as Weights from "./Weights.ts"

type Random = () => number

/**
 * Runs `body` with another source for what TensorFlow.js draws itself: dropout masks, noise layers, multinomial samples. All of them ask
 * the global generator for a seed, so replaying its answers replays the masks. The body is synchronous, so no other evaluation interleaves.
 */
const drawingFrom = <A>(random: Random, body: () => A): A => {
  const before: unknown = Reflect.get(Math, "random")
  Reflect.set(Math, "random", random)
  try {
    return body()
  } finally {
    Reflect.set(Math, "random", before)
  }
}

/** Runs `body`, and records its random draws in `draws`. */
export const recording = <A>(draws: Array<number>, body: () => A): A => {
  const random: Random = Reflect.get(Math, "random")
  return drawingFrom(() => {
    const value = random.call(Math)
    draws.push(value)
    return value
  }, body)
}

/** Replays the draws of an earlier run in `body`; further draws repeat the recorded values from the start. */
export const replaying = <A>(draws: ReadonlyArray<number>, body: () => A): A => {
  let at = 0
  return draws.length === 0 ? body() : drawingFrom(() => draws[at++ % draws.length]!, body)
}

/** Runs `body` with a stream of the seed tree: the same masks at every call. */
export const seeded = <A>(seed: Seed.Seed, body: () => A): A => {
  const stream = RandomStream.make(seed)
  return drawingFrom(() => stream.uniform(), body)
}

/** All variables of the process, also those of optimizers, except the given ones. */
export const others = (variables: ReadonlyArray<tf.Variable>): ReadonlyArray<tf.Variable> => {
  const own = new Set(variables)
  return Object.values(tf.engine().state.registeredVariables).filter(
    (variable) => !own.has(variable),
  )
}

/** The variables that `body` assigned to, such as the moving statistics of batch normalisation. */
export const assigned = <A>(
  candidates: ReadonlyArray<tf.Variable>,
  body: () => A,
): { readonly result: A; readonly changed: ReadonlyArray<tf.Variable> } => {
  const before = candidates.map(({ dataId }) => dataId)
  const result = body()
  return { result, changed: candidates.filter(({ dataId }, i) => dataId !== before[i]) }
}

export interface Evaluated {
  readonly value: tf.Scalar
  /** By the name of the variable; null for one that the loss does not depend on. */
  readonly grads: tf.NamedTensorMap
}

/** Collects the tensors that `loss` keeps in its scope, such as the metrics of a model in training. */
const collecting = (loss: () => tf.Scalar, kept: Array<tf.Tensor>) => (): tf.Scalar => {
  const { state } = tf.engine()
  try {
    return loss()
  } finally {
    for (const tensor of state.activeScope.track) {
      if (tensor.kept && !(tensor instanceof tf.Variable)) kept.push(tensor)
    }
  }
}

/** Disposes the tensors that the forward pass saved for the backward pass, which a throw between the two would leak. */
const disposeTape = (): void => {
  const { activeTape, gradientDepth } = tf.engine().state
  if (gradientDepth > 0 || activeTape === null || activeTape === undefined) return
  for (const { saved } of activeTape) tf.dispose(saved)
}

/**
 * Loss and gradients of `loss`, whose tensors the caller disposes. Further tensors that `loss` keeps are added to `kept`, for the caller to
 * dispose of. A throw leaks nothing else. Throws LossNotScalar, WeightsDisposed, and what `loss` does.
 */
export const gradients = (
  operation: string,
  loss: () => tf.Scalar,
  weights: Weights.Weights,
  kept: Array<tf.Tensor> = [],
): Evaluated => {
  Weights.requireAlive(operation, weights.variables)
  const collect = collecting(loss, kept)
  const checked = (): tf.Scalar => {
    const value = collect()
    if (value.shape.length > 0) {
      throw new LossNotScalar({ operation, shape: value.shape })
    }
    Weights.requireAlive(operation, weights.variables)
    return value
  }
  try {
    return tf.tidy(() => tf.variableGrads(checked, [...weights.variables]))
  } catch (error) {
    disposeTape()
    throw error
  }
}

/** Message of TensorFlow.js for an operation without a second derivative. */
const noGradient = /gradient function not found for (\w+)|Cannot compute gradient/

/** Converts the TensorFlow.js error on a missing gradient to the caller's error; other errors pass unchanged. */
export const translating = <A>(error: (reason: string) => Error, body: () => A): A => {
  try {
    return body()
  } catch (cause) {
    if (cause instanceof Error && noGradient.test(cause.message)) throw error(cause.message)
    throw cause
  }
}
