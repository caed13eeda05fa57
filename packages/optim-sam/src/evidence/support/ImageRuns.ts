/** Runs of SGD, SAM and USAM on images, until they interpolate. */
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Transform from "@nonconvex/datasets/Transform"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Count, Positive } from "@nonconvex/problems/Fields"
import * as Figure from "@nonconvex/figures"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Diverged } from "@nonconvex/problems/Diverged"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type { BatchLoss } from "@nonconvex/problems/Objective"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Effect, Schema } from "effect"
import { type Contender, contenders, gradientDescent, methodOf } from "./Contender.ts"

/** Settings of the images, and the list of runs. */
export const settings = {
  /** CIFAR-10 needs a folder of its files. */
  images: Schema.Literals(["fashion-mnist", "cifar-10"]),
  /** Channels of the first convolution; the second has twice as many. */
  channels: Count,
  trainPerClass: Count,
  testPerClass: Count,
  /** Radii of SAM and USAM; SGD is run once for each learning rate. */
  radii: Schema.Array(Positive),
  learningRates: Schema.Array(Positive),
  batchSize: Count,
  /** Training loss at which a run ends. */
  target: Positive,
  /** Epochs after which a run ends in any case. */
  epochs: Count,
  /** Epochs between two evaluations of the training loss. */
  every: Count,
}
const Settings = Schema.Struct(settings)
type Settings = typeof Settings.Type

/** Columns that identify a run, and its results. */
export const columns = {
  method: Schema.Literals(["SGD", "SAM", "USAM"]),
  radius: Schema.Finite,
  learningRate: Positive,
  /** A loss or a gradient that is not finite, or a final training loss no better than chance. */
  diverged: Schema.Boolean,
  /** The training loss is below the target. */
  interpolates: Schema.Boolean,
  epochs: Schema.Int,
  trainLoss: Schema.Number,
  testAccuracy: Schema.Number,
}
const Outcome = Schema.Struct(columns)
type Outcome = typeof Outcome.Type

/** Settings of a network so small, with so few epochs, that they only show that the experiment runs. */
export const smallest = {
  channels: 2,
  trainPerClass: 3,
  testPerClass: 3,
  radii: [0.05],
  learningRates: [0.2],
  batchSize: 10,
  epochs: 4,
  every: 2,
}

/** Number of epochs from which a run can be expected to reach its target. */
export const epochsToTarget = 100

/** Flatness at the end of the runs that reached the target. */
type Flatness = Outcome & { readonly trace: number; readonly topEigenvalue: number }

/** Top eigenvalue for a method relative to that for SGD at the same learning rate, if both reach the target. */
export const relativeToSgd = (
  rows: ReadonlyArray<Flatness>,
  method: Outcome["method"],
): ReadonlyArray<number> => {
  const fitted = rows.filter(({ interpolates }) => interpolates)
  return fitted
    .filter((row) => row.method === method)
    .flatMap(({ learningRate, topEigenvalue: value }) =>
      fitted
        .filter((row) => row.method === "SGD" && row.learningRate === learningRate)
        .map((sgd) => value / sgd.topEigenvalue),
    )
}

/** Accuracies of the runs that did not diverge, and traces of those that reached the target, if any. */
export const figuresOf = <Row extends Flatness>(
  rows: ReadonlyArray<Row>,
  panel: { readonly field: Extract<keyof Row, string>; readonly title: string },
): ReadonlyArray<Figure.Figure> => {
  const series = { field: "method", title: "method" } as const
  return [
    Figure.points<Row>({
      id: "accuracy",
      title: "Test accuracy over radii",
      caption: "Each point is one run that did not diverge; SGD has radius 0.",
      where: { diverged: false } as Partial<Row>,
      x: { field: "radius", title: "radius" },
      y: { field: "testAccuracy", title: "test accuracy" },
      series,
      panel,
    }),
    ...(rows.some(({ interpolates }) => interpolates)
      ? [
          Figure.points<Row>({
            id: "trace",
            title: "Trace of the Hessian when the training loss reaches its target",
            caption: "Each point is one run that reached the target.",
            where: { interpolates: true } as Partial<Row>,
            x: { field: "radius", title: "radius" },
            y: { field: "trace", title: "trace", scale: "log" },
            series,
            panel,
          }),
        ]
      : []),
  ]
}

const classes = 10

export interface Images {
  readonly shape: Architecture.Shape
  readonly train: Float64Array
  readonly trainLabels: ArrayLike<number>
  readonly test: Float64Array
  readonly testLabels: ArrayLike<number>
}

/** Number of images of each class, the first ones; grey images have half the resolution. */
export const imagesOf = Effect.fnUntraced(function* ({
  images,
  testPerClass,
  trainPerClass,
}: Settings) {
  const datasets = yield* Datasets
  const loaded = yield* datasets.load(images, { trainPerClass, testPerClass })
  const { test, train } = Transform.scale01(loaded, [0, 255])
  const isGrey = images === "fashion-mnist"
  const featuresOf = (part: typeof train) => (isGrey ? LabelledImages.halved(part) : part.features)
  const channels = isGrey ? 1 : 3
  const side = Math.sqrt(train.dimension / channels) / (isGrey ? 2 : 1)
  return {
    shape: { height: side, width: side, channels },
    train: featuresOf(train),
    trainLabels: train.target.labels,
    test: featuresOf(test),
    testLabels: test.target.labels,
  } satisfies Images
})

/** Two convolutions, in a residual network a block of two more, and a dense layer; `after` each convolution. */
export const architectureOf = (
  input: Architecture.Shape,
  options: {
    readonly channels: number
    readonly residual: boolean
    readonly after: ReadonlyArray<Block.Block>
  },
) => {
  const { after, channels, residual } = options
  const between = Block.activation("relu")
  const convolution = (of: number, stride: number) => [
    Block.convolution({ channels: of, size: 3, stride, padding: "same" }),
    ...after,
  ]
  const same = convolution(2 * channels, 1)
  return Architecture.layered({
    input,
    blocks: [
      ...convolution(channels, 2),
      between,
      ...convolution(2 * channels, 2),
      ...(residual ? [Block.residual([between, ...same, between, ...same])] : []),
      between,
      Block.flatten,
      Block.dense(classes),
    ],
  })
}

export interface Item {
  readonly contender: Contender
  readonly learningRate: number
}

export const items = ({
  learningRates,
  radii,
}: Pick<Settings, "learningRates" | "radii">): ReadonlyArray<Item> =>
  learningRates.flatMap((learningRate) =>
    [gradientDescent, ...contenders("SAM", radii), ...contenders("USAM", radii)].map(
      (contender) => ({ contender, learningRate }),
    ),
  )

/** The top eigenvalue of a Hessian, to a hundredth. */
export const topEigenvalue = (
  hessian: (v: Float64Array, out: Float64Array) => void,
  options: { readonly dimension: number; readonly seed: Seed.Seed; readonly kernels: Kernels },
): number => Lanczos.topEigenpairs(hessian, { ...options, count: 1, tolerance: 1e-2 }).values[0]!

/**
 * One run, to the target or to the last epoch, with its final point. All runs of a seed have the same start and the same
 * batches.
 */
export const trained = (
  loss: BatchLoss & { readonly architecture: Architecture.Architecture },
  settingsOfRun: Settings,
  { contender, learningRate }: Item,
  seed: Seed.Seed,
  testAccuracy: (point: Float64Array) => number,
): Outcome & { readonly point: Float64Array } => {
  const { batchSize, epochs, every, target } = settingsOfRun
  const batches = Minibatch.shuffled(loss, { batchSize, seed: seed.child("batches") })
  const perEpoch = Math.max(1, Math.floor(loss.size / batchSize))
  const start = Initialisation.he(loss.architecture, seed.child("start"))
  const scratch = new Float64Array(loss.dimension)
  const found = { epoch: 0, loss: Number.NaN, point: start }
  try {
    const method = methodOf(contender, learningRate)
    const steps = { steps: epochs * perEpoch, every: every * perEpoch }
    for (const { state, step } of trajectory(method, batches, start, steps)) {
      found.epoch = Math.ceil(step / perEpoch)
      found.point = state.point
      found.loss = loss.valueAndGradient(state.point, scratch)
      if (!(found.loss >= target)) break
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error
    found.loss = Number.NaN
  }
  const diverged = !(found.loss < Elementary.log(classes))
  return {
    method: contender.method === "GD" ? "SGD" : contender.method,
    radius: contender.radius,
    learningRate,
    diverged,
    interpolates: found.loss < target,
    epochs: found.epoch,
    trainLoss: found.loss,
    testAccuracy: diverged ? Number.NaN : testAccuracy(found.point),
    point: found.point,
  }
}
