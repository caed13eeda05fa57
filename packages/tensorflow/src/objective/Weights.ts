/** The weights of a model as one flat vector, and back: float64 outside, float32 in the model. */
import * as Require from "@nonconvex/numerics/Require"
import * as tf from "@tensorflow/tfjs"
import { NoTrainableWeights, WeightsDisposed } from "../Failures.ts"

export interface Weights {
  /** In the order of the flat vector. */
  readonly variables: ReadonlyArray<tf.Variable>
  /** Elements in all variables together. */
  readonly dimension: number
}

/** The layout of `variables`, one after the other. Throws NoTrainableWeights if there are none, and WeightsDisposed. */
export const layoutOf = (operation: string, variables: ReadonlyArray<tf.Variable>): Weights => {
  requireAlive(operation, variables)
  const trainable = variables.filter((variable) => variable.trainable)
  if (trainable.length === 0) {
    throw new NoTrainableWeights({ operation, frozen: variables.length })
  }
  return {
    variables: trainable,
    dimension: trainable.reduce((sum, { size }) => sum + size, 0),
  }
}

/** Throws WeightsDisposed with the name of the first disposed variable. */
export const requireAlive = (operation: string, variables: ReadonlyArray<tf.Variable>): void => {
  const dead = variables.find(({ isDisposed }) => isDisposed)
  if (dead !== undefined) throw new WeightsDisposed({ operation, weight: dead.name })
}

/** The flat vector of tensors in the order of the layout; a missing one counts as zero. */
export const flatten = (
  { dimension, variables }: Weights,
  tensorOf: (variable: tf.Variable) => tf.Tensor | null | undefined,
  out: Float64Array = new Float64Array(dimension),
): Float64Array => {
  Require.length("Weights.flatten", "out", out.length, dimension)
  let at = 0
  for (const variable of variables) {
    const tensor = tensorOf(variable)
    if (tensor === null || tensor === undefined) out.fill(0, at, at + variable.size)
    else out.set(tensor.dataSync(), at)
    at += variable.size
  }
  return out
}

/** The current weights, in a new array or in `out`. */
export const read = (weights: Weights, out?: Float64Array): Float64Array =>
  flatten(weights, (variable) => variable, out)

/** Rounds `point` to float32, makes it the weights, and returns it. Throws InvalidInput on a wrong length. */
export const write = ({ dimension, variables }: Weights, point: Float64Array): Float32Array => {
  Require.length("Weights.write", "point", point.length, dimension)
  const rounded = new Float32Array(point)
  let at = 0
  for (const variable of variables) {
    const { shape, size } = variable
    const tensor = tf.tensor(rounded.subarray(at, at + size), shape)
    variable.assign(tensor)
    tensor.dispose()
    at += size
  }
  return rounded
}

/**
 * Runs `body`, which may write to `variables`, and then restores their buffers by reference. The weights have the same bits,
 * whether `body` returns or throws. A variable that `body` disposed stays disposed.
 */
export const borrowed = <A>(variables: ReadonlyArray<tf.Variable>, body: () => A): A => {
  // `clone` shares the buffer; `keep` takes it out of the hands of an enclosing tidy
  const kept = variables.map((variable) => tf.keep(variable.clone()))
  try {
    return body()
  } finally {
    variables.forEach((variable, i) => {
      const before = kept[i]!
      if (!variable.isDisposed && variable.dataId !== before.dataId) variable.assign(before)
      before.dispose()
    })
  }
}
