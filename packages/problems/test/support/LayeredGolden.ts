/**
 * What torch 2.15 computes in float64 by automatic differentiation alone, with neither our theorem nor our layout: the loss, then
 * <w, g>, |g|, <w, H v> and |H v| for the gradient g and the dense Hessian H, and the sums of the diagonal of H over the parameters
 * of each layer. Inputs are those of `waves`; images are turned to channels first, kernels permuted, and padded as TensorFlow does.
 */
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"

const wave = (count: number, f: (i: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => f(i))

export const waves = (count: number) => ({
  x: wave(count, (i) => 0.5 * Math.sin(1.7 * (i + 1))),
  v: wave(count, (i) => Math.cos(0.9 * (i + 1))),
  w: wave(count, (i) => Math.sin(0.7 * (i + 1))),
})

const features = (count: number): Float64Array => wave(count, (i) => 1.3 * Math.sin(2.3 * i + 0.4))

/** Every block there is: 7 x 6 images of 2 channels, 3 outputs. */
const everything = Architecture.layered({
  input: { height: 7, width: 6, channels: 2 },
  blocks: [
    Block.convolution({ channels: 3, size: 3 }),
    Block.activation("relu"),
    Block.residual([
      Block.convolution({ channels: 3, size: 3, padding: "same" }),
      Block.activation("relu"),
      Block.convolution({ channels: 3, size: 3, padding: "same" }),
    ]),
    Block.activation("relu"),
    Block.residual(
      [Block.convolution({ channels: 4, size: 2, stride: 2, padding: "same" })],
      [Block.convolution({ channels: 4, size: 1, stride: 2, padding: "same" })],
    ),
    Block.maxPool({ size: 2, stride: 1 }),
    Block.flatten,
    Block.dense(3),
  ],
})

export const golden = [
  {
    title: "a 3-layer ReLU network with cross entropy",
    objective: network({
      features: features(60),
      dimension: 5,
      architecture: Architecture.make({ widths: [5, 7, 6, 4], activation: "relu" }),
      loss: Loss.crossEntropy(
        Int32Array.from({ length: 12 }, (_, i) => (3 * i + Math.floor(i / 5)) % 4),
      ),
    }),
    expected: [
      1.5344647569561334, -0.4491864843277732, 0.6912149285279714, 0.29816794922126855,
      1.1389170673598115,
    ],
    layers: [0.5427116329439209, 1.2693980378827368, 1.4115374768687172],
    trace: 3.223647147695375,
  },
  {
    title: "convolutions, pools and residual blocks with cross entropy",
    objective: network({
      features: features(4 * 84),
      dimension: 84,
      architecture: everything,
      loss: Loss.crossEntropy([0, 2, 1, 2]),
    }),
    expected: [
      0.949114645798174, 1.8736204417514375, 3.7758919190256757, 8.623585106165695,
      24.8848176434652,
    ],
    layers: [
      100.15448643821146, 27.78265324612648, 41.0458549208838, 18.69717784852769, 4.648397027492235,
      13.32887235961655,
    ],
    trace: 205.65744184085824,
  },
  {
    title: "convolutions, pools and residual blocks with squared loss",
    objective: network({
      features: features(4 * 84),
      dimension: 84,
      architecture: everything,
      loss: Loss.squared(wave(12, (i) => Math.cos(1.1 * i))),
    }),
    expected: [
      6.3738244110146836, 48.87529195837668, 48.07948791484237, 178.87391574674587,
      168.29724014561137,
    ],
    layers: [
      570.7454549904633, 165.60993916291534, 215.63971540813307, 115.11978088603843,
      33.16224893755654, 85.99011793031556,
    ],
    trace: 1186.2672573154223,
  },
]
