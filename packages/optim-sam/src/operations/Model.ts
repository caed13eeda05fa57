/** Training data and the network on them, with the loss for the type of target. */
import { Count, Float64s, Int32s, Positive } from "@nonconvex/problems/Fields"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import type * as Block from "@nonconvex/problems/network/Block"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import type { Method } from "@nonconvex/problems/Method"
import type { Minibatch } from "@nonconvex/problems/Minibatch"
import { network, type Network } from "@nonconvex/problems/network/Network"
import type { BatchLoss, FiniteSum } from "@nonconvex/problems/Objective"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"
import { Schema } from "effect"
import * as Recipe from "./Recipe.ts"
import { weightedCrossEntropy } from "./WeightedCrossEntropy.ts"

/** One target per row: a class index or a value. */
const Target = Schema.Union([
  Schema.TaggedStruct("Classes", { labels: Int32s }),
  Schema.TaggedStruct("Values", { values: Float64s }),
])

/** Rows of features, row-major, with a target each. */
export const Rows = Schema.Struct({ features: Float64s, target: Target })
export type Rows = typeof Rows.Type

/** Training and test data of a network. */
export const Data = Schema.Struct({
  /** Features of a row. */
  dimension: Count,
  /** Classes of the target; absent for values. */
  classes: Schema.optional(Count),
  train: Rows,
  test: Rows,
  /** Validation rows for early stopping; default none. */
  validation: Schema.optional(Rows),
  /** Cost of an error in each class, relative to the average cost; default 1 for all. */
  classWeights: Schema.optional(Schema.Array(Positive)),
})
export type Data = typeof Data.Type

/** A fully connected network. */
export const Shape = Schema.Struct({
  /** Widths of the hidden layers; none is a linear model. */
  hidden: Schema.Array(Count),
  activation: Schema.Literals(Activation.names),
})
export type Shape = typeof Shape.Type

/** A network of any blocks, on samples of a shape. */
export const Layered = Schema.Struct({
  input: Schema.Struct({ height: Count, width: Count, channels: Count }),
  blocks: Schema.declare((value: unknown): value is ReadonlyArray<Block.Block> =>
    Array.isArray(value),
  ),
})
export type Layered = typeof Layered.Type

/** Start of a continued training. */
export const Start = Schema.Struct({
  parameters: Float64s,
  /** Scaling of the targets for the network; default the scaling of the training part. */
  targetScale: Schema.optional(Schema.Struct({ shift: Schema.Finite, scale: Schema.Finite })),
})
export type Start = typeof Start.Type

/** A network that can be trained on batches, and asked for predictions. */
export interface Model<Of extends BatchLoss = BatchLoss> {
  readonly architecture: Architecture.Architecture
  /** The mean training loss. */
  readonly sum: Of
  /** The method of a recipe on its batches, over `steps` steps. */
  readonly methodOf: (
    recipe: Recipe.Rated,
    steps: number,
  ) => Method<SharpnessAwareState, Minibatch<Of>>
  /** Returns the loss of all training rows, and writes its gradient. */
  readonly loss: (point: Float64Array, gradient: Float64Array) => number
  /** Exact trace of the Hessian of that loss, if there is a formula. */
  readonly trace?: (point: Float64Array) => number
  /** Writes the outputs for rows that are scaled as the training rows were. */
  readonly predict: (point: Float64Array, features: Float64Array, outputs: Float64Array) => void
  readonly start: Float64Array
  readonly classes: number | undefined
  /** Scaling of the targets for the network: mean 0 and deviation 1 on the training part. */
  readonly targetScale: Standardisation.Standardisation | undefined
}

/** A network whose samples do not depend on each other. */
export interface OfSamples extends Model<FiniteSum> {
  readonly network: Network<Architecture.Architecture>
}

/** Tests whether units may die. */
export const hasRelu = (architecture: Architecture.Architecture): boolean =>
  Architecture.activations(architecture).includes("relu")

const architectureOf = (
  { classes, dimension }: Data,
  shape: Shape | Layered,
): Architecture.Architecture => {
  if ("blocks" in shape) return Architecture.layered(shape)
  const { activation, hidden } = shape
  return Architecture.make({
    widths: [dimension, ...hidden, classes ?? 1],
    activation: hidden.length === 0 ? "identity" : activation,
  })
}

/** Cross entropy; of a single output, which is the logit of class 1 against class 0, the logistic loss. Throws InvalidInput on weights there. */
const lossOfClasses = (
  { outputs }: Architecture.Architecture,
  labels: Int32Array,
  classWeights: ReadonlyArray<number> | undefined,
): Loss.Loss => {
  if (outputs === 1) {
    if (classWeights === undefined) return Loss.logistic(Float64Array.from(labels))
    invalid("train", "class weights require a network with one output per class", {
      outputs,
    })
  }
  return classWeights === undefined
    ? Loss.crossEntropy(labels)
    : weightedCrossEntropy(labels, classWeights)
}

/** The loss for the targets of the training rows, and the scaling of values. Throws InvalidInput. */
export const lossOf = (
  { classWeights, train: { target } }: Data,
  architecture: Architecture.Architecture,
  start: Start | undefined,
): Pick<Model, "targetScale"> & { readonly loss: Loss.Loss } => {
  if (target._tag === "Classes") {
    return {
      loss: lossOfClasses(architecture, target.labels, classWeights),
      targetScale: undefined,
    }
  }
  const { scale, shift } = start?.targetScale ?? Standardisation.of(target.values)
  return {
    loss: Loss.squared(target.values.map((value: number) => (value - shift) / scale)),
    targetScale: { shift, scale },
  }
}

/** Builds the network on the training rows, with the parameters of `start`, or draws its first ones. Throws InvalidInput. */
export const build = (
  data: Data,
  shape: Shape | Layered,
  {
    kernels,
    seed,
    start,
  }: { readonly kernels: Kernels; readonly seed: Seed.Seed; readonly start?: Start | undefined },
): OfSamples => {
  const { classWeights, classes, dimension, train } = data
  const { features } = train
  const architecture = architectureOf(data, shape)
  const { loss, targetScale } = lossOf(data, architecture, start)
  // of shallow networks on tables He's weights, some times as large, fit the noise: on sets that were drawn for it, not those of the README
  const initial = hasRelu(architecture) ? Initialisation.scattered : Initialisation.glorot
  if (start !== undefined) {
    Require.array("train", "start", start.parameters, architecture.dimension)
  }
  const made = network({ features, dimension, architecture, loss, kernels })
  // its exact trace is that of the loss without weights
  const { exactTrace: _exact, hessianTrace, ...withoutTrace } = made
  const isWeighted = classWeights !== undefined
  const weighted = isWeighted ? withoutTrace : made
  return {
    architecture,
    network: weighted,
    sum: weighted,
    methodOf: Recipe.methodOf,
    loss: (point, gradient) => weighted.valueAndGradient(point, gradient),
    ...(hessianTrace && !isWeighted && { trace: hessianTrace.value }),
    predict: (point, rows, outputs) => weighted.predict(point, rows, outputs),
    start: start?.parameters.slice() ?? initial(architecture, seed.child("initialisation")),
    classes,
    targetScale,
  }
}
