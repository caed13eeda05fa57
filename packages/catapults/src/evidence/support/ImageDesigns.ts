/** Networks on square grey images, each with a normal start and in the NTK parametrisation. */
import { Count } from "@nonconvex/problems/Fields"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import { Schema } from "effect"
import type { Model } from "../../network/Model.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { type BatchRun, layeredDescent } from "./LayeredDescent.ts"
import { layeredModel } from "./LayeredModel.ts"

/** A network: the hidden widths of a fully connected one, or what its convolutions have. */
export const Design = Schema.Union([
  Schema.NonEmptyArray(Count),
  Schema.Struct({ kind: Schema.Literal("convolutional"), channels: Count, layers: Count }),
  Schema.Struct({ kind: Schema.Literal("residual"), channels: Count, blocks: Count }),
])
export type Design = typeof Design.Type

type Convolved = Exclude<Design, ReadonlyArray<number>>

const isFullyConnected = (design: Design): design is Exclude<Design, Convolved> =>
  Array.isArray(design)

/** `64-64`, `convolutional, 8 channels, 2 layers`. */
export const nameOf = (design: Design): string => {
  if (isFullyConnected(design)) return design.join("-")
  return design.kind === "convolutional"
    ? `convolutional, ${design.channels} channels, ${design.layers} layers`
    : `residual, ${design.channels} channels, ${design.blocks} blocks`
}

const many = (count: number, blocks: ReadonlyArray<Block.Block>): ReadonlyArray<Block.Block> =>
  Array.from({ length: count }, () => blocks).flat()

/** Three-by-three convolutions; the first layer has stride 2, and a dense layer reads all outputs of the last. */
const architectureOf = (design: Convolved, inputs: number): Architecture.Architecture => {
  const between = Block.activation("relu")
  const convolution = (stride: number) =>
    Block.convolution({ channels: design.channels, size: 3, stride, padding: "same" })
  const further =
    design.kind === "convolutional"
      ? many(design.layers - 1, [convolution(1), between])
      : many(design.blocks, [Block.residual([convolution(1), between, convolution(1)]), between])
  const side = Math.sqrt(inputs)
  return Architecture.layered({
    input: { height: side, width: side, channels: 1 },
    blocks: [convolution(2), between, ...further, Block.flatten, Block.dense(1)],
    bias: false,
  })
}

/** Network of a design on images, with a fresh copy of its initial parameters. */
export const designed = (
  design: Design,
  { features, inputs }: { readonly features: Float64Array; readonly inputs: number },
  seed: Seed.Seed,
  kernels: Kernels,
): { readonly model: Model; readonly parameters: Float64Array } => {
  if (isFullyConnected(design)) {
    const architecture = ntkArchitecture({ widths: [inputs, ...design] })
    const model = ntkNetwork({ architecture, features, kernels })
    return { model, parameters: model.place(normalStart(architecture, seed)) }
  }
  const architecture = architectureOf(design, inputs)
  return {
    model: layeredModel({ architecture, features, kernels }),
    parameters: RandomStream.make(seed).normals(architecture.dimension),
  }
}

/**
 * SGD of a design on the mean squared error, from the start given by `designed`. Networks with one hidden layer move in
 * sample space, convolutional ones by batch gradients. Throws InvalidInput on a fully connected design of more layers.
 */
export const descended = (
  design: Design,
  images: { readonly features: Float64Array; readonly labels: Float64Array },
  seed: Seed.Seed,
  kernels: Kernels,
): BatchRun => {
  const { features, labels } = images
  const inputs = features.length / labels.length
  if (isFullyConnected(design)) {
    const architecture = ntkArchitecture({ widths: [inputs, ...design] })
    const start = normalStart(architecture, seed)
    return sampleDescent({ architecture, features, loss: meanSquared(labels), start, kernels })
  }
  const architecture = architectureOf(design, inputs)
  const start = RandomStream.make(seed).normals(architecture.dimension)
  return layeredDescent({ architecture, features, labels, start, kernels })
}
