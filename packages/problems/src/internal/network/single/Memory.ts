import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Architecture } from "../../../network/Architecture.ts"
import { convolution, dense } from "./Affine.ts"
import { biases, type ChannelMap, frozen, normalisation } from "./ChannelMap.ts"
import { channelwise, fork, type Space } from "./Channelwise.ts"
import { averagePool, maxPool } from "./Pool.ts"
import { none, type Signal } from "./Signal.ts"
import type { Stage } from "./Stage.ts"
import type { Node } from "../Nodes.ts"

/** A network in float32 on a fixed number of rows. */
export interface Frame {
  readonly rows: number
  readonly input: Float32Array
  readonly output: Signal
  /** From input to output. */
  readonly stages: ReadonlyArray<Stage>
}

/** End of a chain of nodes. It is the output of a residual block, summed with its shortcut, or that shortcut itself. */
type End =
  | { readonly _tag: "Join"; readonly addend: Signal; readonly output: Signal }
  | { readonly _tag: "Shortcut" }

/** The sum of the widths of all nodes. */
const widthsOf = (nodes: ReadonlyArray<Node>): number =>
  nodes.reduce(
    (sum, node) =>
      sum +
      node.width +
      (node._tag === "Residual" ? widthsOf(node.branch) + widthsOf(node.shortcut) : 0),
    0,
  )

/** Bytes for `rows` rows in the kernels' memory: a signal has a value and an adjoint, and a node at most two signals. */
const bytesFor = ({ dimension, inputs, nodes }: Architecture, rows: number): number =>
  16 * (rows * (inputs + widthsOf(nodes)) + dimension) + 2 ** 22

/**
 * The network laid out for batches of `rows` rows, in the kernels' memory where they require that. Writes and reads
 * `statistics`. Throws InvalidInput on an activation other than relu and identity.
 */
export const frame = (
  given: Kernels,
  { inputs, nodes: all, ...architecture }: Architecture,
  rows: number,
  statistics: Float64Array,
): Frame => {
  Require.count("singlePrecision", "samples of the batch", rows)
  const bytes = bytesFor({ inputs, nodes: all, ...architecture }, rows)
  const kernels = given.worksInPlace ? given : given.withCapacity(bytes)
  const space: Space = kernels.worksInPlace
    ? { f32: (length) => new Float32Array(length), f64: (length) => new Float64Array(length) }
    : kernels.arena
  const stages: Array<Stage> = []
  const numbers = (width: number): Float32Array => space.f32(rows * width)

  /** The output of a map, where `isFresh` over the value of its input, which no one else reads. */
  const mapped = (
    input: Signal,
    map: ChannelMap | undefined,
    isPositive: boolean,
    options: {
      readonly channels: number
      readonly isFresh: boolean
      readonly end: End | undefined
    },
  ): Signal => {
    const { channels, end, isFresh } = options
    const width = input.value.length / rows
    const isJoin = end?._tag === "Join"
    const make = (): Signal => {
      const value = isFresh && map?.readsInput !== true ? input.value : numbers(width)
      return { value, adjoint: numbers(width), gate: isPositive ? value : undefined }
    }
    const output = isJoin ? end.output : make()
    // where others read the adjoint of the output too, it stays
    if (isFresh) input.adjoint = end === undefined ? output.adjoint : numbers(width)
    const addend = isJoin ? end.addend : undefined
    stages.push(channelwise(kernels, space, channels, map, input, addend, output))
    return output
  }

  const connect = (
    nodes: ReadonlyArray<Node>,
    start: Signal,
    channelsBefore: number,
    end?: End,
  ): Signal => {
    let current = start
    let channels = channelsBefore
    let isSettled = false
    for (let k = 0; k < nodes.length; k++) {
      const node = nodes[k]!
      /** Merges the next node with its predecessor if it is a relu, and returns whether it did. */
      const takesRelu = (): boolean => {
        const next = nodes[k + 1]
        const isRelu = next?._tag === "Activation" && next.activation === "relu"
        if (isRelu) k++
        return isRelu
      }
      /** A map, with the end of the chain if it is the last one. */
      const map = (input: Signal, of: ChannelMap | undefined, isFresh: boolean): Signal => {
        const isPositive = takesRelu()
        const isLast = end !== undefined && k === nodes.length - 1 && !isPositive
        isSettled = isLast
        return mapped(input, of, isPositive, { channels, isFresh, end: isLast ? end : undefined })
      }
      switch (node._tag) {
        case "Affine": {
          const { layer, positions, window } = node
          channels = layer.outputs
          const output: Signal = { value: numbers(node.width), adjoint: none, gate: undefined }
          stages.push(
            window === undefined
              ? dense(kernels, (n) => space.f32(n), layer, rows * positions, current, output)
              : convolution(kernels, (n) => space.f32(n), layer, window, rows, current, output),
          )
          const next = nodes[k + 1]
          if (layer.bias !== undefined) {
            current = map(output, biases(layer.bias, channels), true)
          } else if (next?._tag === "BatchNormalisation") {
            k++
            current = map(output, normalisation(next.normalisation, statistics), true)
          } else if (next?._tag === "FrozenNormalisation") {
            k++
            current = map(output, frozen(next.normalisation), true)
          } else if (next?._tag === "Activation" && next.activation === "relu") {
            current = map(output, undefined, true)
          } else {
            output.adjoint = numbers(node.width)
            current = output
            isSettled = false
          }
          break
        }
        case "BatchNormalisation":
          channels = node.normalisation.channels
          current = map(current, normalisation(node.normalisation, statistics), false)
          break
        case "FrozenNormalisation":
          channels = node.normalisation.factors.length
          current = map(current, frozen(node.normalisation), false)
          break
        case "Activation": {
          if (node.activation === "identity") break
          if (node.activation !== "relu") {
            invalid(
              "singlePrecision",
              `float32 supports the activation relu, but not ${node.activation}`,
              {
                place: k,
              },
            )
          }
          // as if it followed what is before it
          k--
          current = map(current, undefined, false)
          break
        }
        case "Depthwise":
          return invalid("singlePrecision", "float32 has no depthwise convolutions", { place: k })
        case "LayerNormalisation":
        case "Attention":
        case "Embedding":
        case "Shift":
        case "Token":
        case "Position":
          return invalid("singlePrecision", `float32 has no ${node._tag}`, { place: k })
        case "AveragePool":
        case "MaxPool": {
          const output: Signal = {
            value: numbers(node.width),
            adjoint: numbers(node.width),
            gate: undefined,
          }
          stages.push(
            node._tag === "MaxPool"
              ? maxPool(node.window, current, output)
              : averagePool(node, current, output),
          )
          current = output
          channels = node.window.input.channels
          isSettled = false
          break
        }
        case "Residual": {
          current = residual(node, current, channels, takesRelu())
          channels = channelsIn(node.branch, channels)
          isSettled = false
        }
      }
    }
    if (end === undefined || isSettled) return current
    return mapped(current, undefined, false, { channels, isFresh: false, end })
  }

  /** Channels after a chain. */
  const channelsIn = (nodes: ReadonlyArray<Node>, before: number): number =>
    nodes.reduce((channels, node) => {
      if (node._tag === "Affine") return node.layer.outputs
      return node._tag === "Residual" ? channelsIn(node.branch, channels) : channels
    }, before)

  const residual = (
    node: Extract<Node, { _tag: "Residual" }>,
    input: Signal,
    channels: number,
    isPositive: boolean,
  ): Signal => {
    const isConstant = input.adjoint.length === 0
    const side: Signal = {
      value: input.value,
      adjoint: isConstant || node.shortcut.length === 0 ? none : numbers(input.value.length / rows),
      gate: undefined,
    }
    stages.push(fork(kernels, space, channels, input, side))
    const addend =
      node.shortcut.length === 0
        ? side
        : connect(node.shortcut, side, channels, { _tag: "Shortcut" })
    const value = numbers(node.width)
    const output: Signal = {
      value,
      adjoint: numbers(node.width),
      gate: isPositive ? value : undefined,
    }
    connect(node.branch, { ...input, gate: undefined }, channels, { _tag: "Join", addend, output })
    addend.adjoint = output.adjoint
    addend.gate = output.gate
    return output
  }

  const value = numbers(inputs)
  const first = all[0]!
  const channels =
    first._tag === "Affine" && first.window !== undefined ? first.window.input.channels : inputs
  const output = connect(all, { value, adjoint: none, gate: undefined }, channels)
  return { rows, input: value, output, stages }
}

export const load = ({ stages }: Frame, x: Float64Array): void => {
  for (let k = 0; k < stages.length; k++) stages[k]!.load(x)
}

export const forward = ({ stages }: Frame, byBatch: boolean): void => {
  for (let k = 0; k < stages.length; k++) stages[k]!.forward(byBatch)
}

/** Adds the gradient of these rows. */
export const backward = ({ stages }: Frame, gradient: Float64Array): void => {
  for (let k = stages.length - 1; k >= 0; k--) stages[k]!.backward(gradient)
}
