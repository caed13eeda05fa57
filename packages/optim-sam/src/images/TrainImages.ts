/** The training of a network on images, in float32 and with batch normalisation. */
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Diverged } from "@nonconvex/problems/Diverged"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import type * as Block from "@nonconvex/problems/network/Block"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { singlePrecision } from "@nonconvex/problems/network/SinglePrecision"
import type { BatchLoss } from "@nonconvex/problems/Objective"
import { operation } from "@nonconvex/problems/Operation"
import { Schema } from "effect"
import * as Model from "../operations/Model.ts"
import * as Quality from "../operations/Quality.ts"
import * as Rate from "../operations/Rate.ts"
import * as Recipe from "../operations/Recipe.ts"
import { Trained } from "../operations/Train.ts"
import { TrainInput } from "../operations/TrainInput.ts"
import * as Normalisations from "./Normalisations.ts"

const {
  activation: _activation,
  sharpness: _sharpness,
  widths: _widths,
  ...measured
} = Trained.fields

const Blocks = Model.Layered.fields.blocks

/** A network whose fixed normalisations follow the batches while it is trained. */
const Shape = Schema.Struct({ ...Model.Layered.fields, normalises: Schema.Literal("by batch") })

const Input = Schema.Struct({ ...TrainInput.fields, shape: Shape })
type Input = typeof Input.Type

/** Rows whose statistics suffice after an epoch; at the end all training rows count. */
const enough = 1000

/** Batches of rows that lie evenly among all of them, so that a file sorted by class has every class in each. */
const batchesOf = (rows: number, size: number, count: number): ReadonlyArray<Uint32Array> =>
  Array.from({ length: count }, (_each, b) =>
    Uint32Array.from({ length: size }, (_row, k) =>
      Math.floor(((k * count + b) * rows) / (count * size)),
    ),
  )

interface OfImages extends Model.Model {
  /** Means over the batches of all rows of their statistics. */
  readonly statistics: (point: Float64Array) => Float64Array
  /** The model whose predictions take these statistics. */
  readonly at: (statistics: Float64Array) => Model.Model
}

const build = (
  { batch, data, shape, start }: Input,
  { kernels, seed }: { readonly kernels: Kernels; readonly seed: Seed.Seed },
): OfImages => {
  const { classes, dimension, train } = data
  const architecture = Architecture.layered({
    input: shape.input,
    blocks: Normalisations.byBatch(shape.blocks),
  })
  const { loss, targetScale } = Model.lossOf(data, architecture, start)
  const features = Float32Array.from(train.features)
  const sum = singlePrecision({ features, dimension, architecture, loss, kernels })
  const size = Math.min(batch, sum.size)
  const whole = batchesOf(sum.size, size, Math.floor(sum.size / size))
  const few = batchesOf(sum.size, size, Math.min(whole.length, Math.ceil(enough / size)))
  const length = Architecture.statisticsLength(architecture)
  const meanOver = (batches: ReadonlyArray<Uint32Array>, point: Float64Array): Float64Array => {
    const [mean, own] = [new Float64Array(length), new Float64Array(length)]
    for (const indices of batches) {
      sum.statistics(indices, point, own)
      Vector.axpy(1 / batches.length, own, mean)
    }
    return mean
  }
  const predictor =
    (statisticsAt: (point: Float64Array) => Float64Array): Model.Model["predict"] =>
    (point, rows, outputs) =>
      sum.predict(point, statisticsAt(point), Float32Array.from(rows), outputs)
  const model: Model.Model = {
    architecture,
    sum,
    methodOf: Recipe.batchMethodOf,
    loss: (point, gradient) => {
      const own = new Float64Array(gradient.length)
      gradient.fill(0)
      let mean = 0
      for (const indices of whole) {
        mean += sum.batchValueAndGradient(indices, point, own) / whole.length
        Vector.axpy(1 / whole.length, own, gradient)
      }
      return mean
    },
    predict: predictor((point) => meanOver(few, point)),
    start:
      start?.parameters.slice() ?? Initialisation.he(architecture, seed.child("initialisation")),
    classes,
    targetScale,
  }
  return {
    ...model,
    statistics: (point) => meanOver(whole, point),
    at: (statistics) => ({ ...model, predict: predictor(() => statistics) }),
  }
}

/**
 * Trains a network of convolutions on images, in float32. Its normalisations take the statistics of each batch while it trains, and
 * their means over the training rows for predictions. Throws Diverged, InvalidInput and ArenaFull.
 *
 * `shape.blocks` are those of the network for predictions, with `Block.frozenNormalisation` where it normalises; the numbers in them
 * are replaced. Curvature is not measured: `certify` of @nonconvex/flat-minima does.
 *
 * @example
 * const features = Float64Array.from({ length: 40 * 9 }, (_, k) => (Math.floor(k / 9) % 2) * (k % 3))
 * const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2)
 * const rows = { features, target: { _tag: "Classes", labels } } as const
 * const normalised = { mean: new Float64Array(2), variance: new Float64Array(2).fill(1) }
 * const { test } = trainImages({
 *   data: { dimension: 9, classes: 2, train: rows, test: rows },
 *   shape: {
 *     input: { height: 3, width: 3, channels: 1 },
 *     blocks: [
 *       Block.convolution({ channels: 2, size: 3, padding: "same", bias: false }),
 *       Block.frozenNormalisation(normalised),
 *       Block.activation("relu"),
 *       Block.flatten,
 *       Block.dense(2),
 *     ],
 *     normalises: "by batch",
 *   },
 *   recipe: { method: "plain", weightDecay: 0 },
 *   epochs: 20,
 *   batch: 10,
 *   seed: 1,
 * })
 * test._tag === "Accuracy" && test.accuracy // => 1
 */
export const trainImages = operation({
  id: "optim-sam/train-images",
  input: Input,
  output: Schema.Struct({
    ...measured,
    /** The network for predictions: its normalisations have the statistics of the training rows. */
    blocks: Blocks,
  }),
  failure: Schema.Union([ArenaFull, Diverged, InvalidInput]),
  progress: Schema.Struct({ epoch: Schema.Int, loss: Schema.Number, test: Quality.Quality }),
  run: (input, { kernels, report }) => {
    const { data, recipe, shape } = input
    const seed = Seed.root(input.seed).child("train")
    const model = build(input, { kernels, seed })
    const constant = Quality.constantLoss(data.train, data.classWeights)
    const { attempt, tooLarge } = Rate.attempted<BatchLoss>({ ...input, lean: true }, model, {
      report,
      seed,
      constant,
    })
    const { point } = attempt
    const statistics = model.statistics(point)
    const final = model.at(statistics)
    const blocks: ReadonlyArray<Block.Block> = Normalisations.fixed(shape.blocks, statistics)
    return {
      ...attempt,
      network: `network ${model.architecture.name} in float32`,
      ...(model.targetScale !== undefined && { targetScale: model.targetScale }),
      base: Recipe.baseOf(recipe),
      constantLoss: constant,
      tooLarge,
      radius: Recipe.radiusOf(recipe),
      train: Quality.measure(final, point, data.train),
      test: Quality.measure(final, point, data.test),
      blocks,
    }
  },
})
