import { assert, describe, it } from "@effect/vitest"
import { InvalidInput } from "@nonconvex/numerics"
import * as LabelledImages from "../src/LabelledImages.ts"

describe("toDataset", () => {
  const images = {
    height: 1,
    width: 2,
    pixels: Uint8Array.of(1, 2, 3, 4),
    labels: Uint8Array.of(2, 0),
  }
  const options = {
    name: "images",
    classNames: ["zero", "one", "two"],
    provenance: { source: "here", licence: "none", notice: "none" },
  }

  it("has a row an image and the classes in their order", () => {
    const { features, featureNames, target } = LabelledImages.toDataset(images, {
      ...options,
      classes: [2, 0],
    })
    assert.deepStrictEqual(features, Float64Array.of(1, 2, 3, 4))
    assert.deepStrictEqual(featureNames, ["pixel-0-0", "pixel-0-1"])
    assert.deepStrictEqual(target.classes, ["two", "zero"])
    assert.deepStrictEqual(target.labels, Int32Array.of(0, 1))
  })

  it("refuses an image of no class", () => {
    assert.throws(
      () => LabelledImages.toDataset(images, { ...options, classes: [0] }),
      InvalidInput,
      "image = 0",
    )
  })
})

describe("halved", () => {
  it("has the mean of each square of 2 x 2 pixels, image by image", () => {
    // 0 to 15 row by row, and the same upside down
    const pixels = Array.from({ length: 16 }, (_, k) => k)
    const features = Float64Array.from([...pixels, ...pixels.toReversed()])
    assert.deepStrictEqual(
      LabelledImages.halved({ features, samples: 2, dimension: 16 }),
      Float64Array.of(2.5, 4.5, 10.5, 12.5, 12.5, 10.5, 4.5, 2.5),
    )
  })

  it.each([9, 8, 0])("refuses images of %i pixels", (dimension) => {
    const features = new Float64Array(dimension)
    assert.throws(
      () => LabelledImages.halved({ features, samples: 1, dimension }),
      InvalidInput,
      "half of the side must be an integer",
    )
  })
})

describe("grey", () => {
  it("is of each pixel the mean of its colours", () => {
    const features = Float64Array.of(3, 6, 9, 0, 0, 30, 1, 1, 1, 255, 255, 255)
    const grey = LabelledImages.grey({ features, samples: 2, dimension: 6 })
    assert.deepStrictEqual(grey, {
      features: Float64Array.of(6, 10, 1, 255),
      samples: 2,
      dimension: 2,
    })
  })

  it("refuses what has no three colours a pixel", () => {
    const images = { features: new Float64Array(4), samples: 1, dimension: 4 }
    assert.throws(() => LabelledImages.grey(images), /pixels/)
  })
})
