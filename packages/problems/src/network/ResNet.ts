/** Networks for small images that studies compare: a residual one, and one without shortcuts. */
import { type Architecture, layered, type Shape } from "./Architecture.ts"
import * as Block from "./Block.ts"

/** The size of such a network. */
interface ImageNetwork {
  readonly input: Shape
  readonly classes: number
  /** Channels of the first convolution; the next two stages have twice and four times as many. */
  readonly channels: number
  /** True if every convolution is normalised by the batch, and has no biases then; default true. */
  readonly batchNormalisation?: boolean
}

/** Convolution that keeps the size, or halves it with stride 2, with zero padding as in PyTorch. */
const convolution = (
  channels: number,
  size: 1 | 3,
  stride: 1 | 2,
  isNormalised: boolean,
): ReadonlyArray<Block.Block> => {
  const margin = (size - 1) / 2
  const padding = { top: margin, bottom: margin, left: margin, right: margin }
  const block = Block.convolution({ channels, size, stride, padding, bias: !isNormalised })
  return isNormalised ? [block, Block.batchNormalisation()] : [block]
}

const relu = Block.activation("relu")

const ending = (classes: number): ReadonlyArray<Block.Block> => [
  Block.averagePool({ size: "image" }),
  Block.flatten,
  Block.dense(classes),
]

/**
 * ResNet-8: a convolution, three residual blocks of two convolutions, the mean of each channel, and a dense layer (He,
 * Zhang, Ren, Sun 2016, for CIFAR-10, with n = 1). The last two blocks halve the image and double the channels, with a
 * one-by-one convolution as the shortcut.
 *
 * @example
 * ```ts import.meta.vitest
 * import { resNet8 } from "@nonconvex/problems"
 *
 * const input = { height: 28, width: 28, channels: 1 }
 * resNet8({ input, classes: 10, channels: 16 }).dimension // => 77754
 * ```
 */
export const resNet8 = (options: ImageNetwork): Architecture => {
  const { batchNormalisation = true, channels, classes, input } = options
  const block = (count: number, stride: 1 | 2): ReadonlyArray<Block.Block> => [
    Block.residual(
      [
        ...convolution(count, 3, stride, batchNormalisation),
        relu,
        ...convolution(count, 3, 1, batchNormalisation),
      ],
      stride === 1 ? [] : convolution(count, 1, stride, batchNormalisation),
    ),
    relu,
  ]
  return layered({
    input,
    blocks: [
      ...convolution(channels, 3, 1, batchNormalisation),
      relu,
      ...block(channels, 1),
      ...block(2 * channels, 2),
      ...block(4 * channels, 2),
      ...ending(classes),
    ],
  })
}

/**
 * Three convolutions, the last two of which halve the image and double the channels; then the mean of each channel, and a
 * dense layer.
 *
 * @example
 * ```ts import.meta.vitest
 * import { convolutionalNetwork } from "@nonconvex/problems"
 *
 * const input = { height: 28, width: 28, channels: 1 }
 * // 8 (9 + 1), 16 (72 + 1), 32 (144 + 1) and 10 (32 + 1)
 * convolutionalNetwork({ input, classes: 10, channels: 8, batchNormalisation: false }).dimension // => 6218
 * ```
 */
export const convolutionalNetwork = (options: ImageNetwork): Architecture => {
  const { batchNormalisation = true, channels, classes, input } = options
  return layered({
    input,
    blocks: [
      ...convolution(channels, 3, 1, batchNormalisation),
      relu,
      ...convolution(2 * channels, 3, 2, batchNormalisation),
      relu,
      ...convolution(4 * channels, 3, 2, batchNormalisation),
      relu,
      ...ending(classes),
    ],
  })
}
