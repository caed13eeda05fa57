/** Small models with weights from the seed tree: the initialisers of TensorFlow.js take their own seeds differently by version. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import * as tf from "@tensorflow/tfjs"

/** Standard normals under a label, divided by `scale`. */
export const normals = (label: string, shape: ReadonlyArray<number>, scale = 1): tf.Tensor => {
  const values = new Float64Array(shape.reduce((product, size) => product * size, 1))
  RandomStream.make(Seed.root("tensorflow tests").child(label)).fillNormal(values)
  return tf.tensor(
    Float32Array.from(values, (value) => value / scale),
    [...shape],
  )
}

/** Gives every weight of the model a value of its own; the layers are kept. */
export const seeded = <Model extends tf.LayersModel>(model: Model, label = "weights"): Model => {
  tf.tidy(() => {
    model.trainableWeights.forEach((weight, k) => {
      weight.write(normals(`${label} ${k}`, weight.read().shape, 2))
    })
  })
  return model
}

const { batchNormalization, conv2d, dense, dropout, flatten, maxPooling2d } = tf.layers

/** 4-5-3, tanh, logits: 43 weights. */
export const perceptron = (): tf.LayersModel =>
  seeded(
    tf.sequential({
      layers: [dense({ inputShape: [4], units: 5, activation: "tanh" }), dense({ units: 3 })],
    }),
  )

/** With batch normalisation and dropout. */
export const normalised = (): tf.LayersModel =>
  seeded(
    tf.sequential({
      layers: [
        dense({ inputShape: [4], units: 6, activation: "relu" }),
        batchNormalization({}),
        dropout({ rate: 0.5 }),
        dense({ units: 3 }),
      ],
    }),
  )

/** 8 x 8 images. */
export const convolutional = (): tf.LayersModel =>
  seeded(
    tf.sequential({
      layers: [
        conv2d({ inputShape: [8, 8, 1], filters: 3, kernelSize: 3, activation: "relu" }),
        maxPooling2d({ poolSize: 2 }),
        flatten(),
        dense({ units: 3 }),
      ],
    }),
  )

export interface Data {
  readonly inputs: tf.Tensor
  readonly targets: tf.Tensor
}

/** Normal inputs with the classes 0, 1, 2 in turn, one-hot. */
export const data = (size: number, shape: ReadonlyArray<number> = [4]): Data => ({
  inputs: normals("inputs", [size, ...shape]),
  // numbers from the start: what the cpu backend casts to them keeps its integers, which another backend would take for their bits
  targets: tf.tensor2d(
    Array.from({ length: 3 * size }, (_, at) => (at % 3 === Math.floor(at / 3) % 3 ? 1 : 0)),
    [size, 3],
  ),
})

/** The bits of all weights, trainable or not. */
export const bits = (model: tf.LayersModel): ReadonlyArray<ReadonlyArray<number>> =>
  model.weights.map((weight) =>
    Array.from(new Uint32Array(weight.read().dataSync().slice().buffer)),
  )

/** Runs `body` and asserts nothing: how many tensors it left behind. */
export const leaked = async (body: () => unknown): Promise<number> => {
  const before = tf.memory().numTensors
  await body()
  return tf.memory().numTensors - before
}

/** Arguments of `fit`, without progress on the terminal. */
export const quietly = <Arguments extends object>(args: Arguments): Arguments =>
  Object.assign(args, { verbose: 0 })

/** The trainable variables, in the order of the model. */
export const variables = (model: tf.LayersModel): Array<tf.Variable> =>
  model.trainableWeights.map((weight) => weight.read() as tf.Variable)
