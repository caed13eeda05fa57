/**
 * Products with the Hessian block of one layer. They use the subnetwork from this layer on, which reads the outputs of the
 * layers before. Those outputs are computed once.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network, type Network } from "@nonconvex/problems/network/Network"
import { lossOf, type NetworkOnData, type Shape } from "./NetworkOnData.ts"

/** Maximum number of inputs of a layer that are stored, over all samples: a quarter of a gigabyte. */
const mostHeld = 2 ** 25

/** The network as a sequence of blocks. */
const layered = (shape: Shape): Extract<Shape, { readonly _tag: "Layered" }> => {
  if (shape._tag === "Layered") return shape
  const { activation, widths } = shape
  const blocks = widths
    .slice(1)
    .flatMap((width, l) =>
      l === 0 ? [Block.dense(width)] : [Block.activation(activation), Block.dense(width)],
    )
  return { _tag: "Layered", input: { height: 1, width: 1, channels: widths[0]! }, blocks }
}

const isLayer = (block: Block.Block): boolean => {
  switch (block._tag) {
    case "Dense":
    case "Convolution":
    case "Depthwise":
    case "Embedding":
    case "Shift":
    case "Token":
    case "BatchNormalisation":
      return true
    case "FrozenNormalisation":
    case "LayerNormalisation":
      return block.scales || block.shifts
    case "Residual":
      return [...block.branch, ...block.shortcut].some(isLayer)
    default:
      return false
  }
}

/** A network from some block on. */
interface Suffix {
  readonly blocks: ReadonlyArray<Block.Block>
  readonly input: Architecture.Shape
  /** The first of its parameters in the whole network. */
  readonly begin: number
  /** Features that it reads. */
  readonly features: Float64Array
}

/** Makes products for parts, requested in order. A part is the parameters of one layer. */
export const suffixes = (
  input: NetworkOnData,
  kernels: Kernels.Kernels,
): ((part: Architecture.Part) => Operator.Operator) => {
  const { blocks, input: shape } = layered(input.shape)
  const samples = input.features.length / (shape.height * shape.width * shape.channels)
  const loss = lossOf(input)
  const on = ({ blocks: own, features, input: of }: Suffix, end: Loss.Loss) => {
    const architecture = Architecture.layered({ input: of, blocks: own })
    const dimension = architecture.inputs
    return network({ features, dimension, architecture, loss: end, kernels })
  }
  let suffix: Suffix = { blocks, input: shape, begin: 0, features: input.features }
  let objective: Network<Architecture.Architecture> | undefined

  /**
   * Advances to the last block that contains or precedes the part, within the memory for activations; false if already there.
   */
  const advance = (part: Architecture.Part): boolean => {
    for (let next = suffix.blocks.length - 1; next > 0; next--) {
      const before = suffix.blocks.slice(0, next)
      if (!isLayer(suffix.blocks[next]!) || !before.some(isLayer)) continue
      const segment = Architecture.layered({ input: suffix.input, blocks: before })
      const begin = suffix.begin + segment.dimension
      if (begin > part.begin || samples * segment.outputs > mostHeld) continue
      const features = new Float64Array(samples * segment.outputs)
      const own = input.parameters.subarray(suffix.begin, begin)
      const upTo = on({ ...suffix, blocks: before }, Loss.squared(features))
      upTo.predict(own, suffix.features, features)
      const of = before.reduce((at, block) => Architecture.shapeAfter(block, at), suffix.input)
      suffix = { blocks: suffix.blocks.slice(next), input: of, begin, features }
      return true
    }
    return false
  }
  return (part) => {
    if (advance(part)) objective = undefined
    const { hessianVector } = (objective ??= on(suffix, loss))
    const parameters = input.parameters.subarray(suffix.begin)
    const direction = new Float64Array(parameters.length)
    const product = new Float64Array(parameters.length)
    const [from, to] = [part.begin - suffix.begin, part.end - suffix.begin]
    return (v, out) => {
      direction.fill(0)
      direction.set(v, from)
      hessianVector(parameters, direction, product)
      out.set(product.subarray(from, to))
    }
  }
}
