import { assert, describe, it } from "@effect/vitest"
import type { Dataset, Regression } from "../src/Dataset.ts"
import * as Transform from "../src/Transform.ts"
import * as Affine from "../src/internal/Affine.ts"

const dataset = (rows: ReadonlyArray<ReadonlyArray<number>>): Dataset<Regression> => ({
  name: "table",
  features: Float64Array.from(rows.flat()),
  samples: rows.length,
  dimension: rows[0]!.length,
  featureNames: rows[0]!.map((_, j) => `x${j}`),
  target: { _tag: "Regression", values: new Float64Array(rows.length) },
  provenance: { source: "test", licence: "MIT", notice: "made up" },
})

const data = {
  train: dataset([
    [1, 5, 0.1],
    [3, 5, 0.1],
    [5, 5, 0.1],
    [7, 5, 0.1],
  ]),
  test: dataset([[4, 6, 0.3]]),
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

describe("standardise", () => {
  it("takes mean and deviation from the training set only", () => {
    const { train, test, transform } = Transform.standardise(data)
    const deviation = Math.sqrt(5)
    assert.deepStrictEqual(transform, {
      shift: Float64Array.of(4, 5, 0.1),
      scale: Float64Array.of(deviation, 1, 1),
    })
    assert.deepStrictEqual(
      Array.from(train.features).filter((_, k) => k % 3 === 0),
      [-3 / deviation, -1 / deviation, 1 / deviation, 3 / deviation],
    )
    assert.deepStrictEqual(test.features, Float64Array.of(0, 1, 0.3 - 0.1))
  })

  it("leaves the input and the target alone", () => {
    const before = data.train.features.slice()
    const { train } = Transform.standardise(data)
    assert.deepStrictEqual(data.train.features, before)
    assert.strictEqual(train.target, data.train.target)
  })

  it("returns a transform for data that come later", () => {
    const { test, transform } = Transform.standardise(data)
    assert.deepStrictEqual(Affine.apply(transform, data.test).features, test.features)
  })

  it.each([1e-320, 1e-170, 1e160, 1e300])("has mean 0 and deviation 1 at the scale %s", (unit) => {
    const scaled = dataset([[1 * unit], [2 * unit], [6 * unit]])
    const { train } = Transform.standardise({ train: scaled, test: scaled })
    // Subnormal numbers carry few digits: 1e-320 has 11 bits.
    const tolerance = unit < 1e-300 ? 1e-3 : 1e-14
    assert.closeTo(mean(train.features), 0, tolerance)
    assert.closeTo(mean(train.features.map((value) => value ** 2)), 1, tolerance)
  })
})

describe("scale01", () => {
  it("maps the range of each training feature to [0, 1] and does not clip the test set", () => {
    const { train, test } = Transform.scale01(data)
    assert.deepStrictEqual(Array.from(train.features), [0, 0, 0, 2 / 6, 0, 0, 4 / 6, 0, 0, 1, 0, 0])
    assert.deepStrictEqual(test.features, Float64Array.of(0.5, 1, 0.3 - 0.1))
  })

  it("maps a given range for all features alike", () => {
    const pixels = { train: dataset([[0, 51, 255]]), test: dataset([[255, 102, 0]]) }
    const { train, test } = Transform.scale01(pixels, [0, 255])
    assert.deepStrictEqual(train.features, Float64Array.of(0, 0.2, 1))
    assert.deepStrictEqual(test.features, Float64Array.of(1, 0.4, 0))
  })
})
