/** Blocks put one after the other: what shape each one sees, and where its parameters lie. */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Activation } from "../../network/Activation.ts"
import type { Block } from "../../network/Block.ts"
import * as Window from "./Window.ts"

/** Where the parameters of one layer lie in the flat vector of all. */
export interface Layer {
  /** Length of a row of weights: the width of the input, or of a convolution the numbers in one window. */
  readonly inputs: number
  /** Rows of weights: the width of the output, or of a convolution its channels. */
  readonly outputs: number
  /** Pixels of a convolution's window; 1 of a dense layer. */
  readonly taps: number
  /** Offset of the weights: row-major, `outputs` rows of length `inputs`. */
  readonly weights: number
  /** Offset of the biases, which follow the weights; undefined in a network without biases. */
  readonly bias: number | undefined
}

/** Where the parameters and the statistics of one batch normalisation lie. */
export interface Normalisation {
  readonly channels: number
  /** Offset of the scales in the parameters; the shifts follow. */
  readonly scales: number
  /** Offset of the means in the statistics of the network; the variances follow. */
  readonly means: number
  /** Added to the variance. */
  readonly epsilon: number
}

/** A block in its place; `width` is that of its output, in numbers a sample. */
export type Node = { readonly width: number } & (
  | {
      readonly _tag: "Affine"
      readonly layer: Layer
      /** Of a convolution; undefined where the layer is dense or reads single pixels. */
      readonly window: Window.Window | undefined
      /** Places at which the layer is applied; 1 of a dense layer. */
      readonly positions: number
    }
  | { readonly _tag: "AveragePool"; readonly window: Window.Window }
  | { readonly _tag: "MaxPool"; readonly window: Window.Window }
  | { readonly _tag: "Activation"; readonly activation: Activation }
  | { readonly _tag: "BatchNormalisation"; readonly normalisation: Normalisation }
  | {
      readonly _tag: "Residual"
      readonly branch: ReadonlyArray<Node>
      readonly shortcut: ReadonlyArray<Node>
    }
)

export interface Placed {
  readonly nodes: ReadonlyArray<Node>
  readonly shape: Window.Shape
  readonly name: string
}

/** Places blocks, and collects their layers on the way. */
export const placer = (operation: string, bias: boolean) => {
  const layers: Array<Layer> = []
  const normalisations: Array<Normalisation> = []
  let dimension = 0
  let statistics = 0
  const layer = (inputs: number, outputs: number, taps: number): Layer => {
    const weights = dimension
    dimension += outputs * inputs
    const offset = bias ? dimension : undefined
    if (bias) dimension += outputs
    const made = { inputs, outputs, taps, weights, bias: offset }
    layers.push(made)
    return made
  }

  const normalisation = (channels: number, epsilon: number): Normalisation => {
    Require.positive(operation, "epsilon", epsilon)
    const made = { channels, scales: dimension, means: statistics, epsilon }
    dimension += 2 * channels
    statistics += 2 * channels
    normalisations.push(made)
    return made
  }

  const convolution = (
    block: Extract<Block, { readonly _tag: "Convolution" }>,
    input: Window.Shape,
  ): Placed => {
    Require.count(operation, "channels", block.channels)
    const window = Window.slide(operation, input, block)
    const shape = { ...window.output, channels: block.channels }
    const taps = block.size * block.size
    return {
      shape,
      name: `${block.size}x${block.size}x${block.channels}${block.stride === 1 ? "" : `/${block.stride}`}`,
      nodes: [
        {
          _tag: "Affine",
          width: Window.sizeOf(shape),
          layer: layer(taps * input.channels, block.channels, taps),
          window: block.size === 1 && block.stride === 1 ? undefined : window,
          positions: shape.height * shape.width,
        },
      ],
    }
  }

  const residual = (
    block: Extract<Block, { readonly _tag: "Residual" }>,
    input: Window.Shape,
  ): Placed => {
    const branch = chain(block.branch, input)
    const shortcut = chain(block.shortcut, input)
    if (!Window.equals(branch.shape, shortcut.shape)) {
      invalid(operation, "branch and shortcut of a residual block must end in the same shape", {
        "branch.height": branch.shape.height,
        "branch.width": branch.shape.width,
        "branch.channels": branch.shape.channels,
        "shortcut.height": shortcut.shape.height,
        "shortcut.width": shortcut.shape.width,
        "shortcut.channels": shortcut.shape.channels,
      })
    }
    const width = Window.sizeOf(branch.shape)
    const bypass = shortcut.name === "" ? "" : ` + ${shortcut.name}`
    return {
      shape: branch.shape,
      name: `(${branch.name}${bypass})`,
      nodes: [{ _tag: "Residual", width, branch: branch.nodes, shortcut: shortcut.nodes }],
    }
  }

  const place = (block: Block, input: Window.Shape): Placed => {
    switch (block._tag) {
      case "Dense": {
        Require.count(operation, "outputs", block.outputs)
        if (!Window.isVector(input)) {
          invalid(operation, "a dense layer reads a vector; flatten the image first", {
            height: input.height,
            width: input.width,
          })
        }
        const made = layer(input.channels, block.outputs, 1)
        const node = { _tag: "Affine", layer: made, window: undefined, positions: 1 } as const
        return {
          shape: Window.vector(block.outputs),
          name: String(block.outputs),
          nodes: [{ ...node, width: block.outputs }],
        }
      }
      case "Convolution":
        return convolution(block, input)
      case "AveragePool":
      case "MaxPool": {
        const window = Window.slide(operation, input, { ...block, padding: "valid" })
        return {
          shape: window.output,
          name: `${block._tag === "MaxPool" ? "max" : "mean"} ${block.size}`,
          nodes: [{ _tag: block._tag, window, width: Window.sizeOf(window.output) }],
        }
      }
      case "Flatten":
        return { shape: Window.vector(Window.sizeOf(input)), name: "", nodes: [] }
      case "Activation":
        return {
          shape: input,
          name: block.activation,
          nodes: [
            {
              _tag: "Activation",
              activation: block.activation,
              width: Window.sizeOf(input),
            },
          ],
        }
      case "BatchNormalisation":
        return {
          shape: input,
          name: "batch norm",
          nodes: [
            {
              _tag: "BatchNormalisation",
              normalisation: normalisation(input.channels, block.epsilon),
              width: Window.sizeOf(input),
            },
          ],
        }
      case "Residual":
        return residual(block, input)
    }
  }

  const chain = (blocks: ReadonlyArray<Block>, input: Window.Shape): Placed => {
    let shape = input
    const nodes: Array<Node> = []
    const names: Array<string> = []
    for (const block of blocks) {
      const placed = place(block, shape)
      shape = placed.shape
      nodes.push(...placed.nodes)
      if (placed.name !== "") names.push(placed.name)
    }
    return { nodes, shape, name: names.join("-") }
  }
  return { chain, layers, normalisations, dimension: () => dimension }
}
