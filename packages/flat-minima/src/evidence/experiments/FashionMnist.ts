/** Trace and top eigenvalue along SGD and SAM on images, and the spectral density before and after. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Transform from "@nonconvex/datasets/Transform"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Vector from "@nonconvex/numerics/Vector"
import { Count, NotNegative, Positive } from "@nonconvex/problems/Fields"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Method } from "@nonconvex/problems/Method"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { sgd } from "@nonconvex/problems/Sgd"
import { sharpnessAware } from "@nonconvex/problems/SharpnessAware"
import { trajectory } from "@nonconvex/problems/Trajectory"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import { Effect, Schema } from "effect"
import { spectralDensity } from "../../monitor/SpectralDensity.ts"
import { derived } from "../support/Paper.ts"

const Config = Schema.Struct({
  /** Radii of SAM; 0 is SGD. */
  radii: Schema.Array(NotNegative).check(Schema.isMinLength(1), Schema.isUnique()),
  hidden: Schema.Array(Count),
  learningRate: Positive,
  batchSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
  epochs: Count,
  checkpoints: Count,
  probes: Count,
})

type Config = typeof Config.Type

/** A checkpoint or a node of a spectral density; columns of the other kind are NaN. */
const Columns = Schema.Struct({
  kind: Schema.Literals(["checkpoint", "density"]),
  method: Schema.Literals(["SGD", "SAM"]),
  /** Radius; 0 for SGD. */
  radius: Schema.Finite,
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

type Row = typeof Columns.Type

const side = 28

const half = side / 2

const images = Effect.fnUntraced(function* () {
  const datasets = yield* Datasets
  const { test, train } = Transform.scale01(
    yield* datasets.load("fashion-mnist", { trainPerClass: 100, testPerClass: 100 }),
  )
  return {
    train: LabelledImages.halved(train),
    trainLabels: train.target.labels,
    test: LabelledImages.halved(test),
    testLabels: test.target.labels,
  }
})

const nameOf = (radius: number): string => (radius === 0 ? "SGD" : `SAM ${radius}`)

const methodOf = (radius: number, learningRate: number): Method => {
  const base = sgd({ learningRate })
  if (radius === 0) return gradientMethod(base)
  // SAM as the published run rounds it: the gradient is divided by its norm before it is multiplied by the radius
  return sharpnessAware(
    {
      name: "sam",
      radius: () => radius,
      perturb: (rho, _step, point, gradient, out) => {
        out.set(gradient)
        Vector.normalise(out)
        for (let j = 0; j < out.length; j++) out[j] = point[j]! + rho * out[j]!
      },
    },
    base,
  )
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

/** The radius that the expectations compare with SGD. */
const expected = 0.2

const reference: typeof Config.Type = {
  radii: [0, expected],
  hidden: [32],
  learningRate: 0.1,
  batchSize: 50,
  epochs: 60,
  checkpoints: 12,
  probes: 3,
}

/** Smallest training loss at the end of a run. */
const leastLoss = (rows: ReadonlyArray<Row>): number =>
  Summary.smallest(
    Summary.distinct(rows.map(({ radius }) => radius)).flatMap(
      (radius) =>
        rows.findLast((row) => row.kind === "checkpoint" && row.radius === radius)?.loss ?? [],
    ),
  )

export const fashionMnist = Experiment.table({
  id: "flat-minima/fashion-mnist",
  title: "Trace, top eigenvalue and spectrum of the Hessian along SGD and SAM on Fashion-MNIST",
  source: derived("after figures 2 and 3, in our own setting: a small ReLU network"),
  question: "How does the trace change along SGD and SAM, and what is the spectrum?",
  paperScale:
    "The paper starts its two algorithms on a ResNet-18 and CIFAR-10 at a bad minimum (training accuracy 100 %, test accuracy 48 %); this is SGD and plain SAM on a small fully connected network, at a far smaller scale.",
  config: Config,
  columns: Columns,
  presets: {
    smoke: { ...reference, hidden: [8], epochs: 4, checkpoints: 2, probes: 1 },
    fast: reference,
    paper: { ...reference, radii: [0, 0.05, 0.1, expected], hidden: [64], epochs: 120, probes: 10 },
  },
  paperSeconds: 15,
  prepare: images,
  cases: ({ radii }) => radii,
  row: (radius, { config, kernels, seed, shared: data }) => {
    const method = radius === 0 ? ("SGD" as const) : ("SAM" as const)
    const architecture = Architecture.make({
      widths: [half * half, ...config.hidden, 10],
      activation: "relu",
    })
    const objective = network({
      features: data.train,
      dimension: half * half,
      architecture,
      loss: Loss.crossEntropy(data.trainLabels),
      kernels,
    })
    const { dimension } = objective
    const gradient = new Float64Array(dimension)
    const hessian = (point: Float64Array) => (v: Float64Array, out: Float64Array) =>
      objective.hessianVector(point, v, out)
    const checkpoint = (epoch: number, point: Float64Array): Row => ({
      ...nothing,
      kind: "checkpoint",
      method,
      radius,
      epoch,
      loss: objective.valueAndGradient(point, gradient),
      testAccuracy: objective.accuracy(point, data.test, data.testLabels),
      trace: objective.exactTrace!(point).trace,
      topEigenvalue: Lanczos.topEigenpairs(hessian(point), {
        dimension,
        count: 1,
        seed: seed.child("eigenvalue"),
        tolerance: 1e-2,
        kernels,
      }).values[0]!,
    })
    const density = (epoch: number, point: Float64Array): ReadonlyArray<Row> => {
      const { eigenvalues, weights } = spectralDensity(hessian(point), {
        dimension,
        probes: config.probes,
        steps: 25,
        seed: seed.child("density"),
        kernels,
      })
      return Array.from(eigenvalues, (eigenvalue, k) => ({
        ...nothing,
        kind: "density",
        method,
        radius,
        epoch,
        eigenvalue,
        weight: weights[k]!,
        time: epoch === 0 ? "before" : "after",
      }))
    }
    const batches = Minibatch.shuffled(objective, {
      batchSize: config.batchSize,
      seed: seed.child("batches"),
    })
    const perEpoch = Math.floor(objective.size / config.batchSize)
    const steps = config.epochs * perEpoch
    const start = Initialisation.he(architecture, seed.child("start"))
    const rows: Array<Row> = []
    for (const { state, step } of trajectory(
      methodOf(radius, config.learningRate),
      batches,
      start,
      { steps, every: Math.max(1, Math.ceil(config.epochs / config.checkpoints)) * perEpoch },
    )) {
      const epoch = step / perEpoch
      rows.push(checkpoint(epoch, state.point))
      if (step === 0 || step === steps) rows.push(...density(epoch, state.point))
    }
    return rows
  },
  figures: (rows) => [
    Figure.lines<Row>({
      id: "trace",
      title: "Trace of the Hessian along training",
      caption: "The trace is exact at every point, since the network is piecewise linear.",
      where: { kind: "checkpoint" },
      x: { field: "epoch", title: "epoch" },
      y: { field: "trace", title: "trace" },
      series: { field: "method", and: "radius", title: "method" },
    }),
    Figure.lines<Row>({
      id: "top-eigenvalue",
      title: "Top eigenvalue along training",
      caption: `The eigenvalue is that of Lanczos; no run has reached a minimum, since the training losses at the end are at least ${leastLoss(rows).toPrecision(2)}.`,
      where: { kind: "checkpoint" },
      x: { field: "epoch", title: "epoch" },
      y: { field: "topEigenvalue", title: "top eigenvalue" },
      series: { field: "method", and: "radius", title: "method" },
    }),
    Figure.points({
      id: "density",
      title: "Spectral density before and after training",
      caption:
        "Each point is a node of stochastic Lanczos quadrature and its weight: a bulk at zero, and a few eigenvalues outside.",
      rows: rows.filter(({ kind, weight }) => kind === "density" && weight > 1e-8),
      x: { field: "eigenvalue", title: "eigenvalue", scale: "symlog" },
      y: { field: "weight", title: "share of the spectrum", scale: "log" },
      series: { field: "time", title: "" },
      panel: { field: "method", and: "radius", title: "method" },
    }),
  ],
  expectations: (rows, config) => {
    const first = (radius: number) =>
      rows.find((row) => row.kind === "checkpoint" && row.radius === radius)
    const last = (radius: number) =>
      rows.findLast((row) => row.kind === "checkpoint" && row.radius === radius)
    const moments = config.radii.map((radius) => {
      const weights = rows
        .filter((row) => row.kind === "density" && row.radius === radius && row.time === "before")
        .map(({ weight }) => weight)
      return Expectation.within(
        `sum of the weights of the spectral density, ${nameOf(radius)}`,
        weights.reduce((sum, weight) => sum + weight, 0),
        1,
        { absolute: 1e-9 },
        Expectation.uncontrolled("quadrature weights sum to 1 by construction"),
      )
    })
    const [plain, sharp] = [last(0), last(expected)]
    if (plain === undefined || sharp === undefined || config.epochs < reference.epochs) {
      return moments
    }
    const name = nameOf(sharp.radius)
    return [
      ...moments,
      Expectation.atMost(`trace, ${name} / SGD`, sharp.trace / plain.trace, 0.9, {
        control: "before training",
        observed: (first(expected)?.trace ?? Number.NaN) / (first(0)?.trace ?? Number.NaN),
      }),
      Expectation.atMost(
        `top eigenvalue, ${name} / SGD`,
        sharp.topEigenvalue / plain.topEigenvalue,
        0.8,
        {
          control: "before training",
          observed:
            (first(expected)?.topEigenvalue ?? Number.NaN) /
            (first(0)?.topEigenvalue ?? Number.NaN),
        },
      ),
    ]
  },
})
