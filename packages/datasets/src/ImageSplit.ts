/** Images in float32 for a network: training, validation and test sets. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import type { Classification, Dataset } from "./Dataset.ts"
import type { TrainTest } from "./Split.ts"

/** One row per image, with its class index. */
interface Images {
  readonly features: Float32Array
  readonly labels: Int32Array
}

export interface ImageSplit {
  /** Numbers per image. */
  readonly dimension: number
  readonly classes: number
  readonly train: Images
  readonly validation: Images
  readonly test: Images
}

/**
 * The rows of each class from its `from`-th up to its `until`-th, in the order of the file. Throws InvalidInput if a class
 * has fewer.
 */
const rowsOf = (
  { target }: Dataset<Classification>,
  from: number,
  until: number,
): Array<number> => {
  const seen = target.classes.map(() => 0)
  const rows: Array<number> = []
  for (const [row, label] of target.labels.entries()) {
    const place = seen[label]!++
    if (place >= from && place < until) rows.push(row)
  }
  const short = seen.findIndex((count) => count < until)
  if (short >= 0) {
    invalid("imageSplit", "every class must have training and validation images", {
      class: short,
      images: seen[short]!,
      needed: until,
    })
  }
  return rows
}

/** The mean and the deviation of all numbers of these rows. */
const momentsOf = (
  { dimension, features }: Dataset,
  rows: ReadonlyArray<number>,
): { readonly mean: number; readonly deviation: number } => {
  let [sum, squares] = [0, 0]
  for (const row of rows) {
    for (let at = row * dimension; at < (row + 1) * dimension; at++) {
      const value = features[at]!
      sum += value
      squares += value * value
    }
  }
  const count = rows.length * dimension
  const mean = sum / count
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean))
  Require.positive("imageSplit", "deviation of the images", deviation)
  return { mean, deviation }
}

/**
 * Divides images: the first `trainPerClass` training images of each class are the training set, the next `validationPerClass` are the
 * validation set, and all test images are the test set. Pixels are standardised by their mean and standard deviation over all training
 * images. Throws InvalidInput if a class has too few images, or if all images are identical.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Datasets, imageSplit } from "@nonconvex/datasets"
 * import { NodeServices } from "@effect/platform-node"
 * import { Effect, Layer } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const datasets = yield* Datasets
 *   const all = yield* datasets.load("fashion-mnist")
 *   return imageSplit(all, { trainPerClass: 50, validationPerClass: 50 })
 * })
 * const live = Layer.provide(Datasets.layer, NodeServices.layer)
 * const { test, train, validation } = await Effect.runPromise(Effect.provide(program, live))
 * const counts = [train, validation, test].map(({ labels }) => labels.length)
 * counts // => [500, 500, 1000]
 * ```
 */
export const imageSplit = (
  { test, train }: TrainTest<Classification>,
  options: { readonly trainPerClass: number; readonly validationPerClass: number },
): ImageSplit => {
  const { trainPerClass, validationPerClass } = options
  Require.count("imageSplit", "trainPerClass", trainPerClass)
  Require.count("imageSplit", "validationPerClass", validationPerClass, 0)
  const { dimension, target } = train
  const learnt = rowsOf(train, 0, trainPerClass)
  const { deviation, mean } = momentsOf(train, learnt)
  const taken = (from: Dataset<Classification>, rows: ReadonlyArray<number>): Images => {
    const features = new Float32Array(rows.length * dimension)
    for (const [k, row] of rows.entries()) {
      for (let j = 0; j < dimension; j++)
        features[k * dimension + j] = (from.features[row * dimension + j]! - mean) / deviation
    }
    return { features, labels: Int32Array.from(rows, (row) => from.target.labels[row]!) }
  }
  return {
    dimension,
    classes: target.classes.length,
    train: taken(train, learnt),
    validation: taken(train, rowsOf(train, trainPerClass, trainPerClass + validationPerClass)),
    test: taken(test, Array.from(test.target.labels.keys())),
  }
}
