/** Blocks with the positions of their parameters in the flat vector of all. */
import type { Activation } from "../../network/Activation.ts"
import type { Block } from "../../network/Block.ts"
import type * as Window from "./Window.ts"

/** Position of the parameters of one layer in the flat vector of all. */
export interface Layer {
  /** Length of a row of weights: the width of the input, or of a convolution the numbers in one window. */
  readonly inputs: number
  /** Rows of weights: the width of the output, or of a convolution its channels. */
  readonly outputs: number
  /** Pixels of a convolution's window; 1 for a dense layer. */
  readonly taps: number
  /** Offset of the weights: row-major, `outputs` rows of length `inputs`. */
  readonly weights: number
  /** Offset of the biases, which follow the weights; undefined in a network without biases. */
  readonly bias: number | undefined
}

/** Position of the parameters and the statistics of one batch normalisation. */
export interface Normalisation {
  readonly channels: number
  /** Offset of the scales in the parameters; the shifts follow. */
  readonly scales: number
  /** Offset of the means in the statistics of the network; the variances follow. */
  readonly means: number
  /** Added to the variance. */
  readonly epsilon: number
}

/** Position of the parameters of a batch normalisation with frozen statistics, and the affine map that these make. */
export interface FrozenNormalisation {
  /** Factors of each channel, `n = factor z + offset`. */
  readonly factors: Float64Array
  readonly offsets: Float64Array
  /** Offset of the scales in the parameters; undefined where these are all 1. */
  readonly scales: number | undefined
  /** Offset of the shifts in the parameters; undefined where these are all 0. */
  readonly shifts: number | undefined
}

/** Position of the parameters of a layer normalisation. */
export interface LayerNormalisation {
  readonly channels: number
  readonly epsilon: number
  /** Offset of the scales in the parameters; undefined where these are all 1. */
  readonly scales: number | undefined
  /** Offset of the shifts in the parameters; undefined where these are all 0. */
  readonly shifts: number | undefined
}

/** Parameters of one layer: those from `begin` up to `end`. */
export interface Part {
  readonly begin: number
  readonly end: number
}

/** Block with its position; `width` is that of its output, in numbers per sample. */
export type Node = { readonly width: number } & (
  | {
      readonly _tag: "Affine"
      readonly layer: Layer
      /** Window of a convolution; undefined where the layer is dense or reads single pixels. */
      readonly window: Window.Window | undefined
      /** Number of places at which the layer is applied; 1 for a dense layer. */
      readonly positions: number
    }
  | { readonly _tag: "Depthwise"; readonly layer: Layer; readonly window: Window.Window }
  | {
      readonly _tag: "AveragePool"
      readonly window: Window.Window
      readonly countsPadding: boolean
    }
  | { readonly _tag: "MaxPool"; readonly window: Window.Window }
  | { readonly _tag: "Activation"; readonly activation: Activation }
  | { readonly _tag: "BatchNormalisation"; readonly normalisation: Normalisation }
  | { readonly _tag: "FrozenNormalisation"; readonly normalisation: FrozenNormalisation }
  | { readonly _tag: "LayerNormalisation"; readonly normalisation: LayerNormalisation }
  | {
      readonly _tag: "Attention"
      readonly heads: Extract<Block, { readonly _tag: "Attention" }>
      readonly positions: number
    }
  | { readonly _tag: "Embedding"; readonly layer: Layer }
  | { readonly _tag: "Shift"; readonly begin: number }
  | { readonly _tag: "Token"; readonly begin: number; readonly channels: number }
  | {
      readonly _tag: "Position"
      readonly at: number
      /** Numbers of a sample before it. */
      readonly before: number
    }
  | {
      readonly _tag: "Residual"
      readonly branch: ReadonlyArray<Node>
      readonly shortcut: ReadonlyArray<Node>
    }
)
