/** Bad minimum on images: a network fitted first to partly wrong labels and then to the right ones. */
import type { TrainTest } from "@nonconvex/datasets/Split"
import type { Classification } from "@nonconvex/datasets/Dataset"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import type { Objective } from "@nonconvex/problems/Objective"
import { momentum } from "@nonconvex/problems/Momentum"

/**
 * Images at a quarter of the pixels. Each pixel is centred, and all are scaled to standard deviation 1, with the statistics of
 * the training images.
 */
export const imagesOf = ({ test, train }: TrainTest<Classification>) => {
  const [own, other] = [LabelledImages.halved(train), LabelledImages.halved(test)]
  const d = own.length / train.samples
  const means = new Float64Array(d)
  own.forEach((value, at) => (means[at % d]! += value / train.samples))
  const squares = own.reduce((sum, value, at) => sum + Elementary.square(value - means[at % d]!), 0)
  const deviation = Math.sqrt(squares / own.length)
  const scaled = (features: Float64Array) =>
    features.map((value, at) => (value - means[at % d]!) / deviation)
  return {
    dimension: d,
    classes: train.target.classes.length,
    train: { features: scaled(own), labels: train.target.labels },
    test: { features: scaled(other), labels: test.target.labels },
  }
}

export type Images = ReturnType<typeof imagesOf>

/** One-hot rows: a 1 in the column of the class. */
export const oneHot = (labels: ArrayLike<number>, classes: number): Float64Array => {
  const out = new Float64Array(labels.length * classes)
  for (let i = 0; i < labels.length; i++) out[i * classes + labels[i]!] = 1
  return out
}

/**
 * The mean squared loss of a ReLU network with one hidden layer. `targets` is kept by reference: writing to it changes the
 * labels.
 */
export const squaredNetwork = (
  { classes, dimension, train }: Images,
  hidden: number,
  targets: Float64Array,
  kernels: Kernels,
) =>
  network({
    features: train.features,
    dimension,
    architecture: Architecture.make({
      widths: [dimension, hidden, classes],
      activation: "relu",
    }),
    loss: Loss.squared(targets),
    kernels,
  })

interface Fit {
  readonly learningRate: number
  /** Loss below which it fits. */
  readonly tolerance: number
  readonly steps: number
}

/** Gradient descent with momentum until the loss is below the tolerance or the steps are used up. */
export const fit = (
  objective: Objective,
  start: Float64Array,
  { learningRate, steps, tolerance }: Fit,
) => {
  const method = gradientMethod(momentum({ learningRate }))
  const state = method.init(objective, start)
  const before = start.slice()
  for (let taken = 0; taken < steps; taken++) {
    before.set(state.point)
    // the loss that a step returns is that of the point before it
    if (method.step(state) < tolerance) return { point: before, steps: taken }
  }
  return { point: state.point, steps }
}

/** The labels with a share of them redrawn from all classes. */
export const partlyWrong = (
  labels: ArrayLike<number>,
  { classes, share }: { readonly classes: number; readonly share: number },
  seed: Seed.Seed,
): ReadonlyArray<number> => {
  const stream = RandomStream.make(seed)
  return Array.from(labels, (label) => (stream.uniform() < share ? stream.integer(classes) : label))
}

/**
 * The network with the right labels, a minimum from a normal start, and a bad minimum from the same start. The bad one is fitted
 * first to labels with a wrong share, and then to the right ones.
 */
export const minima = (
  images: Images,
  { hidden, wrong, ...fitting }: Fit & { readonly hidden: number; readonly wrong: number },
  seed: Seed.Seed,
  kernels: Kernels,
) => {
  const right = oneHot(images.train.labels, images.classes)
  const objective = squaredNetwork(images, hidden, right, kernels)
  const start = Initialisation.he(objective.architecture, seed.child("start"))
  const labels = partlyWrong(
    images.train.labels,
    { classes: images.classes, share: wrong },
    seed.child("wrong labels"),
  )
  const misled = squaredNetwork(images, hidden, oneHot(labels, images.classes), kernels)
  const bad = fit(objective, fit(misled, start, fitting).point, fitting).point
  return { objective, right, fresh: fit(objective, start, fitting).point, bad }
}
