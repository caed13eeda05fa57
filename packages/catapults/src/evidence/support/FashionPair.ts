/** Two classes of Fashion-MNIST as regression on -1 and 1: the stand-in for the image pairs of the paper. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import type { TrainTest } from "@nonconvex/datasets/Split"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Effect, Schema } from "effect"
import { requireSigns } from "../../network/OutputLoss.ts"

/**
 * The first `count` images of the two classes, alternately, each centred and scaled to norm sqrt(d), with their labels. The first
 * class has label -1, the second 1.
 */
const prepared = (data: Dataset.Dataset<Dataset.Classification>, count: number) => {
  const { dimension: d, features, target } = data
  const byClass = [0, 1].map((label) =>
    Array.from(target.labels.keys()).filter((i) => target.labels[i] === label),
  )
  const available = 2 * Math.min(byClass[0]!.length, byClass[1]!.length)
  const chosen = Array.from(
    { length: Math.min(count, available) },
    (_, k) => byClass[k % 2]![k >> 1]!,
  )
  const out = new Float64Array(chosen.length * d)
  chosen.forEach((from, k) => {
    const row = out.subarray(k * d, (k + 1) * d)
    row.set(features.subarray(from * d, (from + 1) * d))
    let mean = 0
    for (let j = 0; j < d; j++) mean += row[j]! / d
    let squares = 0
    for (let j = 0; j < d; j++) squares += Elementary.square(row[j]! - mean)
    const scale = squares === 0 ? 0 : Math.sqrt(d / squares)
    for (let j = 0; j < d; j++) row[j] = (row[j]! - mean) * scale
  })
  const labels = Float64Array.from(chosen, (from) => (target.labels[from] === 0 ? -1 : 1))
  requireSigns("FashionPair", labels)
  return { features: out, labels }
}

interface Counts {
  readonly train: number
  readonly test: number
}

const perClass = ({ test, train }: Counts) => ({
  trainPerClass: Math.ceil(train / 2),
  testPerClass: Math.ceil(test / 2),
})

const both = ({ test, train }: TrainTest<Dataset.Classification>, counts: Counts) => ({
  train: prepared(train, counts.train),
  test: prepared(test, counts.test),
  inputs: train.dimension,
})

/** T-shirts and pullovers: up to the given numbers of the first training and test images. */
export const fashionPair = Effect.fn("FashionPair")(function* (counts: Counts) {
  const datasets = yield* Datasets
  return both(yield* datasets.load("fashion-mnist-0-2", perClass(counts)), counts)
})

/**
 * Image source: T-shirts and pullovers of Fashion-MNIST by default, or airplanes and cars of CIFAR-10 in grey, which
 * needs a folder with its files.
 */
export const imageSettings = {
  images: Schema.optionalKey(Schema.Literals(["fashion-mnist", "cifar-10"])),
}

/** The same of the images that the settings name. */
export const imagePair = Effect.fn("ImagePair")(function* (
  { images = "fashion-mnist" }: { readonly images?: "fashion-mnist" | "cifar-10" },
  counts: Counts,
) {
  if (images === "fashion-mnist") return yield* fashionPair(counts)
  const datasets = yield* Datasets
  const { test, train } = yield* datasets.load(images, perClass(counts))
  return both({ train: LabelledImages.grey(train), test: LabelledImages.grey(test) }, counts)
})
