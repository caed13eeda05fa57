import { assert, describe, it } from "@effect/vitest"
import type { Classification, Dataset } from "../src/Dataset.ts"
import { imageSplit } from "../src/ImageSplit.ts"

/** Images of two pixels, of which the first is the row; classes by turns. */
const images = (samples: number): Dataset<Classification> => ({
  name: "images",
  features: Float64Array.from({ length: 2 * samples }, (_, k) => (k % 2 === 0 ? k / 2 : 7)),
  samples,
  dimension: 2,
  featureNames: ["a", "b"],
  target: {
    _tag: "Classification",
    labels: Int32Array.from({ length: samples }, (_, i) => i % 3),
    classes: ["x", "y", "z"],
  },
  provenance: { source: "test", licence: "MIT", notice: "made up" },
})

describe("imageSplit", () => {
  it("takes the first of each class, the next, and all to test, by the moments of those to learn from", () => {
    const all = { train: images(20), test: images(5) }
    const split = imageSplit(all, { trainPerClass: 2, validationPerClass: 3 })
    const [mean, deviation] = [(15 / 6 + 7) / 2, Math.sqrt((55 / 6 + 49) / 2 - 4.75 ** 2)]
    const rows = (features: Float32Array) =>
      Array.from(
        features.filter((_, k) => k % 2 === 0),
        (x) => Math.abs(Math.round(x * deviation + mean)),
      )
    assert.deepStrictEqual(rows(split.train.features), [0, 1, 2, 3, 4, 5])
    assert.deepStrictEqual(rows(split.validation.features), [6, 7, 8, 9, 10, 11, 12, 13, 14])
    assert.deepStrictEqual(rows(split.test.features), [0, 1, 2, 3, 4])
    assert.deepStrictEqual(Array.from(split.validation.labels), [0, 1, 2, 0, 1, 2, 0, 1, 2])
    assert.closeTo(split.train.features[1]!, (7 - mean) / deviation, 1e-6)
    assert.deepStrictEqual([split.dimension, split.classes], [2, 3])
  })

  it("refuses more images of a class than there are", () => {
    const all = { train: images(20), test: images(5) }
    assert.throws(() => imageSplit(all, { trainPerClass: 4, validationPerClass: 3 }), /class/)
  })
})
