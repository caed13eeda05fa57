/** A network as the formats have it in common: its layers from input to output, each with its tensors as its program lays them out. */
import type * as Activation from "@nonconvex/problems/network/Activation"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import type { Tensor } from "./Tensor.ts"

/** Layout of images and kernels: PyTorch and ONNX have channels first, Keras and TensorFlow.js have them last. */
export type Layout = "channels first" | "channels last"

/** Two tensors of an affine layer, by default in the program's layout. */
interface Affine {
  /** As its program calls it. */
  readonly name: string
  readonly weights: Tensor
  readonly bias?: Tensor
}

/** Movement of the window of a convolution or a pool. */
export interface Slide {
  readonly stride: Architecture.Extent
  readonly padding: Architecture.Padding
}

export type Step =
  | (Affine & {
      readonly _tag: "Dense"
      /** Rows of the weights are outputs, as in PyTorch, or inputs, as in Keras. */
      readonly rows: "outputs" | "inputs"
    })
  | (Affine & Slide & { readonly _tag: "Convolution" })
  | {
      readonly _tag: "Normalisation"
      readonly name: string
      readonly scales?: Tensor
      readonly shifts?: Tensor
      readonly mean: Tensor
      readonly variance: Tensor
      readonly epsilon: number
    }
  | (Slide & {
      readonly _tag: "AveragePool"
      readonly name: string
      readonly size: Architecture.Extent | "image"
      readonly countsPadding: boolean
    })
  | (Slide & {
      readonly _tag: "MaxPool"
      readonly name: string
      readonly size: Architecture.Extent | "image"
    })
  | { readonly _tag: "Flatten"; readonly name: string }
  | {
      readonly _tag: "Activation"
      readonly name: string
      readonly activation: Activation.Activation
    }
  /** Softmax, or its logarithm, at the end: it is left off, for the loss has its own. */
  | { readonly _tag: "Softmax"; readonly name: string }
  | {
      readonly _tag: "Residual"
      readonly name: string
      readonly branch: ReadonlyArray<Step>
      readonly shortcut: ReadonlyArray<Step>
    }
