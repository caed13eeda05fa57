/** On real images: accuracy and curvature of the minima that SGD, SAM and USAM find. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Transform from "@nonconvex/datasets/Transform"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Expectation, experiment, type Figure } from "@nonconvex/evidence"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { descend } from "@nonconvex/problems/Descent"
import { network, type Network } from "@nonconvex/problems/network/Network"
import { Effect, Schema, Stream } from "effect"
import { Contender, contenders, gradientDescent, label, methodOf } from "../support/Contender.ts"

const Config = Schema.Struct({
  methods: Schema.Array(Contender),
  /** Runs of every method; run k starts and shuffles alike for all methods. */
  seeds: Schema.Int.check(Schema.isGreaterThan(0)),
  /** Widths of the hidden layers. */
  hidden: Schema.Array(Schema.Int.check(Schema.isGreaterThan(0))),
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  batchSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
  epochs: Schema.Int.check(Schema.isGreaterThan(0)),
  /** Random probes for the trace of the Hessian. */
  probes: Schema.Int.check(Schema.isGreaterThan(1)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  method: Schema.String,
  kind: Schema.Literals(["GD", "SAM", "USAM"]),
  radius: Schema.Finite,
  run: Schema.Int,
  diverged: Schema.Boolean,
  trainLoss: Schema.Number,
  testAccuracy: Schema.Number,
  topEigenvalue: Schema.Number,
  trace: Schema.Number,
  traceError: Schema.Number,
})
type Row = typeof Row.Type

const side = 28

interface Images {
  readonly inputs: number
  readonly train: Float64Array
  readonly trainLabels: Int32Array
  readonly test: Float64Array
  readonly testLabels: Int32Array
}

const images = Effect.gen(function* () {
  const datasets = yield* Datasets
  const { test, train } = Transform.scale01(yield* datasets.load("fashion-mnist"))
  const labels = (dataset: Dataset.Dataset<Dataset.Classification>) => dataset.target.labels
  return {
    inputs: (side / 2) ** 2,
    train: LabelledImages.halved(train),
    trainLabels: labels(train),
    test: LabelledImages.halved(test),
    testLabels: labels(test),
  } satisfies Images
}).pipe(Effect.provide(Datasets.layer))

const curvature = (objective: Network, point: Float64Array, probes: number, seed: Seed.Seed) => {
  const hessian = (v: Float64Array, out: Float64Array) => objective.hessianVector(point, v, out)
  const { dimension } = objective
  const top = Lanczos.topEigenpairs(hessian, {
    dimension,
    count: 1,
    seed: seed.child("eigenvalue"),
    tolerance: 1e-3,
  })
  const trace = Trace.hutchinson(hessian, { dimension, probes, seed: seed.child("trace") })
  return {
    topEigenvalue: top.values[0]!,
    trace: trace.estimate,
    traceError: trace.standardError,
  }
}

const average = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const unknown = {
  trainLoss: Number.NaN,
  testAccuracy: Number.NaN,
  topEigenvalue: Number.NaN,
  trace: Number.NaN,
  traceError: Number.NaN,
}

/** One run: trained, then measured on the whole training set. Fails with Diverged. */
const trained = Effect.fnUntraced(function* (
  data: Images,
  config: Config,
  contender: Contender,
  seed: Seed.Seed,
) {
  const architecture = Architecture.make({
    widths: [data.inputs, ...config.hidden, 10],
    activation: Activation.relu,
  })
  const objective = network({
    features: data.train,
    dimension: data.inputs,
    architecture,
    loss: Loss.crossEntropy(data.trainLabels),
  })
  const batches = Minibatch.shuffled(objective, {
    batchSize: config.batchSize,
    seed: seed.child("batches"),
  })
  const steps = config.epochs * Math.floor(objective.size / config.batchSize)
  const start = Initialisation.he(architecture, seed.child("start"))
  const last = yield* Stream.runLast(
    descend(methodOf(contender, config.learningRate), batches, start, { steps, every: steps }),
  )
  const point = last._tag === "Some" ? last.value.state.point : start
  const gradient = new Float64Array(objective.dimension)
  yield* Effect.yieldNow
  return {
    trainLoss: objective.valueAndGradient(point, gradient),
    testAccuracy: objective.accuracy(point, data.test, data.testLabels),
    ...curvature(objective, point, config.probes, seed),
  }
})

const reference: Config = {
  methods: [
    gradientDescent,
    ...contenders("SAM", [0.02, 0.05, 0.1, 0.2]),
    ...contenders("USAM", [0.02, 0.05, 0.1, 0.2]),
  ],
  seeds: 3,
  hidden: [32],
  learningRate: 0.1,
  batchSize: 50,
  epochs: 60,
  probes: 20,
}

const bars = (
  id: string,
  title: string,
  caption: string,
  rows: ReadonlyArray<Row>,
  field: keyof Row,
  axis: string,
): Figure.Figure => ({
  id,
  title,
  caption,
  spec: {
    data: { values: rows },
    layer: [
      {
        mark: { type: "point", filled: true, size: 40, opacity: 0.7 },
        encoding: { x: { field, type: "quantitative", title: axis, scale: { zero: false } } },
      },
      {
        mark: { type: "tick", thickness: 3, size: 18 },
        encoding: {
          x: {
            aggregate: "mean",
            field,
            type: "quantitative",
            title: axis,
            scale: { zero: false },
          },
        },
      },
    ],
    encoding: {
      y: { field: "method", type: "nominal", title: null, sort: null },
      color: { field: "kind", type: "nominal", title: "method" },
    },
  },
})

export const fashionMnist = experiment<Config, Row, { readonly message: string }>({
  id: "optim-sam/fashion-mnist",
  title: "Fashion-MNIST: accuracy and sharpness over radii",
  source: {
    paper: "Dai, Ahn, Sra 2023",
    statement: "after the experiments on images (as recalled), in a setting of ours",
    basis: "derived here",
  },
  question:
    "A ReLU network on 1,000 images, the same starts and batches for every method: how accurate is it on 1,000 others, and how sharp is its minimum?",
  config: Config,
  row: Row,
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
      ],
      seeds: 5,
      hidden: [64],
      epochs: 100,
      probes: 100,
    },
  },
  paperSeconds: 79,
  rows: (config) => config.methods.length * config.seeds,
  run: (config, seed) =>
    Stream.unwrap(
      Effect.map(images, (data) =>
        Stream.fromIterable(config.methods).pipe(
          Stream.flatMap((contender) =>
            Stream.range(1, config.seeds).pipe(
              Stream.mapEffect((run) =>
                trained(data, config, contender, seed.child("run").child(run)).pipe(
                  Effect.map((measured) => ({ diverged: false, ...measured })),
                  Effect.catchTag("Diverged", () => Effect.succeed({ diverged: true, ...unknown })),
                  Effect.map((outcome) => ({
                    method: label(contender),
                    kind: contender.method,
                    radius: contender.radius,
                    run,
                    ...outcome,
                  })),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  figures: (rows) => {
    const finished = rows.filter((row) => !row.diverged)
    return [
      bars(
        "accuracy",
        "Test accuracy",
        "One point a run, one tick the mean over runs.",
        finished,
        "testAccuracy",
        "test accuracy",
      ),
      bars(
        "top-eigenvalue",
        "Top eigenvalue of the Hessian",
        "At the end of training, on all training images. SAM ends where it is smaller.",
        finished,
        "topEigenvalue",
        "top eigenvalue",
      ),
      bars(
        "trace",
        "Trace of the Hessian",
        "Hutchinson's estimate with common probes; its standard error is in the table.",
        finished,
        "trace",
        "trace",
      ),
    ]
  },
  expectations: (rows, config) => {
    const mean = (method: string, field: "testAccuracy" | "topEigenvalue" | "trace") =>
      average(rows.filter((row) => row.method === method).map((row) => row[field]))
    const widest = config.methods.findLast(({ method }) => method === "SAM")
    if (config.epochs < reference.epochs || widest === undefined) return []
    const name = label(widest)
    return [
      Expectation.atMost(
        `top eigenvalue of ${name} relative to GD's`,
        mean(name, "topEigenvalue") / mean("GD", "topEigenvalue"),
        0.7,
      ),
      Expectation.atMost(
        `trace of ${name} relative to GD's`,
        mean(name, "trace") / mean("GD", "trace"),
        0.9,
      ),
      Expectation.atLeast("test accuracy of GD", mean("GD", "testAccuracy"), 0.7),
      Expectation.atLeast(
        `test accuracy of ${name} minus GD's`,
        mean(name, "testAccuracy") - mean("GD", "testAccuracy"),
        -0.03,
      ),
    ]
  },
})
