/** What a network can be made of, from input to output; `Architecture.layered` puts blocks together. */
import type { Activation } from "./Activation.ts"
import type { Padding } from "../internal/network/Window.ts"

/** One part of a network; make them with the functions below. */
export type Block =
  | { readonly _tag: "Dense"; readonly outputs: number }
  | {
      readonly _tag: "Convolution"
      readonly channels: number
      readonly size: number
      readonly stride: number
      readonly padding: Padding
    }
  | { readonly _tag: "AveragePool"; readonly size: number; readonly stride: number }
  | { readonly _tag: "MaxPool"; readonly size: number; readonly stride: number }
  | { readonly _tag: "Flatten" }
  | { readonly _tag: "Activation"; readonly activation: Activation }
  | { readonly _tag: "BatchNormalisation"; readonly epsilon: number }
  | {
      readonly _tag: "Residual"
      readonly branch: ReadonlyArray<Block>
      readonly shortcut: ReadonlyArray<Block>
    }

/** `W a + b` of a vector; flatten an image first. */
export const dense = (outputs: number): Block => ({ _tag: "Dense", outputs })

/** A two-dimensional convolution (a cross-correlation, as in other libraries) with a square kernel. */
export const convolution = (options: {
  /** Of the output. */
  readonly channels: number
  /** Pixels along one side of the kernel. */
  readonly size: number
  /** Pixels from one window to the next; default 1. */
  readonly stride?: number
  /** Default "valid". */
  readonly padding?: Padding
}): Block => ({ _tag: "Convolution", stride: 1, padding: "valid", ...options })

interface Pool {
  /** Pixels along one side of a window. */
  readonly size: number
  /** Pixels from one window to the next; default `size`: windows side by side. */
  readonly stride?: number
}

/** The mean of each window, channel by channel. */
export const averagePool = ({ size, stride = size }: Pool): Block => ({
  _tag: "AveragePool",
  size,
  stride,
})

/** The largest of each window, channel by channel; of equal ones the first. */
export const maxPool = ({ size, stride = size }: Pool): Block => ({ _tag: "MaxPool", size, stride })

/** An image as a vector. */
export const flatten: Block = { _tag: "Flatten" }

/** An elementwise function. */
export const activation = (name: Activation): Block => ({ _tag: "Activation", activation: name })

/**
 * Each channel less its mean and over its deviation, both over all pixels of all samples of the batch, then times a scale and plus a
 * shift, which are parameters (Ioffe, Szegedy 2015). Of a vector every number is a channel. It couples the samples of a batch: such
 * a network is a `batchNormalised` one.
 */
export const batchNormalisation = (
  options: {
    /** Added to the variance; default 1e-5, as in PyTorch. */
    readonly epsilon?: number
  } = {},
): Block => ({ _tag: "BatchNormalisation", epsilon: options.epsilon ?? 1e-5 })

/** The sum of a branch and a shortcut, which is the identity without blocks (He, Zhang, Ren, Sun 2016). */
export const residual = (
  branch: ReadonlyArray<Block>,
  shortcut: ReadonlyArray<Block> = [],
): Block => ({ _tag: "Residual", branch, shortcut })
