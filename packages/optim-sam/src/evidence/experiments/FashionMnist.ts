/** On real images: accuracy of SGD, SAM and USAM, and curvature of the minima that they find. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Transform from "@nonconvex/datasets/Transform"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { hutchinson } from "@nonconvex/numerics/Hutchinson"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Diverged } from "@nonconvex/problems/Diverged"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { trajectory } from "@nonconvex/problems/Trajectory"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { type Network, network } from "@nonconvex/problems/network/Network"
import { Effect, Schema } from "effect"
import {
  Contender,
  contenders,
  gradientDescent,
  isOf,
  label,
  methodOf,
} from "../support/Contender.ts"
import * as Contenders from "../support/Contender.ts"
import { derived } from "../support/Paper.ts"
import * as Elementary from "@nonconvex/numerics/Elementary"

const Config = Schema.Struct({
  methods: Schema.Array(Contender),
  /** Runs of every method; run k has the same start and the same shuffles for all methods. */
  seeds: Count,
  /** Widths of the hidden layers. */
  hidden: Schema.Array(Count),
  learningRate: Positive,
  batchSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
  epochs: Count,
  /** Random probes for the trace of the Hessian. */
  probes: AtLeastTwo,
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  ...Contenders.columns,
  run: Schema.Int,
  diverged: Schema.Boolean,
  trainLoss: Schema.Number,
  testAccuracy: Schema.Number,
  topEigenvalue: Schema.Number,
  trace: Schema.Number,
  traceError: Schema.Number,
})

type Row = typeof Row.Type

/** The first 100 of each class, and 100 others, at half the resolution. */
const images = Effect.gen(function* () {
  const datasets = yield* Datasets
  const { test, train } = Transform.scale01(
    yield* datasets.load("fashion-mnist", { trainPerClass: 100, testPerClass: 100 }),
  )
  return {
    inputs: train.dimension / 4,
    train: LabelledImages.halved(train),
    trainLabels: train.target.labels,
    test: LabelledImages.halved(test),
    testLabels: test.target.labels,
  }
})

type Images = Effect.Success<typeof images>

const curvature = (
  objective: Network,
  point: Float64Array,
  {
    kernels,
    probes,
    seed,
  }: { readonly kernels: Kernels; readonly probes: number; readonly seed: Seed.Seed },
) => {
  const hessian = (v: Float64Array, out: Float64Array) => objective.hessianVector(point, v, out)
  const { dimension } = objective
  const top = Lanczos.topEigenpairs(hessian, {
    dimension,
    count: 1,
    seed: seed.child("eigenvalue"),
    tolerance: 1e-3,
    kernels,
  })
  const trace = hutchinson(hessian, { dimension, probes, seed: seed.child("trace") })
  return { topEigenvalue: top.values[0]!, trace: trace.estimate, traceError: trace.standardError }
}

const unknown = {
  trainLoss: Number.NaN,
  testAccuracy: Number.NaN,
  topEigenvalue: Number.NaN,
  trace: Number.NaN,
  traceError: Number.NaN,
}

/** One run: training, then measurement on the whole training set. Throws Diverged. */
const trained = (
  data: Images,
  config: Config,
  contender: Contender,
  { kernels, seed }: { readonly kernels: Kernels; readonly seed: Seed.Seed },
) => {
  const architecture = Architecture.make({
    widths: [data.inputs, ...config.hidden, 10],
    activation: "relu",
  })
  const objective = network({
    features: data.train,
    dimension: data.inputs,
    architecture,
    loss: Loss.crossEntropy(data.trainLabels),
    kernels,
  })
  const batches = Minibatch.shuffled(objective, {
    batchSize: config.batchSize,
    seed: seed.child("batches"),
  })
  const steps = config.epochs * Math.floor(objective.size / config.batchSize)
  const point = Initialisation.he(architecture, seed.child("start"))
  const method = methodOf(contender, config.learningRate)
  for (const { state } of trajectory(method, batches, point.slice(), { steps, every: steps })) {
    point.set(state.point)
  }
  const gradient = new Float64Array(objective.dimension)
  return {
    trainLoss: objective.valueAndGradient(point, gradient),
    testAccuracy: objective.accuracy(point, data.test, data.testLabels),
    ...curvature(objective, point, { kernels, probes: config.probes, seed }),
  }
}

/** Radius larger than the width of the valley, at which the benefit of flat minima must be lost. */
const tooLarge: Contender = { method: "SAM", radius: 2 }

const reference: Config = {
  methods: [
    gradientDescent,
    ...contenders("SAM", [0.02, 0.05, 0.1, 0.2]),
    ...contenders("USAM", [0.02, 0.05, 0.1, 0.2]),
    tooLarge,
  ],
  seeds: 3,
  hidden: [32],
  learningRate: 0.1,
  batchSize: 50,
  epochs: 60,
  probes: 20,
}

/** A point a run and a bar for the mean, of the runs that did not diverge. */
const spread = (
  rows: ReadonlyArray<Row>,
  field: "testAccuracy" | "topEigenvalue" | "trace",
  axis: string,
  { caption, ...heading }: Pick<Figure.Figure, "id" | "title" | "caption">,
): Figure.Figure => {
  const shown = rows.filter((row) => !row.diverged && !isOf(tooLarge)(row))
  const runs = Summary.largest(rows.map(({ run }) => run))
  return Figure.points({
    ...heading,
    caption: `${caption} Each point is one run of ${runs}; bars show the mean plus and minus its standard error.`,
    rows: shown.map((row) => ({
      method: row.method,
      kind: row.kind,
      value: row[field],
      ...around(shown.filter(({ method }) => method === row.method).map((one) => one[field])),
    })),
    x: { field: "value", title: axis },
    y: { field: "method", title: "method", scale: "names" },
    series: { field: "kind", title: "method" },
    interval: { low: "low", high: "high" },
  })
}

/** The mean less and plus its standard error; of one value that value. NaN of none. */
const around = (values: ReadonlyArray<number>): { readonly low: number; readonly high: number } => {
  const center = Summary.mean(values)
  const square = values.reduce((sum, value) => sum + Elementary.square(value - center), 0)
  const error = values.length === 1 ? 0 : Math.sqrt(square / (values.length * (values.length - 1)))
  return { low: center - error, high: center + error }
}

export const fashionMnist = Experiment.table({
  id: "optim-sam/fashion-mnist",
  title: "Fashion-MNIST: accuracy and sharpness over radii",
  source: derived("after the experiments on images (as recalled), in our own setting"),
  question:
    "How accurate is a ReLU network trained on 1,000 images on a test set of 1,000, and how sharp is its minimum? All methods share starts and batches.",
  paperScale:
    "The paper trains a ResNet-18 on CIFAR-10 (as recalled); here a small fully connected network learns a part of Fashion-MNIST, at a far smaller scale.",
  config: Config,
  columns: Row,
  presets: {
    smoke: {
      ...reference,
      seeds: 1,
      hidden: [8],
      epochs: 2,
      probes: 4,
      methods: [gradientDescent, { method: "SAM", radius: 0.2 }],
    },
    fast: reference,
    paper: {
      ...reference,
      methods: [
        gradientDescent,
        ...contenders("SAM", [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]),
        ...contenders("USAM", [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]),
        tooLarge,
      ],
      seeds: 5,
      hidden: [64],
      epochs: 100,
      probes: 100,
    },
  },
  paperSeconds: 79,
  cases: ({ methods, seeds }) =>
    methods.flatMap((contender) =>
      Array.from({ length: seeds }, (_, k) => ({ contender, run: k + 1 })),
    ),
  prepare: () => images,
  row: ({ contender, run }, { config, kernels, seed, shared }) => {
    const item = { ...Contenders.columnsOf(contender), run }
    try {
      const stream = seed.child("run").child(run)
      return {
        ...item,
        diverged: false,
        ...trained(shared, config, contender, { kernels, seed: stream }),
      }
    } catch (error) {
      if (error instanceof Diverged) return { ...item, diverged: true, ...unknown }
      throw error
    }
  },
  figures: (rows) => [
    spread(rows, "testAccuracy", "test accuracy", {
      id: "accuracy",
      title: "Test accuracy",
      caption: `No run ends at a minimum: the training loss is at least ${Summary.smallest(rows.map(({ trainLoss }) => trainLoss)).toPrecision(2)}.`,
    }),
    spread(rows, "topEigenvalue", "top eigenvalue", {
      id: "top-eigenvalue",
      title: "Top eigenvalue of the Hessian",
      caption: "The eigenvalue is that of all training images at the end of training.",
    }),
    spread(rows, "trace", "trace", {
      id: "trace",
      title: "Trace of the Hessian",
      caption: "Hutchinson's estimate with common probes; standard errors are in the table.",
    }),
  ],
  expectations: (rows, config) => {
    const own = config.methods.filter(({ method, radius }) => method === "SAM" && radius < 1)
    const [narrowest, widest] = [own[0], own.at(-1)]
    if (config.epochs < reference.epochs || narrowest === undefined || widest === undefined)
      return []
    const mean = (contender: Contender, field: "testAccuracy" | "topEigenvalue" | "trace") =>
      Summary.mean(rows.filter(isOf(contender)).map((row) => row[field]))
    const name = label(widest)
    const gain = (contender: Contender) =>
      mean(contender, "testAccuracy") - mean(gradientDescent, "testAccuracy")
    return [
      Expectation.atMost(
        `top eigenvalue, ${name} / GD`,
        mean(widest, "topEigenvalue") / mean(gradientDescent, "topEigenvalue"),
        0.7,
        {
          control: label(narrowest),
          observed: mean(narrowest, "topEigenvalue") / mean(gradientDescent, "topEigenvalue"),
        },
      ),
      Expectation.atMost(
        `trace, ${name} / GD`,
        mean(widest, "trace") / mean(gradientDescent, "trace"),
        0.9,
        {
          control: "a run of GD / mean of GD",
          observed: rows
            .filter(isOf(gradientDescent))
            .map(({ trace }) => trace / mean(gradientDescent, "trace")),
        },
      ),
      Expectation.atLeast(
        "test accuracy of GD",
        mean(gradientDescent, "testAccuracy"),
        0.7,
        Expectation.uncontrolled("the other expectations compare only networks that learn"),
      ),
      Expectation.atLeast(`test accuracy, ${name} minus GD`, gain(widest), -0.03, {
        control: label(tooLarge),
        observed: gain(tooLarge),
      }),
    ]
  },
})
