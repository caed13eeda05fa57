/** The loss of a layers model on data, as the objective that `fit` minimises. */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import * as tf from "@tensorflow/tfjs"
import * as Evaluation from "./Evaluation.ts"
import { NotALayersModel, NoTrainableWeights, ShapeMismatch } from "../Failures.ts"
import { fromParts, type ObjectiveOptions, type TensorObjective } from "./TensorObjective.ts"
import * as Weights from "./Weights.ts"

/** Loss of `labels` and `predictions`, a number per sample or one for all. */
export type Loss = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor

export type ModelObjective = TensorObjective & FiniteSum

export interface ModelObjectiveOptions extends ObjectiveOptions {
  /** A tensor, or one per input; the first axis is the sample index. Not copied: keep it while the objective is in use. */
  readonly inputs: tf.Tensor | ReadonlyArray<tf.Tensor>
  readonly targets: tf.Tensor | ReadonlyArray<tf.Tensor>
  /** One for all outputs, or one per output. Penalties of regularised layers are added, as in `fit`. */
  readonly loss: Loss | ReadonlyArray<Loss>
  /**
   * `inference`: no dropout, batch normalisation by its moving statistics. `training`: the model as in `fit`, with one fixed
   * dropout mask and batch normalisation by the statistics of the batch. Moving statistics are unchanged. Default `inference`.
   */
  readonly mode?: "inference" | "training"
  /** Samples per pass of the full sum, which bounds the memory; default 256. */
  readonly batchSize?: number
}

const list = <A>(values: A | ReadonlyArray<A>): ReadonlyArray<A> =>
  Array.isArray(values) ? (values as ReadonlyArray<A>) : [values as A]

const shown = (shape: ReadonlyArray<number | null>): string => `[${shape.join(", ")}]`

const requireShapes = (
  kind: "input" | "target",
  tensors: ReadonlyArray<tf.Tensor>,
  symbols: ReadonlyArray<{ readonly shape: ReadonlyArray<number | null> }>,
): void => {
  const operation = "modelObjective"
  if (tensors.length !== symbols.length) {
    throw new ShapeMismatch({
      operation,
      what: `the number of ${kind}s`,
      expected: String(symbols.length),
      actual: String(tensors.length),
    })
  }
  tensors.forEach(({ shape }, i) => {
    const expected = symbols[i]!.shape
    // a target may be class numbers, with one axis of length 1 or none
    const fits =
      kind === "target"
        ? shape.length >= 1
        : shape.length === expected.length &&
          expected.every((size, axis) => axis === 0 || size === null || size === shape[axis])
    if (!fits) {
      throw new ShapeMismatch({
        operation,
        what: `the shape of ${kind} ${i}`,
        expected: `[samples, ${expected.slice(1).join(", ")}]`,
        actual: shown(shape),
      })
    }
  })
}

/** Samples, the same in every tensor. */
const requireOneCount = (tensors: ReadonlyArray<tf.Tensor>): number => {
  const count = tensors[0]!.shape[0]
  const other = tensors.find(({ shape }) => shape[0] !== count)
  if (other !== undefined || count === 0) {
    throw new ShapeMismatch({
      operation: "modelObjective",
      what: "the number of samples",
      expected: count === 0 ? "at least 1" : `${count} in all inputs and targets`,
      actual: String(other?.shape[0] ?? count),
    })
  }
  return count
}

/** Targets as `fit` passes them to a loss: scalars get an axis, since they would broadcast over the samples otherwise. */
const asColumn = (target: tf.Tensor): tf.Tensor =>
  target.rank === 1 ? tf.expandDims(target, 1) : target

const isLoss = (value: unknown): value is Loss => typeof value === "function"

/** Throws NotALayersModel on a graph model, and on any other value. */
export const requireLayersModel = (operation: string, model: unknown): void => {
  if (model instanceof tf.LayersModel) return
  const given = (model ?? {}) as Partial<Record<keyof tf.LayersModel | "executeAsync", unknown>>
  // a model of another copy of TensorFlow.js has the same methods
  if (typeof given.apply === "function" && Array.isArray(given.trainableWeights)) return
  throw new NotALayersModel({ operation, isGraph: typeof given.executeAsync === "function" })
}

/** The trainable variables of a model, in its order. Throws NoTrainableWeights. */
export const variablesOf = (
  operation: string,
  model: tf.LayersModel,
): ReadonlyArray<tf.Variable> => {
  const trainable = model.trainableWeights
  if (trainable.length === 0) {
    throw new NoTrainableWeights({ operation, frozen: model.weights.length })
  }
  return trainable.map((weight) => weight.read() as tf.Variable)
}

/** The outputs of the model, also where it has only one. */
export const outputsOf = (
  model: tf.LayersModel,
  inputs: ReadonlyArray<tf.Tensor>,
  training: boolean,
): ReadonlyArray<tf.Tensor> =>
  list(model.apply(inputs.length === 1 ? inputs[0]! : [...inputs], { training }) as tf.Tensor)

/**
 * The mean loss of `model` over data, with its gradient over the trainable weights; weights of frozen layers are constants.
 *
 * It is a finite sum, so minibatches and m-SAM work on it. Evaluations leave the model unchanged, bit for bit: weights,
 * moving statistics, and dropout seeds. Throws NotALayersModel on a graph model, NoTrainableWeights, ShapeMismatch,
 * InvalidInput; when it is evaluated WeightsDisposed and LossNotScalar.
 *
 * @example
 * ```ts import.meta.vitest
 * import { modelObjective } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] })
 * const [inputs, targets] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]])]
 * const objective = modelObjective(model, { inputs, targets, loss: tf.losses.meanSquaredError })
 * const gradient = new Float64Array(1)
 * // ((1 - 2)^2 + (2 - 4)^2) / 2
 * objective.valueAndGradient(Float64Array.of(1), gradient) // => 2.5
 * gradient // => Float64Array.of(-5)
 * ```
 */
export const modelObjective = (
  model: tf.LayersModel,
  options: ModelObjectiveOptions,
): ModelObjective => {
  const { batchSize = 256, mode = "inference" } = options
  requireLayersModel("modelObjective", model)
  Require.count("modelObjective", "batchSize", batchSize)
  const weights = Weights.layoutOf("modelObjective", variablesOf("modelObjective", model))
  const inputs = list(options.inputs)
  const targets = list(options.targets)
  requireShapes("input", inputs, model.inputs)
  requireShapes("target", targets, model.outputs)
  const size = requireOneCount([...inputs, ...targets])
  const given = list(options.loss)
  const losses = targets.map((_, i) => given[given.length === 1 ? 0 : i])
  if (!losses.every(isLoss)) {
    throw new ShapeMismatch({
      operation: "modelObjective",
      what: "the number of losses",
      expected: `1 or ${targets.length}`,
      actual: String(given.length),
    })
  }
  const named = { name: model.name, ...options }

  /** The mean over the samples that `take` selects, and the penalties. */
  const lossOf = (take: (tensor: tf.Tensor) => tf.Tensor) => (): tf.Scalar => {
    const outputs = outputsOf(model, inputs.map(take), mode === "training")
    const terms = outputs.map((output, i) =>
      tf.mean<tf.Scalar>(losses[i]!(asColumn(take(targets[i]!)), output)),
    )
    return tf.addN([...terms, ...model.calculateLosses()])
  }

  const parts = Array.from({ length: Math.ceil(size / batchSize) }, (_, k): Evaluation.Part => {
    const from = k * batchSize
    const count = Math.min(batchSize, size - from)
    const take = (tensor: tf.Tensor) => (count === size ? tensor : tf.slice(tensor, from, count))
    return { share: count / size, loss: lossOf(take) }
  })
  const evaluation = Evaluation.make(named.name, weights, options.seed)

  return {
    ...fromParts(() => parts, weights, evaluation, named),
    size,
    batchValueAndGradient: (indices, x, gradient) => {
      const beyond = indices.find((index) => index >= size)
      if (beyond !== undefined || indices.length === 0) {
        invalid(model.name, `indices must be some of 0 to ${size - 1}`, {
          index: beyond ?? Number.NaN,
        })
      }
      return tf.tidy(() => {
        const chosen = tf.tensor1d(Int32Array.from(indices), "int32")
        const loss = lossOf((tensor) => tf.gather(tensor, chosen))
        return evaluation.valueAndGradient([{ share: 1, loss }], x, gradient)
      })
    },
  }
}
