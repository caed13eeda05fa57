import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { type Architecture, statisticsLength, widest } from "../../network/Architecture.ts"
import { attention } from "./Attention.ts"
import { dense } from "./Dense.ts"
import { depthwise } from "./Depthwise.ts"
import { elementwise } from "./Elementwise.ts"
import { embedding, fork, join, position, shift, token } from "./Sequence.ts"
import { frozenNormalisation } from "./Frozen.ts"
import { batchNormalisation, layerNormalisation } from "./Normalise.ts"
import { patches } from "./Patches.ts"
import { averagePool, maxPool } from "./Pool.ts"
import { adjoints, constant, isConstant, own, plain, signal, type Signal, slice } from "./Signal.ts"
import type { Stage } from "./Stage.ts"
import type { Node } from "./Nodes.ts"
import { everyNode } from "./Placement.ts"

/** A network laid out in memory for batches of up to `capacity` rows. */
export interface Memory {
  readonly capacity: number
  readonly parameters: Signal
  /** Statistics of the batch normalisations, in order: the means, then the variances of each. */
  readonly statistics: Float64Array
  /** The network on exactly `rows` rows; created at the first call with that number, in the memory that all share. */
  readonly frame: (rows: number) => Frame
  /**
   * The network on these rows of inputs, with its own values and adjoints, which stay until it is run again. Only the
   * tangents are shared.
   */
  readonly keep: (input: Float64Array) => Frame
}

/** A network on a fixed number of rows. */
export interface Frame {
  readonly rows: number
  readonly input: Float64Array
  readonly output: Signal
  /** From input to output. */
  readonly stages: ReadonlyArray<Stage>
}

/** Sets the parameters of the network. Throws InvalidInput on a wrong length. */
export const setParameters = ({ parameters }: Memory, x: Float64Array): void => {
  Require.length("network", "x", x.length, parameters.value.length)
  parameters.value.set(x)
}

/** Samples that pass through the layers together; a larger batch is split. */
const largestBatch = 256

/** Numbers of one signal that pass together: 16 MiB. */
const largestSignal = 2 ** 21

/** The same of a network with convolutions, whose passes take their time in the memory: 1 MiB, which the caches hold. */
const largestImages = 2 ** 17

/** Cached values and adjoints between two products: 128 MiB, and as much for slopes. */
const largestKept = 2 ** 24

/** Count of the numbers per sample in the network other than its input, with convolution windows expanded. */
const numbersOf = ({ nodes }: Architecture): number =>
  everyNode(nodes).reduce(
    (sum, node) =>
      sum +
      node.width +
      (node._tag === "Affine" && node.window !== undefined
        ? node.positions * node.layer.inputs
        : 0) +
      (node._tag === "Attention" ? node.heads.heads * node.positions * node.positions : 0),
    0,
  )

/** Tests whether the buffers of a linearisation at all of `size` rows fit. */
export const canKeep = (architecture: Architecture, size: number): boolean =>
  2 * size * numbersOf(architecture) <= largestKept

const hasWindows = ({ nodes }: Architecture): boolean =>
  everyNode(nodes).some(
    (node) => node._tag === "Depthwise" || (node._tag === "Affine" && node.window !== undefined),
  )

/** The capacity for batches of up to `size` rows: fewer rows where the windows of a convolution are many. */
export const capacityFor = (architecture: Architecture, size: number): number => {
  const largest = hasWindows(architecture) ? largestImages : largestSignal
  return Math.max(1, Math.min(largestBatch, size, Math.floor(largest / widest(architecture))))
}

/** Most bytes of a network in a memory of the kernels: 1 GiB. */
const largestOwn = 2 ** 30

/**
 * Kernels for a network, with a function that makes its arrays. Those of a network with convolutions lie in a memory of the
 * kernels of their own, so that no product copies them.
 */
const spaceFor = (
  given: Kernels.Kernels,
  architecture: Architecture,
  capacity: number,
  kept: number,
) => {
  const { dimension, inputs, nodes } = architecture
  // a signal has four numbers for each, and an activation two more; of what is kept each has four
  const shared = 6 * (capacity * (inputs + numbersOf(architecture)) + dimension)
  const keeping = 4 * kept * numbersOf(architecture)
  // each array begins at a cache line
  const arrays = 16 * everyNode(nodes).length * (1 + Math.ceil(kept / capacity))
  const bytes = 8 * (shared + keeping) + 64 * arrays + 2 ** 20
  if (given.worksInPlace || bytes > largestOwn || !hasWindows(architecture)) {
    return { kernels: given, numbers: plain }
  }
  const kernels = given.withCapacity(bytes)
  return { kernels, numbers: (length: number) => kernels.arena.f64(length) }
}

export const memory = (
  given: Kernels.Kernels,
  architecture: Architecture,
  capacity: number,
  {
    byBatch = true,
    kept = 0,
  }: {
    /** True if batch normalisations use the statistics of the rows, instead of stored ones; default true. */
    readonly byBatch?: boolean
    /** Number of rows that `keep` will get; default 0. */
    readonly kept?: number
  } = {},
): Memory => {
  const { inputs, nodes } = architecture
  const { kernels, numbers } = spaceFor(given, architecture, capacity, kept)
  const parameters = signal(architecture.dimension, numbers)
  const statistics = new Float64Array(statisticsLength(architecture))
  const batch = numbers(capacity * inputs)
  /** Signals for `capacity` rows, in the order in which frames request them, which is the same for all. */
  const store: Array<Signal> = []
  /** Numbers of stages between two passes, likewise. */
  const scratch: Array<Float64Array> = []

  const make = (rows: number, data: Float64Array, isKept: boolean): Frame => {
    const stages: Array<Stage> = []
    let taken = 0
    let used = 0
    /** Numbers for a stage, which stay until the frame is run again. */
    const space = (length: number): Float64Array =>
      isKept
        ? numbers(length)
        : (scratch[used++] ??= numbers((capacity * length) / rows)).subarray(0, length)
    const take = (width: number): Signal => {
      const common = slice((store[taken++] ??= signal(capacity * width, numbers)), 0, rows * width)
      return isKept ? { ...common, ...own(rows * width, numbers) } : common
    }
    /** The same values with adjoints of their own. */
    const twin = ({ tangent, value }: Signal): Signal => {
      const width = value.length / rows
      const common = slice(
        (store[taken++] ??= adjoints(capacity * width, numbers)),
        0,
        value.length,
      )
      return { ...common, ...(isKept && own(value.length, numbers)), value, tangent }
    }

    const connect = (node: Node, input: Signal): Signal => {
      if (node._tag === "Residual") {
        const [left, right] = [twin(input), twin(input)]
        stages.push(fork(input, left, right))
        const branch = node.branch.reduce((current, next) => connect(next, current), left)
        const shortcut = node.shortcut.reduce((current, next) => connect(next, current), right)
        const output = take(node.width)
        stages.push(join(branch, shortcut, output))
        return output
      }
      if (node._tag === "Affine") {
        const { layer, positions, window } = node
        let rowsOf = input
        if (window !== undefined) {
          const width = positions * layer.inputs
          rowsOf = isConstant(input) ? constant(take(width).value) : take(width)
          stages.push(patches(window, input, rowsOf))
        }
        const output = take(node.width)
        stages.push(dense(kernels, layer, parameters, rowsOf, output, { positions, space }))
        return output
      }
      const output = take(node.width)
      if (node._tag === "Depthwise") {
        stages.push(depthwise(node.layer, node.window, parameters, input, output))
      } else if (node._tag === "Activation") {
        stages.push(elementwise(kernels, node.activation, input, output, space))
      } else if (node._tag === "BatchNormalisation") {
        const all = { parameters, statistics }
        stages.push(batchNormalisation(node.normalisation, all, byBatch, input, output))
      } else if (node._tag === "FrozenNormalisation") {
        stages.push(frozenNormalisation(node.normalisation, parameters, input, output, node.width))
      } else if (node._tag === "LayerNormalisation") {
        stages.push(layerNormalisation(node, parameters, input, output))
      } else if (node._tag === "Attention") {
        stages.push(attention(node, input, output, space))
      } else if (node._tag === "Embedding") {
        stages.push(embedding(node, parameters, input, output))
      } else if (node._tag === "Shift") {
        stages.push(shift(node, parameters, input, output))
      } else if (node._tag === "Token") {
        stages.push(token(node, parameters, input, output))
      } else if (node._tag === "Position") {
        stages.push(position(node, input, output))
      } else if (node._tag === "MaxPool") stages.push(maxPool(node.window, input, output))
      else stages.push(averagePool(node, input, output))
      return output
    }

    // where no layer reads the data first, they are a signal like others, with a tangent that stays 0
    const readsData = ["Affine", "Depthwise", "Embedding"].includes(nodes[0]!._tag)
    const start = readsData ? constant(data) : { ...take(inputs), value: data }
    const output = nodes.reduce((current, node) => connect(node, current), start)
    return { rows, input: data, output, stages }
  }
  const frames = new Map<number, Frame>()
  return {
    capacity,
    parameters,
    statistics,
    frame: (rows) => {
      const known = frames.get(rows)
      if (known !== undefined) return known
      const frame = make(rows, batch.subarray(0, rows * inputs), false)
      frames.set(rows, frame)
      return frame
    },
    keep: (features) => make(features.length / inputs, features, true),
  }
}

export const forward = ({ stages }: Frame): void => {
  for (let k = 0; k < stages.length; k++) stages[k]!.forward()
}

export const forwardTangent = ({ stages }: Frame): void => {
  for (let k = 0; k < stages.length; k++) stages[k]!.forwardTangent()
}

/** Propagates the adjoint of the output back through the stages, and calls the visitor at each before going further. */
export const sweep = ({ stages }: Frame, visit: (stage: Stage) => void = () => undefined): void => {
  for (let k = stages.length - 1; k >= 0; k--) {
    visit(stages[k]!)
    stages[k]!.backward()
  }
}

/** Adds the gradient of these rows to the parameters' adjoint. */
export const backward = ({ stages }: Frame): void => {
  for (let k = stages.length - 1; k >= 0; k--) {
    stages[k]!.accumulate()
    stages[k]!.backward()
  }
}

/** Adds the Hessian-vector product of these rows to the tangent of the parameters' adjoint; all adjoints must be there. */
export const backwardTangent = ({ stages }: Frame): void => {
  for (let k = stages.length - 1; k >= 0; k--) stages[k]!.backwardTangent()
}
