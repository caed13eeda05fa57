/** Ranges of radii and learning rates in which SGD, SAM and USAM interpolate and generalise. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import { Schema } from "effect"
import {
  architectureOf,
  columns,
  epochsToTarget,
  figuresOf,
  type Images,
  imagesOf,
  type Item,
  items,
  relativeToSgd,
  settings,
  smallest,
  topEigenvalue,
  trained,
} from "../support/ImageRuns.ts"
import { derived } from "../support/Paper.ts"

const Config = Schema.Struct({
  ...settings,
  network: Schema.Literals(["convolutional", "residual"]),
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  ...columns,
  /** Trace of the Hessian of the training loss, exact; for a run that interpolates. */
  trace: Schema.Number,
  topEigenvalue: Schema.Number,
})

type Row = typeof Row.Type

const unknown = { trace: Number.NaN, topEigenvalue: Number.NaN }

const rowOf = (
  data: Images,
  config: Config,
  item: Item,
  { kernels, seed }: { readonly kernels: Kernels; readonly seed: Seed.Seed },
): Row => {
  const { channels, network: kind } = config
  const objective = network({
    features: data.train,
    dimension: data.shape.height * data.shape.width * data.shape.channels,
    architecture: architectureOf(data.shape, {
      channels,
      residual: kind === "residual",
      after: [],
    }),
    loss: Loss.crossEntropy(data.trainLabels),
    kernels,
  })
  const { dimension } = objective
  const { point, ...outcome } = trained(objective, config, item, seed, (x) =>
    objective.accuracy(x, data.test, data.testLabels),
  )
  if (!outcome.interpolates) return { ...outcome, ...unknown }
  const hessian = (v: Float64Array, out: Float64Array) => objective.hessianVector(point, v, out)
  return {
    ...outcome,
    trace: objective.exactTrace!(point).trace,
    topEigenvalue: topEigenvalue(hessian, { dimension, seed: seed.child("eigenvalue"), kernels }),
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

export const robustness = Experiment.table({
  id: "optim-sam/robustness",
  title: "Robustness to radius and learning rate at a target training loss",
  source: derived("after the experiments on images (as recalled), in our own setting"),
  question:
    "For which radii and learning rates do SGD, SAM and USAM fit a convolutional network to its images? How accurate and how flat is it then?",
  paperScale:
    "The paper trains a ResNet-18 with batch normalisation on CIFAR-10 (as recalled); here a small convolutional network without normalisation learns a part of Fashion-MNIST.",
  config: Config,
  columns: Row,
  presets: {
    smoke: {
      ...reference,
      ...smallest,
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
  cases: items,
  prepare: ({ config }) => imagesOf(config),
  row: (item, { config, kernels, seed, shared }) => rowOf(shared, config, item, { kernels, seed }),
  figures: (rows) => figuresOf(rows, { field: "learningRate", title: "learning rate" }),
  expectations: (rows, { epochs }) => {
    if (epochs < epochsToTarget) return []
    const compared = rows.filter(({ method, radius }) => method === "SGD" || radius === 0.2)
    return [
      Expectation.atMost(
        "top eigenvalue at the target, SAM with radius 0.2 / SGD at the same learning rate",
        relativeToSgd(compared, "SAM"),
        0.4,
        { control: "USAM, without normalisation", observed: relativeToSgd(compared, "USAM") },
      ),
    ]
  },
})
