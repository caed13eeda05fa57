/** Blocks in sequence: the shape of each input, and the positions of the parameters. */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Block } from "../../network/Block.ts"
import type { FrozenNormalisation, Layer, Node, Normalisation, Part } from "./Nodes.ts"
import * as Window from "./Window.ts"

interface Placed {
  readonly nodes: ReadonlyArray<Node>
  readonly shape: Window.Shape
  readonly name: string
}

const sides = ({ height, width }: Window.Extent): string => `${height}x${width}`

/** Part of a name: empty for stride 1, one number if both sides are equal. */
const strideName = ({ height, width }: Window.Extent): string => {
  if (height !== width) return `/${height}x${width}`
  return height === 1 ? "" : `/${height}`
}

/** Places blocks, and collects their layers on the way. */
export const placer = (operation: string, biased: boolean) => {
  const layers: Array<Layer> = []
  const normalisations: Array<Normalisation> = []
  const parts: Array<Part> = []
  let dimension = 0
  let statistics = 0
  /** Allocates `count` parameters, and returns their position. */
  const take = (count: number): number => {
    dimension += count
    return dimension - count
  }
  const layer = (inputs: number, outputs: number, taps: number, bias = biased): Layer => {
    const weights = take(outputs * inputs)
    const made = { inputs, outputs, taps, weights, bias: bias ? take(outputs) : undefined }
    parts.push({ begin: weights, end: dimension })
    layers.push(made)
    return made
  }

  const normalisation = (channels: number, epsilon: number): Normalisation => {
    Require.positive(operation, "epsilon", epsilon)
    const made = { channels, scales: take(2 * channels), means: statistics, epsilon }
    statistics += 2 * channels
    parts.push({ begin: made.scales, end: dimension })
    normalisations.push(made)
    return made
  }

  const frozen = (
    block: Extract<Block, { readonly _tag: "FrozenNormalisation" }>,
    channels: number,
  ): FrozenNormalisation => {
    const { epsilon, mean, variance } = block
    Require.nonNegative(operation, "epsilon", epsilon)
    Require.vector(operation, "mean", mean, channels)
    Require.vector(operation, "variance", variance, channels)
    const factors = variance.map((value) => 1 / Math.sqrt(value + epsilon))
    Require.allFinite(operation, "1 / sqrt(variance + epsilon)", factors)
    const begin = dimension
    const scales = block.scales ? take(channels) : undefined
    const shifts = block.shifts ? take(channels) : undefined
    if (dimension > begin) parts.push({ begin, end: dimension })
    return { factors, offsets: mean.map((value, c) => -value * factors[c]!), scales, shifts }
  }

  /** Parameters that are no layer of weights. */
  const part = (count: number): number => {
    const begin = take(count)
    parts.push({ begin, end: dimension })
    return begin
  }

  const layerNormalisation = (
    { epsilon, scales, shifts }: Extract<Block, { readonly _tag: "LayerNormalisation" }>,
    input: Window.Shape,
  ): Placed => {
    Require.positive(operation, "epsilon", epsilon)
    const { channels } = input
    const count = (scales ? channels : 0) + (shifts ? channels : 0)
    const begin = count > 0 ? part(count) : dimension
    const made = {
      channels,
      epsilon,
      scales: scales ? begin : undefined,
      shifts: shifts ? begin + count - channels : undefined,
    }
    const width = Window.sizeOf(input)
    return {
      shape: input,
      name: "layer norm",
      nodes: [{ _tag: "LayerNormalisation", normalisation: made, width }],
    }
  }

  const attention = (
    block: Extract<Block, { readonly _tag: "Attention" }>,
    input: Window.Shape,
  ): Placed => {
    const { heads, keys, scale, values } = block
    Require.count(operation, "heads", heads)
    Require.count(operation, "keys", keys)
    Require.count(operation, "values", values)
    Require.positive(operation, "scale", scale)
    if (input.channels !== heads * (2 * keys + values)) {
      invalid(operation, "an attention reads heads (2 keys + values) channels", {
        channels: input.channels,
        heads,
        keys,
        values,
      })
    }
    const shape = { ...input, channels: heads * values }
    const positions = input.height * input.width
    return {
      shape,
      name: `attention of ${heads}`,
      nodes: [{ _tag: "Attention", heads: block, positions, width: Window.sizeOf(shape) }],
    }
  }

  const embedding = (
    { entries, features }: Extract<Block, { readonly _tag: "Embedding" }>,
    input: Window.Shape,
  ): Placed => {
    Require.count(operation, "entries", entries)
    Require.count(operation, "features", features)
    if (!Window.isVector(input) || dimension > 0) {
      invalid(operation, "an embedding is the first block, and reads a vector of integers", {
        height: input.height,
        width: input.width,
        parameters: dimension,
      })
    }
    const shape = { height: input.channels, width: 1, channels: features }
    const made = layer(features, entries, 1, false)
    return {
      shape,
      name: `embedding of ${entries} x ${features}`,
      nodes: [{ _tag: "Embedding", layer: made, width: Window.sizeOf(shape) }],
    }
  }

  const convolution = (
    block: Extract<Block, { readonly _tag: "Convolution" }>,
    input: Window.Shape,
  ): Placed => {
    Require.count(operation, "channels", block.channels)
    const window = Window.slide(operation, input, block)
    const { size, stride } = window
    const shape = { ...window.output, channels: block.channels }
    const taps = Window.tapsOf(window)
    const readsPixels = taps === 1 && Math.max(stride.height, stride.width) === 1
    return {
      shape,
      name: `${sides(size)}x${block.channels}${strideName(stride)}`,
      nodes: [
        {
          _tag: "Affine",
          width: Window.sizeOf(shape),
          layer: layer(taps * input.channels, block.channels, taps, block.bias),
          window: readsPixels ? undefined : window,
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
      invalid(
        operation,
        "branch and shortcut of a residual block must have the same output shape",
        {
          "branch.height": branch.shape.height,
          "branch.width": branch.shape.width,
          "branch.channels": branch.shape.channels,
          "shortcut.height": shortcut.shape.height,
          "shortcut.width": shortcut.shape.width,
          "shortcut.channels": shortcut.shape.channels,
        },
      )
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
          invalid(operation, "a dense layer takes a vector; flatten the image first", {
            height: input.height,
            width: input.width,
          })
        }
        const made = layer(input.channels, block.outputs, 1, block.bias)
        const node = { _tag: "Affine", layer: made, window: undefined, positions: 1 } as const
        return {
          shape: Window.vector(block.outputs),
          name: String(block.outputs),
          nodes: [{ ...node, width: block.outputs }],
        }
      }
      case "Convolution":
        return convolution(block, input)
      case "Depthwise": {
        const window = Window.slide(operation, input, block)
        const taps = Window.tapsOf(window)
        const made = layer(taps, input.channels, taps, block.bias)
        const width = Window.sizeOf(window.output)
        return {
          shape: window.output,
          name: `${sides(window.size)} depthwise${strideName(window.stride)}`,
          nodes: [{ _tag: "Depthwise", layer: made, window, width }],
        }
      }
      case "AveragePool":
      case "MaxPool": {
        const isWhole = block.size === "image"
        const window = Window.slide(
          operation,
          input,
          block.size === "image" ? { ...block, size: input } : { ...block, size: block.size },
        )
        const { size } = window
        const width = Window.sizeOf(window.output)
        const side = size.height === size.width ? String(size.height) : sides(size)
        return {
          shape: window.output,
          name: `${block._tag === "MaxPool" ? "max" : "mean"} ${isWhole ? "of all" : side}`,
          nodes: [
            block._tag === "MaxPool"
              ? { _tag: "MaxPool", window, width }
              : { _tag: "AveragePool", window, width, countsPadding: block.countsPadding },
          ],
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
      case "FrozenNormalisation":
        return {
          shape: input,
          name: "frozen batch norm",
          nodes: [
            {
              _tag: "FrozenNormalisation",
              normalisation: frozen(block, input.channels),
              width: Window.sizeOf(input),
            },
          ],
        }
      case "LayerNormalisation":
        return layerNormalisation(block, input)
      case "Attention":
        return attention(block, input)
      case "Embedding":
        return embedding(block, input)
      case "Shift": {
        const width = Window.sizeOf(input)
        return {
          shape: input,
          name: "shift",
          nodes: [{ _tag: "Shift", begin: part(width), width }],
        }
      }
      case "Token": {
        const { channels } = input
        const shape = { height: input.height * input.width + 1, width: 1, channels }
        const width = Window.sizeOf(shape)
        return {
          shape,
          name: "token",
          nodes: [{ _tag: "Token", begin: part(channels), channels, width }],
        }
      }
      case "Position": {
        const positions = input.height * input.width
        Require.count(operation, "at", block.at, 0)
        if (block.at >= positions) {
          invalid(operation, "there is no such position", { at: block.at, positions })
        }
        const { channels } = input
        return {
          shape: Window.vector(channels),
          name: `position ${block.at}`,
          nodes: [
            { _tag: "Position", at: block.at, before: Window.sizeOf(input), width: channels },
          ],
        }
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
  return { chain, layers, normalisations, parts, dimension: () => dimension }
}

/** All nodes, those inside residual blocks among them. */
export const everyNode = (nodes: ReadonlyArray<Node>): ReadonlyArray<Node> =>
  nodes.flatMap((node) =>
    node._tag === "Residual"
      ? [node, ...everyNode(node.branch), ...everyNode(node.shortcut)]
      : [node],
  )

/** The scales of a batch normalisation as a view of the parameters `x`. */
export const scales = ({ channels, scales: at }: Normalisation, x: Float64Array): Float64Array =>
  x.subarray(at, at + channels)
