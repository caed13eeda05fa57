import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Activation } from "./Activation.ts"
import * as Block from "./Block.ts"
import type { Layer, Node, Normalisation, Part } from "../internal/network/Nodes.ts"
import { everyNode, placer } from "../internal/network/Placement.ts"
import * as Window from "../internal/network/Window.ts"

export type { Part } from "../internal/network/Nodes.ts"

export type { Extent, Padding, Shape } from "../internal/network/Window.ts"

/** A network without its parameters: its layers, and the positions of their parameters. */
export interface Architecture {
  readonly name: string
  /** Numbers per sample at the input and at the output. */
  readonly inputs: number
  readonly outputs: number
  readonly layers: ReadonlyArray<Layer>
  /** Batch normalisations, which couple the samples of a batch. */
  readonly normalisations: ReadonlyArray<Normalisation>
  /** Positions of the parameters of each layer, normalisations among them, in the order of the parameters. */
  readonly parts: ReadonlyArray<Part>
  /** From input to output. */
  readonly nodes: ReadonlyArray<Node>
  /** The number of parameters. */
  readonly dimension: number
}

/** Layers of weights with the same activation between them and none after the last. */
export interface FullyConnected extends Architecture {
  readonly widths: ReadonlyArray<number>
  readonly activation: Activation
}

/**
 * Fully connected architecture with the given widths from input to output.
 *
 * Parameters are stored layer by layer, weights before biases. Throws InvalidInput on fewer than two widths and on widths
 * that are not positive integers.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 *
 * // 3 (2 + 1) parameters and 1 (3 + 1)
 * Architecture.make({ widths: [2, 3, 1], activation: "tanh" }).dimension // => 13
 * ```
 */
export const make = (options: {
  readonly widths: ReadonlyArray<number>
  readonly activation: Activation
  /** True if layers have biases; default true. */
  readonly bias?: boolean
}): FullyConnected => {
  const { activation, bias = true, widths } = options
  Require.object("Architecture.make", "widths", widths)
  Require.count("Architecture.make", "widths.length", widths.length, 2)
  for (const width of widths) Require.count("Architecture.make", "width", width)
  const between = Block.activation(activation)
  const blocks = widths
    .slice(1)
    .flatMap((width, l) => (l === 0 ? [Block.dense(width)] : [between, Block.dense(width)]))
  const { chain, dimension, layers, normalisations, parts } = placer("Architecture.make", bias)
  const { nodes } = chain(blocks, Window.vector(widths[0]!))
  return {
    name: `${widths.join("-")}, ${activation}`,
    inputs: widths[0]!,
    outputs: widths.at(-1)!,
    layers,
    normalisations,
    parts,
    nodes,
    dimension: dimension(),
    widths: [...widths],
    activation,
  }
}

/**
 * Architecture of the given blocks, one after another, on samples that are vectors (`input` is their length) or images.
 *
 * Images are stored row by row, pixel by pixel, channel by channel. A convolution has the same weights everywhere. They are
 * row-major, one row per output channel, each over the window row by row, pixel by pixel, channel by channel. Parameters are
 * stored in the order of the blocks, in a residual block those of the branch first. Throws InvalidInput if blocks do not fit
 * together, or have no parameters.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 *
 * const { dimension, outputs } = Architecture.layered({
 *   input: { height: 8, width: 8, channels: 1 },
 *   blocks: [Block.convolution({ channels: 4, size: 3 }), Block.activation("relu"), Block.flatten, Block.dense(10)],
 * })
 * // 4 (9 + 1) of the convolution, 10 (6 x 6 x 4 + 1) of the last layer
 * dimension // => 1490
 * outputs // => 10
 * ```
 */
export const layered = (options: {
  readonly input: number | Window.Shape
  readonly blocks: ReadonlyArray<Block.Block>
  /** Default of layers that do not set their own biases; default true. */
  readonly bias?: boolean
}): Architecture => {
  const { bias = true, blocks } = options
  const operation = "Architecture.layered"
  Require.object(operation, "blocks", blocks)
  if (typeof options.input !== "number") Require.object(operation, "input", options.input)
  const input = typeof options.input === "number" ? Window.vector(options.input) : options.input
  Require.count(operation, "input.height", input.height)
  Require.count(operation, "input.width", input.width)
  Require.count(operation, "input.channels", input.channels)
  const { chain, dimension, layers, normalisations, parts } = placer(operation, bias)
  const { name, nodes, shape } = chain(blocks, input)
  if (parts.length === 0) {
    invalid(operation, "there must be a layer with parameters", { blocks: blocks.length })
  }
  return {
    name: `${Window.isVector(input) ? input.channels : `${input.height}x${input.width}x${input.channels}`}-${name}`,
    inputs: Window.sizeOf(input),
    outputs: Window.sizeOf(shape),
    layers,
    normalisations,
    parts,
    nodes,
    dimension: dimension(),
  }
}

/** Shape of a block's output for a sample of the given shape. Throws InvalidInput if it does not fit. */
export const shapeAfter = (block: Block.Block, input: Window.Shape): Window.Shape =>
  placer("Architecture.shapeAfter", true).chain([block], input).shape

/** All activations of the network, from input to output, including those of branches. */
export const activations = ({ nodes }: Architecture): ReadonlyArray<Activation> =>
  everyNode(nodes).flatMap((node) => (node._tag === "Activation" ? [node.activation] : []))

/** Largest size of a sample anywhere in the network, with the windows of convolutions expanded. */
export const widest = ({ inputs, nodes }: Architecture): number =>
  Math.max(
    inputs,
    ...everyNode(nodes).map((node) =>
      node._tag === "Affine"
        ? Math.max(node.width, node.positions * node.layer.inputs)
        : node.width,
    ),
  )

/** The length of the statistics of a network: a mean and a variance for each channel that is normalised. */
export const statisticsLength = ({ normalisations }: Architecture): number =>
  normalisations.reduce((sum, { channels }) => sum + 2 * channels, 0)

/** The weights of a layer as a view of the parameters `x`: row-major, `outputs` x `inputs`. */
export const weights = (layer: Layer, x: Float64Array): Float64Array =>
  x.subarray(layer.weights, layer.weights + layer.outputs * layer.inputs)

/** The biases of a layer as a view of the parameters `x`; empty in a network without biases. */
export const biases = (layer: Layer, x: Float64Array): Float64Array =>
  layer.bias === undefined ? x.subarray(0, 0) : x.subarray(layer.bias, layer.bias + layer.outputs)
