/** Derivatives of a model's outputs, sample by sample. */
import * as tf from "@tensorflow/tfjs"
import * as Require from "@nonconvex/numerics/Require"
import { ShapeMismatch } from "../Failures.ts"
import { outputsOf, requireLayersModel, variablesOf } from "../objective/ModelObjective.ts"
import * as Pass from "../objective/Pass.ts"
import * as Weights from "../objective/Weights.ts"

/** Outputs to measure: all of them, or one class. */
export interface OutputOptions {
  /** Index of an output; default all. */
  readonly output?: number
}

export interface Outputs {
  readonly samples: number
  /** Indices of the outputs in question. */
  readonly outputs: ReadonlyArray<number>
  /** [samples, classes] for inputs of as many samples. */
  readonly predict: (inputs: tf.Tensor) => tf.Tensor2D
  /** The columns of predictions to measure. */
  readonly chosen: (predictions: tf.Tensor2D) => tf.Tensor
}

/** Throws ShapeMismatch on a model of several inputs or outputs and on inputs that do not fit it, InvalidInput on a bad index. */
export const outputsIn = (
  operation: string,
  model: tf.LayersModel,
  inputs: tf.Tensor,
  { output }: OutputOptions,
): Outputs => {
  requireLayersModel(operation, model)
  const expected = model.inputs[0]!.shape
  const fits =
    model.inputs.length === 1 &&
    model.outputs.length === 1 &&
    inputs.shape.length === expected.length &&
    expected.every((size, axis) => axis === 0 || size === null || size === inputs.shape[axis])
  if (!fits || inputs.shape[0] === 0) {
    throw new ShapeMismatch({
      operation,
      what: "the input of a model with one input and one output",
      expected: `[samples, ${expected.slice(1).join(", ")}]`,
      actual: `[${inputs.shape.join(", ")}]`,
    })
  }
  const samples = inputs.shape[0]
  const classes = model.outputs[0]!.shape.slice(1).reduce<number>(
    (product, size) => product * (size ?? 1),
    1,
  )
  if (output !== undefined) Require.count(operation, "output", output, 0, classes - 1)
  return {
    samples,
    outputs: output === undefined ? Array.from({ length: classes }, (_, c) => c) : [output],
    chosen: (predictions) =>
      output === undefined ? predictions : tf.slice(predictions, [0, output], [-1, 1]),
    predict: (batch) => tf.reshape(outputsOf(model, [batch], false)[0]!, [batch.shape[0], classes]),
  }
}

/** Rows of derivatives, one for each sample and output; the outputs of one sample lie next to each other. */
export interface Rows {
  readonly values: Float64Array
  readonly rows: number
  readonly columns: number
  readonly samples: number
}

/** Derivatives with respect to the trainable weights: a gradient for each row. */
export const byWeights = (
  operation: string,
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options: OutputOptions,
): Rows => {
  const { outputs: chosen, predict, samples } = outputsIn(operation, model, inputs, options)
  const weights = Weights.layoutOf(operation, variablesOf(operation, model))
  const columns = weights.dimension
  const values = new Float64Array(samples * chosen.length * columns)
  let row = 0
  for (let i = 0; i < samples; i++) {
    for (const c of chosen) {
      tf.tidy(() => {
        const output = () =>
          tf.sum<tf.Scalar>(tf.slice(predict(tf.slice(inputs, i, 1)), [0, c], [1, 1]))
        const { grads } = Pass.gradients(operation, output, weights)
        const out = values.subarray(row * columns, (row + 1) * columns)
        Weights.flatten(weights, ({ name }) => grads[name], out)
      })
      row++
    }
  }
  return { values, rows: row, columns, samples }
}

/** Derivatives with respect to the inputs, flattened: one backward pass for each output, whatever the number of samples. */
export const byInputs = (
  operation: string,
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options: OutputOptions,
): Rows => {
  const { outputs: chosen, predict, samples } = outputsIn(operation, model, inputs, options)
  const columns = inputs.size / samples
  const values = new Float64Array(samples * chosen.length * columns)
  chosen.forEach((c, k) => {
    tf.tidy(() => {
      // a sample's output does not depend on the other samples, so the gradient of the sum has one row for each
      const total = (batch: tf.Tensor) =>
        tf.sum<tf.Scalar>(tf.slice(predict(batch), [0, c], [-1, 1]))
      const gradient = tf.grad(total)(inputs).dataSync()
      for (let i = 0; i < samples; i++) {
        const from = i * columns
        values.set(gradient.subarray(from, from + columns), (i * chosen.length + k) * columns)
      }
    })
  })
  return { values, rows: samples * chosen.length, columns, samples }
}
