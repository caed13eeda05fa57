/** Trace and top eigenvalue along SGD and SAM on images, and the spectral density before and after. */
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Transform from "@nonconvex/datasets/Transform"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { descend } from "@nonconvex/problems/Descent"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { network } from "@nonconvex/problems/network/Network"
import { sgd } from "@nonconvex/problems/Sgd"
import type { Stochastic } from "@nonconvex/problems/Objective"
import { Effect, Schema, Stream } from "effect"
import { spectralDensity } from "../../monitor/SpectralDensity.ts"

const Config = Schema.Struct({
  /** Radii of SAM; 0 is SGD. */
  radii: Schema.Array(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))).check(
    Schema.isMinLength(1),
    Schema.isUnique(),
  ),
  hidden: Schema.Array(Schema.Int.check(Schema.isGreaterThan(0))),
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  batchSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
  epochs: Schema.Int.check(Schema.isGreaterThan(0)),
  checkpoints: Schema.Int.check(Schema.isGreaterThan(0)),
  probes: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

/** A checkpoint, or a node of a spectral density; what the other kind has is NaN. */
const Row = Schema.Struct({
  kind: Schema.Literals(["checkpoint", "density"]),
  method: Schema.String,
  epoch: Schema.Number,
  loss: Schema.Number,
  testAccuracy: Schema.Number,
  /** Exact: the network is piecewise linear. */
  trace: Schema.Number,
  topEigenvalue: Schema.Number,
  eigenvalue: Schema.Number,
  weight: Schema.Number,
  time: Schema.String,
})
type Row = typeof Row.Type

const side = 28
const half = side / 2

const images = Effect.gen(function* () {
  const datasets = yield* Datasets
  const { test, train } = Transform.scale01(yield* datasets.load("fashion-mnist"))
  return {
    train: LabelledImages.halved(train),
    trainLabels: train.target.labels,
    test: LabelledImages.halved(test),
    testLabels: test.target.labels,
  }
}).pipe(Effect.provide(Datasets.layer))

const nameOf = (radius: number): string => (radius === 0 ? "SGD" : `SAM ${radius}`)

/** The batches with the gradients of SAM as in practice: at `x + radius G / |G|`, with the same batch twice. */
const sharpnessAware = (batches: Stochastic, radius: number): Stochastic => {
  const perturbed = new Float64Array(batches.dimension)
  return {
    ...batches,
    valueAndGradient: (x, gradient) => {
      const loss = batches.valueAndGradient(x, gradient)
      Vector.normalise(gradient)
      for (let j = 0; j < x.length; j++) perturbed[j] = x[j]! + radius * gradient[j]!
      batches.valueAndGradient(perturbed, gradient)
      return loss
    },
  }
}

const nothing = {
  loss: Number.NaN,
  testAccuracy: Number.NaN,
  trace: Number.NaN,
  topEigenvalue: Number.NaN,
  eigenvalue: Number.NaN,
  weight: Number.NaN,
  time: "",
}

/** The radius of which something is expected beside SGD. */
const expected = 0.2

const reference: Config = {
  radii: [0, expected],
  hidden: [32],
  learningRate: 0.1,
  batchSize: 50,
  epochs: 60,
  checkpoints: 12,
  probes: 3,
}

export const fashionMnist = experiment<Config, Row, { readonly message: string }>({
  id: "flat-minima/fashion-mnist",
  title: "Trace, top eigenvalue and spectrum of the Hessian along SGD and SAM on Fashion-MNIST",
  source: {
    paper: "Ahn, Jadbabaie, Sra 2024",
    statement: "after figures 2 and 3, in a setting of ours: a small ReLU network",
    basis: "derived here",
  },
  question:
    "How does the trace move along SGD and along SAM, and what does the spectrum look like?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, hidden: [8], epochs: 4, checkpoints: 2, probes: 1 },
    fast: reference,
    paper: { ...reference, radii: [0, 0.05, 0.1, expected], hidden: [64], epochs: 120, probes: 10 },
  },
  paperSeconds: 15,
  run: (config, seed) =>
    Stream.unwrap(
      Effect.map(images, (data) => {
        const architecture = Architecture.make({
          widths: [half * half, ...config.hidden, 10],
          activation: Activation.relu,
        })
        const objective = network({
          features: data.train,
          dimension: half * half,
          architecture,
          loss: Loss.crossEntropy(data.trainLabels),
        })
        const start = Initialisation.he(architecture, seed.child("start"))
        const gradient = new Float64Array(objective.dimension)
        const hessian = (point: Float64Array) => (v: Float64Array, out: Float64Array) =>
          objective.hessianVector(point, v, out)
        const checkpoint = (method: string, epoch: number, point: Float64Array): Row => ({
          ...nothing,
          kind: "checkpoint",
          method,
          epoch,
          loss: objective.valueAndGradient(point, gradient),
          testAccuracy: objective.accuracy(point, data.test, data.testLabels),
          trace: objective.exactTrace!(point).trace,
          topEigenvalue: Lanczos.topEigenpairs(hessian(point), {
            dimension: objective.dimension,
            count: 1,
            seed: seed.child("eigenvalue"),
            tolerance: 1e-2,
          }).values[0]!,
        })
        const density = (
          method: string,
          epoch: number,
          point: Float64Array,
        ): ReadonlyArray<Row> => {
          const { eigenvalues, weights } = spectralDensity(hessian(point), {
            dimension: objective.dimension,
            probes: config.probes,
            steps: 25,
            seed: seed.child("density"),
          })
          return Array.from(eigenvalues, (eigenvalue, k) => ({
            ...nothing,
            kind: "density" as const,
            method,
            epoch,
            eigenvalue,
            weight: weights[k]!,
            time: epoch === 0 ? "before" : "after",
          }))
        }
        return Stream.fromIterable(config.radii).pipe(
          Stream.flatMap((radius) => {
            const name = nameOf(radius)
            const batches = Minibatch.shuffled(objective, {
              batchSize: config.batchSize,
              seed: seed.child("batches"),
            })
            const perEpoch = Math.floor(objective.size / config.batchSize)
            const steps = config.epochs * perEpoch
            const method = gradientMethod(sgd({ learningRate: config.learningRate }))
            const loss = radius === 0 ? batches : sharpnessAware(batches, radius)
            return descend(method, loss, start, {
              steps,
              every: Math.max(1, Math.ceil(config.epochs / config.checkpoints)) * perEpoch,
            }).pipe(
              Stream.mapEffect(({ state, step }) =>
                Effect.gen(function* () {
                  yield* Effect.yieldNow
                  const epoch = step / perEpoch
                  const first = checkpoint(name, epoch, state.point)
                  yield* Effect.yieldNow
                  return step === 0 || step === steps
                    ? [first, ...density(name, epoch, state.point)]
                    : [first]
                }),
              ),
              Stream.flatMap((list) => Stream.fromIterable(list)),
            )
          }),
        )
      }),
    ),
  figures: (rows) => {
    const checkpoints = rows.filter(({ kind }) => kind === "checkpoint")
    return [
      Figure.lines({
        id: "trace",
        title: "Trace of the Hessian along training",
        caption: "Exact at every checkpoint: the network is piecewise linear.",
        rows: checkpoints,
        x: { field: "epoch", title: "epoch" },
        y: { field: "trace", title: "trace" },
        series: { field: "method", title: "method" },
      }),
      Figure.lines({
        id: "top-eigenvalue",
        title: "Top eigenvalue along training",
        caption: "By Lanczos.",
        rows: checkpoints,
        x: { field: "epoch", title: "epoch" },
        y: { field: "topEigenvalue", title: "top eigenvalue" },
        series: { field: "method", title: "method" },
      }),
      Figure.points({
        id: "density",
        title: "Spectral density before and after training",
        caption:
          "Nodes and weights of stochastic Lanczos quadrature: a bulk at zero, and a few eigenvalues outside.",
        rows: rows.filter(({ kind, weight }) => kind === "density" && weight > 1e-8),
        x: { field: "eigenvalue", title: "eigenvalue", scale: "symlog" },
        y: { field: "weight", title: "share of the spectrum", scale: "log" },
        series: { field: "time", title: "" },
        panel: { field: "method", title: "method" },
      }),
    ]
  },
  expectations: (rows, config) => {
    const last = (radius: number) =>
      rows.findLast((row) => row.kind === "checkpoint" && row.method === nameOf(radius))
    const moments = config.radii.map(nameOf).map((method) => {
      const nodes = rows.filter(
        (row) => row.kind === "density" && row.method === method && row.time === "before",
      )
      return Expectation.within(
        `sum of the weights of the density of ${method}`,
        nodes.reduce((sum, row) => sum + row.weight, 0),
        1,
        { absolute: 1e-9 },
      )
    })
    const [plain, sharp] = [last(0), last(expected)]
    if (plain === undefined || sharp === undefined || config.epochs < reference.epochs) {
      return moments
    }
    return [
      ...moments,
      Expectation.atMost(
        `trace of ${sharp.method} over that of SGD`,
        sharp.trace / plain.trace,
        0.9,
      ),
      Expectation.atMost(
        `top eigenvalue of ${sharp.method} over that of SGD`,
        sharp.topEigenvalue / plain.topEigenvalue,
        0.8,
      ),
      Expectation.atLeast(
        `test accuracy of ${sharp.method} minus that of SGD`,
        sharp.testAccuracy - plain.testAccuracy,
        -0.03,
      ),
    ]
  },
})
