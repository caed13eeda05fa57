/** A network and its training data, as plain data. */
import { Count, Float64s, Int32s } from "@nonconvex/problems/Fields"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import type * as Block from "@nonconvex/problems/network/Block"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network, type Network } from "@nonconvex/problems/network/Network"
import { Schema } from "effect"

const Blocks = Schema.declare((value: unknown): value is ReadonlyArray<Block.Block> =>
  Array.isArray(value),
)

/** Architecture: layers of these widths with the same activation between them, or a list of blocks. */
export const Shape = Schema.Union([
  Schema.TaggedStruct("FullyConnected", {
    /** Widths from the number of features to the number of outputs. */
    widths: Schema.Array(Schema.Int).check(Schema.isMinLength(2)),
    activation: Schema.Literals(Activation.names),
  }),
  Schema.TaggedStruct("Layered", {
    /** Shape of a sample. */
    input: Schema.Struct({ height: Count, width: Count, channels: Count }),
    blocks: Blocks,
  }),
])
export type Shape = typeof Shape.Type

/** A network and its training data. */
export const NetworkOnData = Schema.Struct({
  shape: Shape,
  /** In the order of the architecture: layer after layer, weights (row-major, one row per output) before biases. */
  parameters: Float64s,
  /** Row-major, one row per sample. */
  features: Float64s,
  /** Class numbers for the cross entropy, or one value per output and sample for the squared or the logistic loss. */
  targets: Schema.Union([Int32s, Float64s]),
  /** True if outputs are logits and targets lie in 0 to 1, with the logistic loss; default false. */
  isLogistic: Schema.optionalKey(Schema.Boolean),
  seed: Schema.Int,
})
export type NetworkOnData = typeof NetworkOnData.Type

/** The loss of a network on its data, or its gradient, is not finite. */
export class LossOverflows extends Schema.TaggedError<LossOverflows>()("LossOverflows", {
  loss: Schema.Number,
}) {
  override get message(): string {
    return `the loss of the network on the data overflows (${this.loss}); use an earlier checkpoint`
  }
}

/** The loss of the outputs against the targets. */
export const lossOf = ({ isLogistic = false, targets }: NetworkOnData): Loss.Loss => {
  if (targets instanceof Int32Array) return Loss.crossEntropy(targets)
  return isLogistic ? Loss.logistic(targets) : Loss.squared(targets)
}

/** The network as an objective. Throws InvalidInput on shapes that do not fit, and LossOverflows. */
export const attach = (
  input: NetworkOnData,
  kernels: Kernels.Kernels,
): Network<Architecture.Architecture> => {
  const { features, parameters, shape } = input
  const architecture =
    shape._tag === "Layered" ? Architecture.layered(shape) : Architecture.make(shape)
  const objective = network({
    features,
    dimension: architecture.inputs,
    architecture,
    loss: lossOf(input),
    kernels,
  })
  Require.array("flat-minima", "parameters", parameters, objective.dimension)
  const gradient = new Float64Array(objective.dimension)
  const loss = objective.valueAndGradient(parameters, gradient)
  if (!Number.isFinite(loss) || !(Vector.maxAbs(gradient) < Infinity)) {
    throw new LossOverflows({ loss })
  }
  return objective
}

export const seedOf = (input: NetworkOnData): Seed.Seed => Seed.root(input.seed).child("certify")
