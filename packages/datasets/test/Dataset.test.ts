import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Dataset from "../src/Dataset.ts"

const provenance = { source: "test", licence: "MIT", notice: "made up" }

const flowers: Dataset.Dataset<Dataset.Classification> = {
  name: "flowers",
  features: Float64Array.of(1, 2, 3, 4, 5, 6),
  samples: 3,
  dimension: 2,
  featureNames: ["a", "b"],
  target: { _tag: "Classification", labels: Int32Array.of(2, 0, 2), classes: ["x", "y", "z"] },
  provenance,
}

const prices: Dataset.Dataset<Dataset.Regression> = {
  ...flowers,
  name: "prices",
  target: { _tag: "Regression", values: Float64Array.of(10, 20, 30) },
}

describe("Dataset", () => {
  it("gives rows as views", () => {
    assert.deepStrictEqual(Dataset.subset(flowers, [1]).features, Float64Array.of(3, 4))
  })

  it("takes rows in the order given, also twice, and keeps all classes", () => {
    const { features, samples, target } = Dataset.subset(flowers, [2, 0, 2])
    assert.strictEqual(samples, 3)
    assert.deepStrictEqual(features, Float64Array.of(5, 6, 1, 2, 5, 6))
    assert.deepStrictEqual(target.labels, Int32Array.of(2, 2, 2))
    assert.deepStrictEqual(target.classes, ["x", "y", "z"])
    assert.deepStrictEqual(Dataset.subset(prices, [1]).target.values, Float64Array.of(20))
  })

  it("copies in subset", () => {
    const part = Dataset.subset(flowers, [0])
    part.features[0] = 99
    assert.strictEqual(flowers.features[0], 1)
  })

  it.each([[3], [-1], [0.5], [Number.NaN]])("refuses row %s", (index) => {
    assert.throws(
      () => Dataset.subset(flowers, [index]),
      `data set "flowers" has rows 0 to 2, asked for row ${index}`,
    )
  })

  it("encodes labels as unit vectors", () => {
    assert.deepStrictEqual(Dataset.oneHot(flowers), Float64Array.of(0, 0, 1, 1, 0, 0, 0, 0, 1))
  })

  it("counts classes, empty ones too", () => {
    assert.deepStrictEqual(Dataset.classCounts(flowers), Int32Array.of(1, 0, 2))
  })
})

describe("Dataset.make", () => {
  it.effect("passes what is right", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Dataset.make(flowers), flowers)
      assert.strictEqual(yield* Dataset.make(prices), prices)
    }),
  )

  it.effect.each<{ dataset: Dataset.Dataset; message: string }>([
    {
      dataset: { ...flowers, samples: 0 },
      message: "the number of samples must be a positive integer, found 0",
    },
    {
      dataset: { ...flowers, dimension: 1.5 },
      message: "the dimension must be a positive integer, found 1.5",
    },
    {
      dataset: { ...flowers, samples: 4 },
      message: "the length of features must be 4 x 2 = 8, found 6",
    },
    {
      dataset: { ...flowers, featureNames: ["a"] },
      message: "the number of feature names must be 2, found 1",
    },
    {
      dataset: { ...flowers, features: Float64Array.of(1, 2, 3, Number.NaN, 5, 6) },
      message: 'row 1, feature "b" must be a finite number, found NaN',
    },
    {
      dataset: { ...flowers, target: { ...flowers.target, labels: Int32Array.of(0, 1) } },
      message: "the number of labels must be 3, found 2",
    },
    {
      dataset: { ...flowers, target: { ...flowers.target, labels: Int32Array.of(0, 3, 1) } },
      message: "label 1 must be a class index in 0 to 2, found 3",
    },
    {
      dataset: { ...flowers, target: { ...flowers.target, labels: Int32Array.of(0, 1, -1) } },
      message: "label 2 must be a class index in 0 to 2, found -1",
    },
    {
      dataset: { ...prices, target: { _tag: "Regression", values: Float64Array.of(1) } },
      message: "the number of values must be 3, found 1",
    },
    {
      dataset: {
        ...prices,
        target: { _tag: "Regression", values: Float64Array.of(1, Number.POSITIVE_INFINITY, 3) },
      },
      message: "value 1 must be a finite number, found Infinity",
    },
  ])("refuses: $message", ({ dataset, message }) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Dataset.make(dataset))
      assert.strictEqual(error.message, `data set "${dataset.name}": ${message}`)
    }),
  )
})
