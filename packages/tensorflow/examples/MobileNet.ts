/** A network in the shape of MobileNetV2, by layers: inverted residual blocks of pointwise and depthwise convolutions. */
import * as tf from "@tensorflow/tfjs"

const { add, batchNormalization, conv2d, dense, depthwiseConv2d, globalAveragePooling2d, reLU } =
  tf.layers

const normalised = (x: tf.SymbolicTensor, bends: boolean): tf.SymbolicTensor => {
  const y = batchNormalization({}).apply(x) as tf.SymbolicTensor
  return bends ? (reLU({ maxValue: 6 }).apply(y) as tf.SymbolicTensor) : y
}

const pointwise = (x: tf.SymbolicTensor, filters: number, bends: boolean): tf.SymbolicTensor =>
  normalised(
    conv2d({ filters, kernelSize: 1, useBias: false }).apply(x) as tf.SymbolicTensor,
    bends,
  )

/** Widens by `expansion`, filters each channel by itself, and narrows; what comes in is added where it fits. */
const block = (
  x: tf.SymbolicTensor,
  filters: number,
  expansion: number,
  strides: number,
): tf.SymbolicTensor => {
  const channels = x.shape.at(-1)!
  const wide = expansion === 1 ? x : pointwise(x, expansion * channels, true)
  const filtered = normalised(
    depthwiseConv2d({ kernelSize: 3, strides, padding: "same", useBias: false }).apply(
      wide,
    ) as tf.SymbolicTensor,
    true,
  )
  const narrow = pointwise(filtered, filters, false)
  return strides === 1 && channels === filters
    ? (add().apply([x, narrow]) as tf.SymbolicTensor)
    : narrow
}

/** Expansion, filters, repeats and stride of each stage, as published (Sandler et al. 2018, table 2). */
export const published: ReadonlyArray<readonly [number, number, number, number]> = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
]

/** With the published stages and 10 classes it has 2.2 million weights. */
export const mobileNet = (options: {
  readonly side: number
  readonly classes: number
  readonly stages?: typeof published
  readonly last?: number
}): tf.LayersModel => {
  const { classes, last = 1280, side, stages = published } = options
  const input = tf.input({ shape: [side, side, 3] })
  let x = normalised(
    conv2d({
      filters: 32,
      kernelSize: 3,
      strides: 2,
      padding: "same",
      useBias: false,
    }).apply(input) as tf.SymbolicTensor,
    true,
  )
  for (const [expansion, filters, repeats, stride] of stages) {
    for (let k = 0; k < repeats; k++) x = block(x, filters, expansion, k === 0 ? stride : 1)
  }
  x = pointwise(x, last, true)
  const pooled = globalAveragePooling2d({}).apply(x)
  const outputs = dense({ units: classes }).apply(pooled) as tf.SymbolicTensor
  return tf.model({ inputs: input, outputs })
}
