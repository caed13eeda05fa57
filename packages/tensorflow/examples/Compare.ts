/** One convolutional network, three ways to train it, and what each of them found: accuracy, sharpness, events. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import { RandomStream, Seed } from "@nonconvex/numerics"
import {
  adviseRadius,
  catapultWatch,
  modelObjective,
  sam,
  sharpnessLog,
  softmaxCrossEntropy,
} from "@nonconvex/tensorflow"
import * as tf from "@tensorflow/tfjs"
import { type ModelObjective } from "../src/objective/ModelObjective.ts"

export interface Images {
  /** [samples, 28, 28, 1], from 0 to 1. */
  readonly inputs: tf.Tensor4D
  /** One-hot. */
  readonly targets: tf.Tensor2D
}

const side = 28

/** The first `count` images of a data set of 28 x 28 pixels from 0 to 255. */
export const imagesOf = (
  { features, samples, target }: Dataset.Dataset<Dataset.Classification>,
  count = samples,
): Images => {
  const pixels = Float32Array.from(
    features.subarray(0, count * side * side),
    (pixel) => pixel / 255,
  )
  return {
    inputs: tf.tensor4d(pixels, [count, side, side, 1]),
    targets: tf.tidy(() => {
      const labels = tf.tensor1d(target.labels.slice(0, count), "int32")
      return tf.oneHot(labels, target.classes.length) as tf.Tensor2D
    }),
  }
}

/** Weights of a layer that keep the variance of its inputs behind a ReLU (He et al. 2015), from the seed tree; biases 0. */
const initialise = (model: tf.LayersModel, seed: Seed.Seed): void => {
  model.trainableWeights.forEach((weight, k) => {
    const { shape, size } = weight.read()
    const values = new Float64Array(size)
    if (shape.length > 1) {
      RandomStream.make(seed.child(k)).fillNormal(values)
      const inputs = size / shape.at(-1)!
      for (let i = 0; i < size; i++) values[i]! *= Math.sqrt(2 / inputs)
    }
    const tensor = tf.tensor(Float32Array.from(values), shape)
    weight.write(tensor)
    tensor.dispose()
  })
}

const network = (classes: number, seed: Seed.Seed): tf.LayersModel => {
  const { conv2d, dense, flatten, maxPooling2d } = tf.layers
  const model = tf.sequential({
    layers: [
      conv2d({ inputShape: [side, side, 1], filters: 8, kernelSize: 3, activation: "relu" }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: classes }),
    ],
  })
  initialise(model, seed)
  return model
}

export interface Row {
  readonly method: string
  readonly trainLoss: number
  readonly testAccuracy: number
  readonly trace: number
  readonly traceError: number
  readonly topEigenvalue: number
  /** Summaries of the spikes. */
  readonly events: ReadonlyArray<string>
}

export interface Options {
  readonly train: Images
  readonly test: Images
  readonly epochs: number
  readonly batchSize: number
  /** Training images on which loss and curvature are watched. */
  readonly probe: number
  /** Ends the run after the current batch. */
  readonly signal?: AbortSignal
}

const methods = ["Adam", "SAM over Adam", "SGD with catapults"] as const
type Method = (typeof methods)[number]

/** Learning rate of SGD between the catapults, in units of the critical rate 2 / lambda at its start. */
const calm = 0.8
/** And in the first two batches of every third epoch. */
const thrown = 2.5

const accuracy = (model: tf.LayersModel, { inputs, targets }: Images): number =>
  tf.tidy(() => {
    const predicted = tf.argMax(model.predict(inputs, { batchSize: 256 }) as tf.Tensor, 1)
    return tf.mean(tf.equal(predicted, tf.argMax(targets, 1))).dataSync()[0]!
  })

/** The optimizer of a method, and its learning rate as a function of the batch. */
const optimizerOf = (
  method: Method,
  objective: ModelObjective,
  batches: number,
): { readonly optimizer: tf.Optimizer; readonly rate: (step: number) => number } => {
  if (method === "Adam") return { optimizer: tf.train.adam(1e-3), rate: () => 1e-3 }
  if (method === "SAM over Adam") {
    return { optimizer: sam(tf.train.adam(1e-3), { radius: 0.05 }), rate: () => 1e-3 }
  }
  const settings = { learningRate: 0.01, radius: 0.05, tolerance: 1e-3 }
  const critical = 2 / adviseRadius(objective, { ...settings, maxProducts: 20 }).topEigenvalue
  const rate = (step: number) => (step % (3 * batches) < 2 ? thrown : calm) * critical
  return { optimizer: tf.train.sgd(rate(0)), rate }
}

/** A run that was interrupted before its end. */
const unmeasured = {
  topEigenvalue: Number.NaN,
  trace: { estimate: Number.NaN, standardError: Number.NaN },
}

/** Trains with one method from the start that all share. */
const train = async (method: Method, options: Options): Promise<Row> => {
  const { batchSize, epochs, probe, test } = options
  const { inputs, targets } = options.train
  const model = network(targets.shape[1], Seed.root("example").child("start"))
  const part = { inputs: inputs.slice(0, probe), targets: targets.slice(0, probe) }
  const objective = modelObjective(model, { ...part, loss: softmaxCrossEntropy })
  const batches = Math.ceil(inputs.shape[0] / batchSize)
  const { optimizer, rate } = optimizerOf(method, objective, batches)
  model.compile({ optimizer, loss: softmaxCrossEntropy })

  const log = sharpnessLog(objective, { every: epochs, maxProducts: 24 })
  // Adam preconditions: its learning rate says nothing about the plain curvature
  const isPlain = optimizer instanceof tf.SGDOptimizer && method === "SGD with catapults"
  const watch = catapultWatch({ objective, probeEvery: 80, ...(isPlain && { learningRate: rate }) })
  let step = 0
  const schedule = {
    onBatchEnd: () => {
      step++
      if (options.signal?.aborted === true) model.stopTraining = true
      if (isPlain) optimizer.setLearningRate(rate(step))
    },
  }
  // the callbacks see the batch with the rate that it was trained with
  const settings = { epochs, batchSize, shuffle: false, callbacks: [watch, schedule, log] }
  // without the progress bar of tfjs-node
  const { history } = await model.fit(inputs, targets, Object.assign(settings, { verbose: 0 }))
  const { topEigenvalue, trace } = log.readings[0] ?? unmeasured
  const row: Row = {
    method,
    trainLoss: Number(history["loss"]!.at(-1)),
    testAccuracy: accuracy(model, test),
    trace: trace.estimate,
    traceError: trace.standardError,
    topEigenvalue,
    events: watch.events.map(({ summary }) => summary),
  }
  tf.dispose(part)
  optimizer.dispose()
  for (const layer of model.layers) layer.dispose()
  return row
}

/** All methods, one after the other. */
export const compare = async (
  options: Options,
  tell: (row: Row) => void,
): Promise<ReadonlyArray<Row>> => {
  const rows: Array<Row> = []
  for (const method of methods) {
    if (options.signal?.aborted === true) break
    const row = await train(method, options)
    tell(row)
    rows.push(row)
  }
  return rows
}
