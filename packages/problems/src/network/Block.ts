/** Blocks of a network, from input to output; `Architecture.layered` puts them together. */
import type { Activation } from "./Activation.ts"
import { type Extent, extentOf, type Padding } from "../internal/network/Window.ts"

/** Part of a network; created by the functions below. */
export type Block =
  | { readonly _tag: "Dense"; readonly outputs: number; readonly bias?: boolean }
  | {
      readonly _tag: "Convolution"
      readonly channels: number
      readonly size: Extent
      readonly stride: Extent
      readonly padding: Padding
      readonly bias?: boolean
    }
  | {
      readonly _tag: "Depthwise"
      readonly size: Extent
      readonly stride: Extent
      readonly padding: Padding
      readonly bias?: boolean
    }
  | ({ readonly _tag: "AveragePool"; readonly countsPadding: boolean } & StrideAndPadding)
  | ({ readonly _tag: "MaxPool" } & StrideAndPadding)
  | { readonly _tag: "Flatten" }
  | { readonly _tag: "Activation"; readonly activation: Activation }
  | { readonly _tag: "BatchNormalisation"; readonly epsilon: number }
  | {
      readonly _tag: "FrozenNormalisation"
      readonly mean: Float64Array
      readonly variance: Float64Array
      readonly epsilon: number
      readonly scales: boolean
      readonly shifts: boolean
    }
  | {
      readonly _tag: "LayerNormalisation"
      readonly epsilon: number
      readonly scales: boolean
      readonly shifts: boolean
    }
  | ({ readonly _tag: "Attention" } & Heads)
  | { readonly _tag: "Embedding"; readonly entries: number; readonly features: number }
  | { readonly _tag: "Shift" }
  | { readonly _tag: "Token" }
  | { readonly _tag: "Position"; readonly at: number }
  | {
      readonly _tag: "Residual"
      readonly branch: ReadonlyArray<Block>
      readonly shortcut: ReadonlyArray<Block>
    }

/** Heads of an attention. */
interface Heads {
  readonly heads: number
  /** Numbers of a query and of a key in one head. */
  readonly keys: number
  /** Numbers of a value in one head. */
  readonly values: number
  /** Factor of the products of queries and keys. */
  readonly scale: number
  /** True if a position reads no later one. */
  readonly causal: boolean
}

/** Movement of the window of a pool. */
interface StrideAndPadding {
  readonly size: Extent | "image"
  readonly stride: Extent
  readonly padding: Padding
}

interface Biased {
  /** True if the layer has biases; default that of the architecture. */
  readonly bias?: boolean
}

/**
 * `W a + b` of a vector; flatten an image first.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const blocks = [Block.dense(3, { bias: false }), Block.dense(2)]
 * // 3 x 4, and 2 (3 + 1)
 * Architecture.layered({ input: 4, blocks }).dimension // => 20
 * ```
 */
export const dense = (outputs: number, options: Biased = {}): Block => ({
  _tag: "Dense",
  outputs,
  ...options,
})

/**
 * A two-dimensional convolution (a cross-correlation, as in other libraries).
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const image = { height: 28, width: 28, channels: 3 }
 * const block = Block.convolution({ channels: 8, size: 5, padding: "same" })
 * Architecture.shapeAfter(block, image) // => { height: 28, width: 28, channels: 8 }
 * // 8 (5 x 5 x 3 + 1)
 * Architecture.layered({ input: image, blocks: [block] }).dimension // => 608
 * ```
 */
export const convolution = (
  options: Biased & {
    /** Number of output channels. */
    readonly channels: number
    /** Pixels along one side of the kernel, or along both. */
    readonly size: number | Extent
    /** Pixels from one window to the next; default 1. */
    readonly stride?: number | Extent
    /** Default "valid". */
    readonly padding?: Padding
  },
): Block => ({
  padding: "valid",
  ...options,
  _tag: "Convolution",
  size: extentOf(options.size),
  stride: extentOf(options.stride ?? 1),
})

/**
 * A convolution of each channel by a kernel of its own, as in MobileNet (Howard et al. 2017).
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const image = { height: 28, width: 28, channels: 3 }
 * const block = Block.depthwise({ size: 5, padding: "same" })
 * // 3 (5 x 5 + 1)
 * Architecture.layered({ input: image, blocks: [block] }).dimension // => 78
 * ```
 */
export const depthwise = (
  options: Biased & {
    /** Pixels along one side of the kernels, or along both. */
    readonly size: number | Extent
    /** Pixels from one window to the next; default 1. */
    readonly stride?: number | Extent
    /** Default "valid". */
    readonly padding?: Padding
  },
): Block => ({
  padding: "valid",
  ...options,
  _tag: "Depthwise",
  size: extentOf(options.size),
  stride: extentOf(options.stride ?? 1),
})

interface Pool {
  /** Pixels along one side of a window, or along both; "image" is one window over the whole image. */
  readonly size: number | Extent | "image"
  /** Pixels from one window to the next; default `size`: windows side by side. */
  readonly stride?: number | Extent
  /** Default "valid". */
  readonly padding?: Padding
}

const slideOf = ({ padding = "valid", size, stride }: Pool): StrideAndPadding => ({
  size: size === "image" ? size : extentOf(size),
  stride: extentOf(stride ?? (size === "image" ? 1 : size)),
  padding,
})

/** The mean of each window, channel by channel. */
export const averagePool = ({
  countsPadding = false,
  ...pool
}: Pool & {
  /** True if zeros of the padding count, as in PyTorch by default; default false. */
  readonly countsPadding?: boolean
}): Block => ({ _tag: "AveragePool", countsPadding, ...slideOf(pool) })

/** The largest of each window, channel by channel; of equal ones the first. Padding is never the largest. */
export const maxPool = (pool: Pool): Block => ({ _tag: "MaxPool", ...slideOf(pool) })

/** An image as a vector. */
export const flatten: Block = { _tag: "Flatten" }

/** An elementwise function. */
export const activation = (name: Activation): Block => ({ _tag: "Activation", activation: name })

/**
 * Subtracts from each channel its mean and divides by its standard deviation, both over all pixels of all samples of the
 * batch. Then applies a scale and a shift, which are parameters (Ioffe, Szegedy 2015). In a vector every number is a
 * channel. It couples the samples of a batch, so such a network must be a `batchNormalised` one.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const blocks = [Block.dense(4), Block.batchNormalisation()]
 * const { dimension, normalisations } = Architecture.layered({ input: 3, blocks })
 * // 4 (3 + 1), and four scales and shifts
 * dimension // => 24
 * normalisations[0]!.channels // => 4
 * ```
 */
export const batchNormalisation = (
  options: {
    /** Added to the variance; default 1e-5, as in PyTorch. */
    readonly epsilon?: number
  } = {},
): Block => ({ _tag: "BatchNormalisation", epsilon: options.epsilon ?? 1e-5 })

/**
 * Batch normalisation for prediction. Subtracts a fixed mean from each channel and divides by a fixed standard deviation.
 * Then applies a scale and a shift, which are parameters. Samples are independent, and the loss is a mean of sample losses.
 *
 * @example
 * ```ts import.meta.vitest
 * import { network } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const frozen = Block.frozenNormalisation({ mean: Float64Array.of(1), variance: Float64Array.of(4), epsilon: 0 })
 * const architecture = Architecture.layered({ input: 1, bias: false, blocks: [Block.dense(1), frozen] })
 * const features = Float64Array.of(5)
 * const { predict } = network({ features, dimension: 1, architecture, loss: Loss.squared(Float64Array.of(0)) })
 * const out = new Float64Array(1)
 * // with weight 1, scale 3 and shift 0: 3 (5 - 1) / 2
 * predict(Float64Array.of(1, 3, 0), features, out)
 * out // => Float64Array.of(6)
 * ```
 */
export const frozenNormalisation = (options: {
  /** One number per channel. */
  readonly mean: Float64Array
  readonly variance: Float64Array
  /** Added to the variance; default 1e-5, as in PyTorch. */
  readonly epsilon?: number
  /** True for trainable scales, otherwise they are 1; default true. */
  readonly scales?: boolean
  /** True for trainable shifts, otherwise they are 0; default true. */
  readonly shifts?: boolean
}): Block => ({
  epsilon: 1e-5,
  scales: true,
  shifts: true,
  ...options,
  _tag: "FrozenNormalisation",
})

/**
 * Subtracts from the channels of each pixel their mean and divides by their standard deviation, with a scale and a shift for
 * each channel (Ba, Kiros, Hinton 2016). A sequence is an image of one column, with one row for each position.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const blocks = [Block.dense(4), Block.layerNormalisation()]
 * // 4 (3 + 1), and four scales and shifts
 * Architecture.layered({ input: 3, blocks }).dimension // => 24
 * ```
 */
export const layerNormalisation = (
  options: {
    /** Added to the variance; default 1e-5, as in PyTorch. */
    readonly epsilon?: number
    /** True for trainable scales, otherwise they are 1; default true. */
    readonly scales?: boolean
    /** True for trainable shifts, otherwise they are 0; default true. */
    readonly shifts?: boolean
  } = {},
): Block => ({ epsilon: 1e-5, scales: true, shifts: true, ...options, _tag: "LayerNormalisation" })

/**
 * Scaled dot-product attention of the positions of a sequence, without parameters (Vaswani et al. 2017).
 *
 * The channels are the queries of all heads, then their keys, then their values: `heads (2 keys + values)` numbers. The
 * output has the values of all heads. A convolution of size 1 before it makes queries, keys and values, and one after it
 * joins the heads.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const sequence = { height: 5, width: 1, channels: 12 }
 * const block = Block.attention({ heads: 2, keys: 2 })
 * Architecture.shapeAfter(block, sequence) // => { height: 5, width: 1, channels: 4 }
 * ```
 */
export const attention = (options: {
  readonly heads: number
  /** Numbers of a query and of a key in one head. */
  readonly keys: number
  /** Numbers of a value in one head; default `keys`. */
  readonly values?: number
  /** Factor of the products of queries and keys; default `1 / sqrt(keys)`. */
  readonly scale?: number
  /** True if a position reads no later one; default false. */
  readonly causal?: boolean
}): Block => ({
  values: options.keys,
  scale: 1 / Math.sqrt(options.keys),
  causal: false,
  ...options,
  _tag: "Attention",
})

/**
 * A trainable vector for each of `entries` integers from 0 on. It reads a vector of integers, as the first block, and
 * returns a sequence. The network throws InvalidInput on other numbers.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const block = Block.embedding({ entries: 100, features: 8 })
 * Architecture.layered({ input: 5, blocks: [block] }).dimension // => 800
 * ```
 */
export const embedding = (options: {
  readonly entries: number
  readonly features: number
}): Block => ({ ...options, _tag: "Embedding" })

/**
 * Adds a trainable number to each number of a sample, such as the positions of a transformer.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * Architecture.layered({ input: 5, blocks: [Block.shift] }).dimension // => 5
 * ```
 */
export const shift: Block = { _tag: "Shift" }

/** Adds a trainable position before a sequence, such as the class token of a vision transformer. */
export const token: Block = { _tag: "Token" }

/** One position of a sequence, counted from 0, as a vector. */
export const position = (at: number): Block => ({ _tag: "Position", at })

/** The sum of a branch and a shortcut, which is the identity without blocks (He, Zhang, Ren, Sun 2016). */
export const residual = (
  branch: ReadonlyArray<Block>,
  shortcut: ReadonlyArray<Block> = [],
): Block => ({ _tag: "Residual", branch, shortcut })
