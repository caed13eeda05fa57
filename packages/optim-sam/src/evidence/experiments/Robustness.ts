/** How wide is the range of radii and learning rates in which SGD, SAM and USAM interpolate, and test well? */
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Transform from "@nonconvex/datasets/Transform"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { Count, Positive } from "@nonconvex/evidence/Fields"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Diverged } from "@nonconvex/problems/Diverged"
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { network, type Network } from "@nonconvex/problems/network/Network"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Effect, Schema } from "effect"
import { type Contender, contenders, gradientDescent, methodOf } from "../support/Contender.ts"
import { derived } from "../support/Paper.ts"

const Config = Schema.Struct({
  /** CIFAR-10 needs a folder of its files. */
  images: Schema.Literals(["fashion-mnist", "cifar-10"]),
  network: Schema.Literals(["convolutional", "residual"]),
  /** Channels of the first convolution; the second has twice as many. */
  channels: Count,
  trainPerClass: Count,
  testPerClass: Count,
  /** Of SAM and USAM; SGD is run once for each learning rate. */
  radii: Schema.Array(Positive),
  learningRates: Schema.Array(Positive),
  batchSize: Count,
  /** A run ends where the training loss is below this. */
  target: Positive,
  /** It ends here too. */
  epochs: Count,
  /** Epochs between two looks at the training loss. */
  every: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  method: Schema.Literals(["SGD", "SAM", "USAM"]),
  radius: Schema.Finite,
  learningRate: Positive,
  /** A loss or a gradient that is not finite, or a training loss at the end that is no better than that of guessing. */
  diverged: Schema.Boolean,
  /** The training loss is below the target. */
  interpolates: Schema.Boolean,
  epochs: Schema.Int,
  trainLoss: Schema.Number,
  testAccuracy: Schema.Number,
  /** Of the Hessian of the training loss, exactly; of a run that interpolates. */
  trace: Schema.Number,
  topEigenvalue: Schema.Number,
})
type Row = typeof Row.Type

const classes = 10

interface Images {
  readonly shape: Architecture.Shape
  readonly train: Float64Array
  readonly trainLabels: ArrayLike<number>
  readonly test: Float64Array
  readonly testLabels: ArrayLike<number>
}

/** The first so many images of each class; grey ones at half the resolution. */
const imagesOf = Effect.fnUntraced(function* ({ images, testPerClass, trainPerClass }: Config) {
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

const architectureOf = ({ channels, network: kind }: Config, input: Architecture.Shape) => {
  const between = Block.activation(Activation.relu)
  const convolution = (of: number, stride: number) =>
    Block.convolution({ channels: of, size: 3, stride, padding: "same" })
  const second =
    kind === "convolutional"
      ? [convolution(2 * channels, 2), between]
      : [
          convolution(2 * channels, 2),
          Block.residual([
            between,
            convolution(2 * channels, 1),
            between,
            convolution(2 * channels, 1),
          ]),
          between,
        ]
  return Architecture.layered({
    input,
    blocks: [convolution(channels, 2), between, ...second, Block.flatten, Block.dense(classes)],
  })
}

const curvature = (
  objective: Network<Architecture.Architecture>,
  point: Float64Array,
  seed: Seed.Seed,
  kernels: Kernels,
) => {
  const hessian = (v: Float64Array, out: Float64Array) => objective.hessianVector(point, v, out)
  const top = Lanczos.topEigenpairs(hessian, {
    dimension: objective.dimension,
    count: 1,
    seed,
    tolerance: 1e-2,
    kernels,
  })
  return { trace: objective.exactTrace!(point).trace, topEigenvalue: top.values[0]! }
}

interface Item {
  readonly contender: Contender
  readonly learningRate: number
}

const unknown = { trace: Number.NaN, topEigenvalue: Number.NaN }

/** One run, to the target or to the last epoch. All runs of a seed have the same start and the same batches. */
const trained = (
  data: Images,
  config: Config,
  { contender, learningRate }: Item,
  { kernels, seed }: { readonly kernels: Kernels; readonly seed: Seed.Seed },
): Omit<Row, "learningRate" | "method" | "radius"> => {
  const { batchSize, epochs, every, target } = config
  const architecture = architectureOf(config, data.shape)
  const objective = network({
    features: data.train,
    dimension: architecture.inputs,
    architecture,
    loss: Loss.crossEntropy(data.trainLabels),
    kernels,
  })
  const batches = Minibatch.shuffled(objective, { batchSize, seed: seed.child("batches") })
  const perEpoch = Math.max(1, Math.floor(objective.size / batchSize))
  const start = Initialisation.he(architecture, seed.child("start"))
  const scratch = new Float64Array(objective.dimension)
  const found = { epoch: 0, loss: Number.NaN, point: start }
  try {
    const method = methodOf(contender, learningRate)
    const steps = { steps: epochs * perEpoch, every: every * perEpoch }
    for (const { state, step } of trajectory(method, batches, start, steps)) {
      found.epoch = Math.ceil(step / perEpoch)
      found.point = state.point
      found.loss = objective.valueAndGradient(state.point, scratch)
      if (!(found.loss >= target)) break
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error
    found.loss = Number.NaN
  }
  const interpolates = found.loss < target
  const diverged = !(found.loss < Elementary.log(classes))
  return {
    diverged,
    interpolates,
    epochs: found.epoch,
    trainLoss: found.loss,
    testAccuracy: diverged
      ? Number.NaN
      : objective.accuracy(found.point, data.test, data.testLabels),
    ...(interpolates
      ? curvature(objective, found.point, seed.child("eigenvalue"), kernels)
      : unknown),
  }
}

const reference: Config = {
  images: "fashion-mnist",
  network: "convolutional",
  channels: 8,
  trainPerClass: 20,
  testPerClass: 100,
  radii: [0.05, 0.2, 0.8],
  learningRates: [0.2, 0.4, 0.8],
  batchSize: 20,
  target: 1e-3,
  epochs: 300,
  every: 5,
}

/** Fewer epochs show that it runs, and nothing else. */
const goesOn = 100

/** Top eigenvalues at radius 0.2 relative to those of SGD, at each learning rate at which both reach the target. */
const flatter = (rows: ReadonlyArray<Row>, method: Row["method"]): ReadonlyArray<number> =>
  rows
    .filter((row) => row.method === method && row.radius === 0.2 && row.interpolates)
    .flatMap(({ learningRate, topEigenvalue }) => {
      const sgd = rows.find(
        (row) => row.method === "SGD" && row.learningRate === learningRate && row.interpolates,
      )
      return sgd === undefined ? [] : [topEigenvalue / sgd.topEigenvalue]
    })

const colours = { field: "method", title: "method" } as const

export const robustness = Experiment.table({
  id: "optim-sam/robustness",
  title: "Robustness to radius and learning rate, where the training loss is below a target",
  source: derived("after the experiments on images (as recalled), in a setting of ours"),
  question:
    "A convolutional network that fits its images: for which radii and learning rates do SGD, SAM and USAM get there, how accurate are they then, and how flat is where they are?",
  paperScale:
    "The paper trains a ResNet-18 with batch normalisation on CIFAR-10 (as recalled); this is a small convolutional network without normalisation on a part of Fashion-MNIST.",
  config: Config,
  columns: Row,
  presets: {
    smoke: {
      ...reference,
      channels: 2,
      trainPerClass: 3,
      testPerClass: 3,
      radii: [0.05],
      learningRates: [0.2],
      batchSize: 10,
      epochs: 4,
      every: 2,
    },
    fast: {
      ...reference,
      channels: 4,
      trainPerClass: 5,
      learningRates: [0.4],
      radii: [0.2],
      target: 0.01,
      epochs: 200,
    },
    paper: {
      ...reference,
      trainPerClass: 100,
      learningRates: [0.05, 0.1, 0.2, 0.4],
      radii: [0.02, 0.05, 0.1, 0.2, 0.5],
      batchSize: 50,
      epochs: 300,
    },
  },
  cases: ({ learningRates, radii }) =>
    learningRates.flatMap((learningRate) =>
      [gradientDescent, ...contenders("SAM", radii), ...contenders("USAM", radii)].map(
        (contender): Item => ({ contender, learningRate }),
      ),
    ),
  prepare: ({ config }) => imagesOf(config),
  row: (item, { config, kernels, seed, shared }) => ({
    method: item.contender.method === "GD" ? ("SGD" as const) : item.contender.method,
    radius: item.contender.radius,
    learningRate: item.learningRate,
    ...trained(shared, config, item, { kernels, seed }),
  }),
  figures: (rows) => [
    Figure.points<Row>({
      id: "accuracy",
      title: "Test accuracy over radii",
      caption: "One point a run that did not diverge; SGD has radius 0.",
      where: { diverged: false },
      x: { field: "radius", title: "radius" },
      y: { field: "testAccuracy", title: "test accuracy" },
      series: colours,
      panel: { field: "learningRate", title: "learning rate" },
    }),
    ...(rows.some(({ interpolates }) => interpolates)
      ? [
          Figure.points<Row>({
            id: "trace",
            title: "Trace of the Hessian where the training loss reaches its target",
            caption: "One point a run that reached the target.",
            where: { interpolates: true },
            x: { field: "radius", title: "radius" },
            y: { field: "trace", title: "trace", scale: "log" },
            series: colours,
            panel: { field: "learningRate", title: "learning rate" },
          }),
        ]
      : []),
  ],
  expectations: (rows, { epochs }) =>
    epochs < goesOn
      ? []
      : [
          Expectation.atMost(
            "top eigenvalue where SAM with radius 0.2 reaches the target, relative to where SGD does at the same learning rate",
            flatter(rows, "SAM"),
            0.4,
            { control: "USAM, which does not normalise", observed: flatter(rows, "USAM") },
          ),
        ],
})
