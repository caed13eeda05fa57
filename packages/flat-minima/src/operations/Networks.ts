/** The minimum below a network on data of the user's own, and the certificate of it: long work, as jobs. */
import { operation } from "@nonconvex/problems/Operation"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
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
import { HessianMismatch } from "../certificate/HessianCheck.ts"
import { descend as goDown, End } from "../minima/NewtonDescent.ts"
import { NoMinimumNearby } from "../minima/Settle.ts"
import { CertifiedNetwork, certified, Counted } from "./Certified.ts"

const Numbers = Schema.declare(
  (value: unknown): value is Float64Array => value instanceof Float64Array,
)
const Integers = Schema.declare(
  (value: unknown): value is Int32Array => value instanceof Int32Array,
)

const Blocks = Schema.declare((value: unknown): value is ReadonlyArray<Block.Block> =>
  Array.isArray(value),
)

/** What a network is made of: layers of these widths with the same activation between them, or any blocks. */
export const Shape = Schema.Union([
  Schema.TaggedStruct("FullyConnected", {
    /** From the number of features to the number of outputs. */
    widths: Schema.Array(Schema.Int).check(Schema.isMinLength(2)),
    activation: Schema.Literals(Activation.names),
  }),
  Schema.TaggedStruct("Layered", {
    /** Of a sample. */
    input: Schema.Struct({ height: Count, width: Count, channels: Count }),
    blocks: Blocks,
  }),
])
export type Shape = typeof Shape.Type

/** A network and the data that it was trained on. */
export const NetworkOnData = Schema.Struct({
  shape: Shape,
  /** As its architecture lays them out: layer after layer, weights (row-major, one row an output) before biases. */
  parameters: Numbers,
  /** Row-major, one row a sample. */
  features: Numbers,
  /** Class numbers for the cross entropy, or a value for each output of each sample for the squared or the logistic loss. */
  targets: Schema.Union([Integers, Numbers]),
  /** Whether outputs are logits of the targets, which are from 0 to 1: the loss is the logistic one; default not. */
  isLogistic: Schema.optionalKey(Schema.Boolean),
  seed: Schema.Int,
})
export type NetworkOnData = typeof NetworkOnData.Type

/** The loss of a network on its data, or the gradient of it, is not finite. */
export class LossOverflows extends Schema.TaggedError<LossOverflows>()("LossOverflows", {
  loss: Schema.Number,
}) {
  override get message(): string {
    return `the loss of the network on the data overflows (${this.loss}): it has no minimum to speak of`
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
  Require.length("flat-minima", "parameters", parameters.length, objective.dimension)
  const gradient = new Float64Array(objective.dimension)
  const loss = objective.valueAndGradient(parameters, gradient)
  if (!Number.isFinite(loss) || !(Vector.maxAbs(gradient) < Infinity)) {
    throw new LossOverflows({ loss })
  }
  return objective
}

export const seedOf = (input: NetworkOnData): Seed.Seed => Seed.root(input.seed).child("certify")

const progress = { gradients: Schema.Int, gradientNorm: Schema.Number, loss: Schema.Number }

/** The parameters at the minimum below the network, or at kinks that end the way down; see `descend`. Throws NoMinimumNearby elsewhere. */
export const descend = operation({
  id: "flat-minima/descend",
  input: Schema.Struct({
    ...NetworkOnData.fields,
    /** About so many are taken at the most; a product with the Hessian counts as two. */
    gradients: Count,
    /** The gradient norm at which the minimum is reached. */
    tolerance: Positive,
    /** At kinks, a round that lowers the loss by less than this is the last. */
    negligible: Schema.optionalKey(Positive),
  }),
  output: Schema.Struct({ ...progress, end: End, parameters: Numbers }),
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows, NoMinimumNearby]),
  progress: Schema.Struct(progress),
  run: (input, { kernels, report }) => {
    const { point, ...ended } = goDown(attach(input, kernels), input.parameters, {
      gradients: input.gradients,
      tolerance: input.tolerance,
      ...(input.negligible !== undefined && { negligible: input.negligible }),
      seed: seedOf(input).child("descent"),
      kernels,
      onStep: report,
    })
    if (ended.end === "budget" || ended.end === "not finite") {
      throw new NoMinimumNearby({
        operation: "descend",
        gradientNorm: ended.gradientNorm,
        tolerance: input.tolerance,
        evaluations: input.gradients,
        advice:
          ended.end === "budget"
            ? `the loss got down to ${ended.loss} and was still falling: allow more gradients, or a larger gradient norm`
            : "the loss overflowed on the way",
      })
    }
    return { ...ended, parameters: point }
  },
})

/** The certificate of a network at its parameters. */
export const certifyNetwork = operation({
  id: "flat-minima/certify-network",
  input: Schema.Struct({
    ...NetworkOnData.fields,
    lossTolerance: Positive,
    residualTolerance: Schema.optionalKey(Positive),
  }),
  output: CertifiedNetwork,
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows, HessianMismatch]),
  progress: Counted,
  run: (input, { kernels, report }) => {
    const { lossTolerance, parameters, residualTolerance } = input
    const { found } = certified(attach(input, kernels), parameters, {
      lossTolerance,
      ...(residualTolerance === undefined ? {} : { residualTolerance }),
      seed: seedOf(input),
      kernels,
      report,
    })
    return found
  },
})
