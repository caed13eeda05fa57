/** Two classes of Fashion-MNIST as regression on -1 and 1: the stand-in for the image pairs of the paper. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as FashionMnist from "@nonconvex/datasets/FashionMnist"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Effect } from "effect"
import { requireSigns } from "../../network/OutputLoss.ts"

export interface Images {
  readonly features: Float64Array
  /** -1 of the first class, 1 of the second. */
  readonly labels: Float64Array
}

export interface ImagePair {
  readonly train: Images
  readonly test: Images
  readonly inputs: number
  /** "installed" of the full files, "shipped" of the part that comes with the project. */
  readonly source: "installed" | "shipped"
}

/** The first `count` images of the two classes, alternately, each centred and scaled to norm sqrt(d). */
const prepared = (data: Dataset.Dataset<Dataset.Classification>, count: number): Images => {
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
    for (let j = 0; j < d; j++) squares += (row[j]! - mean) ** 2
    const scale = squares === 0 ? 0 : Math.sqrt(d / squares)
    for (let j = 0; j < d; j++) row[j] = (row[j]! - mean) * scale
  })
  const labels = Float64Array.from(chosen, (from) => (target.labels[from] === 0 ? -1 : 1))
  requireSigns("FashionPair", labels)
  return { features: out, labels }
}

/** T-shirts and pullovers: from the installed files if they are there and asked for, else from the shipped part. */
export const fashionPair = Effect.fn("FashionPair")(function* (options: {
  readonly train: number
  readonly test: number
  readonly installed: boolean
}) {
  const { installed, test, train } = options
  const shipped = Effect.gen(function* () {
    const datasets = yield* Datasets
    return { data: yield* datasets.load("fashion-mnist-0-2"), source: "shipped" as const }
  }).pipe(Effect.provide(Datasets.layer))
  const full = FashionMnist.read({
    classes: [0, 2],
    trainPerClass: Math.ceil(train / 2),
    testPerClass: Math.ceil(test / 2),
  }).pipe(Effect.map((data) => ({ data, source: "installed" as const })))
  const { data, source } = yield* installed
    ? full.pipe(Effect.catchTag("FashionMnistNotFound", () => shipped))
    : shipped
  return {
    train: prepared(data.train, train),
    test: prepared(data.test, test),
    inputs: data.train.dimension,
    source,
  } satisfies ImagePair
})
