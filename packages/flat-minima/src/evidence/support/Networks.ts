/** Small random networks with their data: dense, convolutional and residual. */
import { Draw, type Given } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network, type Network } from "@nonconvex/problems/network/Network"

type Kind = "dense" | "convolution" | "residual"

export const networkInstance = (...kinds: readonly [Kind, ...Kind[]]) =>
  Draw.record({
    kind: Draw.oneOf(...kinds),
    /** Side of the images; number of features of a dense network. */
    side: Draw.integer(3, 5),
    channels: Draw.integer(1, 2),
    size: Draw.integer(1, 3),
    stride: Draw.integer(1, 2),
    padding: Draw.oneOf("valid", "same"),
    pool: Draw.oneOf("mean", "max"),
    outputs: Draw.integer(2, 3),
    samples: Draw.integer(1, 4),
    loss: Draw.oneOf("cross entropy", "squared"),
    bias: Draw.oneOf(true, false),
    seed: Draw.seed(),
  })
export type NetworkInstance = Draw.Drawn<ReturnType<typeof networkInstance>>

/** One activation everywhere, or tanh in the residual blocks and ReLU elsewhere. */
export type NetworkActivation = Activation.Activation | "relu, tanh in the block"

const blocksOf = (
  { channels, kind, outputs, padding, pool, size, stride }: NetworkInstance,
  bends: NetworkActivation,
): ReadonlyArray<Block.Block> => {
  const mixed = bends === "relu, tanh in the block"
  const bend = Block.activation(mixed ? "relu" : bends)
  const inside = Block.activation(mixed ? "tanh" : bends)
  const first = Block.convolution({ channels: 2, size, stride, padding })
  const pools = { mean: Block.averagePool, max: Block.maxPool }
  switch (kind) {
    case "dense":
      return [Block.dense(3), bend, Block.dense(2 + channels), bend, Block.dense(outputs)]
    case "convolution":
      return [first, bend, Block.flatten, Block.dense(outputs)]
    case "residual": {
      const same = Block.convolution({ channels: 2, size: 2, padding: "same" })
      return [
        first,
        bend,
        Block.residual([same, inside, same]),
        Block.residual(
          [Block.convolution({ channels: 3, size: 2, padding: "same" }), inside],
          [Block.convolution({ channels: 3, size: 1 })],
        ),
        pools[pool]({ size: 1 }),
        Block.flatten,
        Block.dense(outputs),
      ]
    }
  }
}

const dataOf = (
  { loss, outputs, samples, seed }: NetworkInstance,
  inputs: number,
  { kernels }: Given,
) => {
  const stream = RandomStream.make(Seed.root(seed).child("data"))
  const features = stream.normals(samples * inputs)
  const targets = stream.normals(samples * outputs)
  const labels = Int32Array.from({ length: samples }, () => stream.integer(outputs))
  return {
    features,
    dimension: inputs,
    kernels,
    loss: loss === "squared" ? Loss.squared(targets) : Loss.crossEntropy(labels),
  }
}

export const expand = (instance: NetworkInstance, given: Given, bends: NetworkActivation) => {
  const { bias, channels, kind, seed, side } = instance
  const architecture = Architecture.layered({
    input: kind === "dense" ? side : { height: side, width: side, channels },
    blocks: blocksOf(instance, bends),
    bias,
  })
  const root = Seed.root(seed)
  const point = Initialisation.glorot(architecture, root.child("start"))
  const shift = RandomStream.make(root.child("biases"))
  for (let i = 0; i < point.length; i++) point[i]! += 0.3 * shift.normal()
  const data = dataOf(instance, architecture.inputs, given)
  return { data, objective: network({ ...data, architecture }), point }
}

/** The same function; the convolution of a "convolution" network becomes a dense layer. */
export const unrolled = (
  instance: NetworkInstance,
  given: Given,
  { architecture }: Network<Architecture.Architecture>,
  point: Float64Array,
) => {
  const { bias, channels, outputs, padding, side, size, stride } = instance
  const [first, last] = architecture.layers
  // the layer alone, without its biases, on unit images: column j of the matrix
  const alone = Architecture.layered({
    input: { height: side, width: side, channels },
    blocks: [Block.convolution({ channels: 2, size, stride, padding })],
    bias: false,
  })
  const { inputs, outputs: width } = alone
  const units = new Float64Array(inputs * inputs)
  for (let j = 0; j < inputs; j++) units[j * inputs + j] = 1
  const images = new Float64Array(inputs * width)
  network({
    features: units,
    dimension: inputs,
    architecture: alone,
    kernels: given.kernels,
    loss: Loss.squared(images),
  }).predict(Architecture.weights(first!, point), units, images)

  const dense = Architecture.layered({
    input: inputs,
    blocks: [Block.dense(width), Block.activation("relu"), Block.dense(outputs)],
    bias,
  })
  const [layer, next] = dense.layers
  const moved = new Float64Array(dense.dimension)
  const weights = Architecture.weights(layer!, moved)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < inputs; j++) weights[i * inputs + j] = images[j * width + i]!
  }
  if (bias) {
    const shared = Architecture.biases(first!, point)
    Architecture.biases(layer!, moved).forEach((_, i, own) => {
      own[i] = shared[i % shared.length]!
    })
  }
  moved.set(point.subarray(last!.weights), next!.weights)
  return {
    objective: network({ ...dataOf(instance, inputs, given), architecture: dense }),
    point: moved,
  }
}
