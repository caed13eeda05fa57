import { assert, describe, it } from "@effect/vitest"
import { InvalidInput } from "@nonconvex/numerics"
import * as LabelledImages from "../src/LabelledImages.ts"

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
