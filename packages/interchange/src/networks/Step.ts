/** A network in the form common to all formats: its layers from input to output, with tensors in the layout of their program. */
import type * as Activation from "@nonconvex/problems/network/Activation"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import type { Tensor } from "./Tensor.ts"

/** Layout of images and kernels: PyTorch and ONNX have channels first, Keras and TensorFlow.js have them last. */
export type Layout = "channels first" | "channels last"

/** Two tensors of an affine layer, by default in the layout of the program. */
interface Affine {
  /** The program's name for the layer. */
  readonly name: string
  readonly weights: Tensor
  readonly bias?: Tensor
}

/** Zeros around an image, in rows and columns. */
export type Margins = Exclude<Architecture.Padding, string>

/** Stride and padding of a convolution or pool. */
export interface StrideAndPadding {
  readonly stride: Architecture.Extent
  readonly padding: Architecture.Padding
}

/** A dense layer. */
export interface Projection extends Affine {
  /** Meaning of the weights' rows: outputs, as in PyTorch, or inputs, as in Keras. */
  readonly rows: "outputs" | "inputs"
}

export type Step =
  | (Projection & {
      readonly _tag: "Dense"
      /** True if it is applied to the features of each position or pixel. */
      readonly isEverywhere?: boolean
    })
  | {
      readonly _tag: "Attention"
      readonly name: string
      /** Dense layers of one value, whose outputs stand side by side. */
      readonly projections: ReadonlyArray<Projection>
      /** The output of the projections that is each channel of the attention: queries of all heads, keys, values. */
      readonly channels: ReadonlyArray<number>
      readonly heads: number
      readonly keys: number
      readonly values: number
      readonly scale: number
      readonly causal: boolean
    }
  | {
      readonly _tag: "LayerNormalisation"
      readonly name: string
      readonly epsilon: number
      readonly scales?: Tensor
      readonly shifts?: Tensor
    }
  /** A row of the weights for each integer of the inputs. */
  | { readonly _tag: "Embedding"; readonly name: string; readonly weights: Tensor }
  /** A number added to each number of a sample. */
  | { readonly _tag: "Shift"; readonly name: string; readonly weights: Tensor }
  /** A position before those of a sequence. */
  | { readonly _tag: "Token"; readonly name: string; readonly weights: Tensor }
  | { readonly _tag: "Position"; readonly name: string; readonly at: number }
  | (Affine & StrideAndPadding & { readonly _tag: "Convolution" })
  /** A convolution of each channel by a kernel of its own. */
  | (Affine & StrideAndPadding & { readonly _tag: "Depthwise" })
  /** Zeros around an image, which the convolution after it takes over. */
  | { readonly _tag: "Pad"; readonly name: string; readonly margins: Margins }
  | {
      readonly _tag: "Normalisation"
      readonly name: string
      readonly scales?: Tensor
      readonly shifts?: Tensor
      readonly mean: Tensor
      readonly variance: Tensor
      readonly epsilon: number
    }
  | (StrideAndPadding & {
      readonly _tag: "AveragePool"
      readonly name: string
      readonly size: Architecture.Extent | "image"
      readonly countsPadding: boolean
    })
  | (StrideAndPadding & {
      readonly _tag: "MaxPool"
      readonly name: string
      readonly size: Architecture.Extent | "image"
    })
  | {
      readonly _tag: "Flatten"
      readonly name: string
      /** True of a sequence, whose features stand side by side in every program. */
      readonly isSequence?: boolean
    }
  | {
      readonly _tag: "Activation"
      readonly name: string
      readonly activation: Activation.Activation
    }
  /** A final softmax or log-softmax, which is dropped because the loss includes it. */
  | { readonly _tag: "Softmax"; readonly name: string }
  | {
      readonly _tag: "Residual"
      readonly name: string
      readonly branch: ReadonlyArray<Step>
      readonly shortcut: ReadonlyArray<Step>
    }
