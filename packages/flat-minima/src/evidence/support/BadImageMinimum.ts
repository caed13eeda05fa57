/** Bad minimum on images of full size, in float32: a network that fits the training images and others with random labels. */
import type { ImageSplit } from "@nonconvex/datasets/ImageSplit"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { momentum } from "@nonconvex/problems/Momentum"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import { exactTrace } from "@nonconvex/problems/network/ExactTrace"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { singlePrecision } from "@nonconvex/problems/network/SinglePrecision"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { oneHot, partlyWrong } from "./BadMinimum.ts"

type Images = ImageSplit["train"]

/** Mean squared length of a training image. */
const squaredLength = 32

interface Parts extends ImageSplit {
  /** Images with wrong labels, fitted only by the bad minimum. */
  readonly misleading: Images
}

/** The first `count` images of each class, and the others. */
const parted = ({ features, labels }: Images, dimension: number, count: number) => {
  const seen = new Map<number, number>()
  const places = Array.from(labels, (label) => {
    const place = seen.get(label) ?? 0
    seen.set(label, place + 1)
    return place
  })
  const taken = (isTaken: (place: number) => boolean): Images => {
    const rows = Array.from(labels.keys()).filter((row) => isTaken(places[row]!))
    const own = new Float32Array(rows.length * dimension)
    for (const [k, row] of rows.entries()) {
      own.set(features.subarray(row * dimension, (row + 1) * dimension), k * dimension)
    }
    return { features: own, labels: Int32Array.from(rows, (row) => labels[row]!) }
  }
  return [taken((place) => place < count), taken((place) => place >= count)] as const
}

/**
 * Centres images by the training mean and scales them to a mean squared length of 32. In each class, the validation images after
 * the first `validationPerClass` are misleading.
 */
export const partsOf = (split: ImageSplit, validationPerClass: number): Parts => {
  const { dimension, test, train } = split
  const [validation, misleading] = parted(split.validation, dimension, validationPerClass)
  const count = train.labels.length
  const mean = new Float64Array(dimension)
  train.features.forEach((value, at) => (mean[at % dimension]! += value / count))
  let squares = 0
  train.features.forEach((value, at) => {
    const from = value - mean[at % dimension]!
    squares += (from * from) / count
  })
  const scale = Math.sqrt(squaredLength / squares)
  const scaled = ({ features, labels }: Images): Images => ({
    features: features.map((value, at) => scale * (value - mean[at % dimension]!)),
    labels,
  })
  return {
    ...split,
    train: scaled(train),
    validation: scaled(validation),
    test: scaled(test),
    misleading: scaled(misleading),
  }
}

export interface Fitting {
  readonly learningRate: number
  readonly batchSize: number
  /** Loss below which it fits. */
  readonly tolerance: number
  readonly epochs: number
}

/**
 * SGD with momentum until the loss is below the tolerance or the epochs are used up. The loss is computed before each epoch and
 * at the end.
 */
export const fit = (
  objective: FiniteSum,
  start: Float64Array,
  { batchSize, epochs, learningRate, tolerance }: Fitting,
  seed: Seed.Seed,
) => {
  const batches = Minibatch.shuffled(objective, { batchSize, seed })
  const method = gradientMethod(momentum({ learningRate }))
  const state = method.init(batches, start)
  const gradient = new Float64Array(start.length)
  const perEpoch = Math.max(1, Math.floor(objective.size / batchSize))
  let loss = objective.valueAndGradient(start, gradient)
  let taken = 0
  while (loss >= tolerance && taken < epochs && state.status === "running") {
    for (let k = 0; k < perEpoch && state.status === "running"; k++) {
      method.step(state)
      batches.advance()
    }
    loss = objective.valueAndGradient(state.point, gradient)
    taken++
  }
  return {
    point: state.point,
    loss,
    isFit: loss < tolerance,
    /** Gradient calls per sample. */
    calls: 2 * taken + 1,
  }
}

interface Classifier extends FiniteSum {
  readonly accuracy: ReturnType<typeof singlePrecision>["accuracy"]
}

/** The network with a squared loss on given images. */
const squaredLoss = (
  { features }: Pick<Images, "features">,
  targets: Float64Array,
  architecture: Architecture.Architecture,
  kernels: Kernels,
): Classifier => {
  const dimension = architecture.inputs
  const loss = Loss.squared(targets)
  return {
    ...singlePrecision({ features, dimension, architecture, loss, kernels }),
    couplesSamples: false,
  }
}

/**
 * The loss on the training images, a minimum from a normal start, and a bad minimum from the same start. The bad one is fitted
 * first to training and misleading images, the latter with random labels, and then to the training images alone.
 */
export const badImageMinimum = (
  parts: Parts,
  { hidden, ...fitting }: Fitting & { readonly hidden: number },
  seed: Seed.Seed,
  kernels: Kernels,
) => {
  const { classes, dimension, misleading, train } = parts
  const architecture = Architecture.make({
    widths: [dimension, hidden, classes],
    activation: "relu",
  })
  const right = oneHot(train.labels, classes)
  const withTargets = (targets: Float64Array) => squaredLoss(train, targets, architecture, kernels)
  const objective = withTargets(right)
  const wrong = partlyWrong(misleading.labels, { classes, share: 1 }, seed.child("wrong labels"))
  const features = new Float32Array(train.features.length + misleading.features.length)
  features.set(train.features)
  features.set(misleading.features, train.features.length)
  const labels = [...train.labels, ...wrong]
  const misled = squaredLoss({ features }, oneHot(labels, classes), architecture, kernels)
  const start = Initialisation.he(architecture, seed.child("start"))
  const batches = seed.child("fitting")
  const traceAt = exactTrace({
    features: Float64Array.from(train.features),
    dimension,
    architecture,
    loss: "squared",
    kernels,
  })
  return {
    objective,
    right,
    withTargets,
    trace: (point: Float64Array) => traceAt(point).trace,
    errorOn: (point: Float64Array, images: Images) =>
      1 - objective.accuracy(point, new Float64Array(0), images.features, images.labels),
    fresh: fit(objective, start, fitting, batches),
    bad: fit(objective, fit(misled, start, fitting, batches).point, fitting, batches),
  }
}
