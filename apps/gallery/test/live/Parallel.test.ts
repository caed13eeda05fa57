import { assert, describe, it } from "@effect/vitest"
import { problems, outsideVocabulary } from "@nonconvex/figures"
import type { Schema } from "effect"
import { parallel } from "../../src/live/Parallel.ts"

const rows = [
  { radius: 0.01, method: "SAM", metric: 1 },
  { radius: 0.1, method: "GD", metric: 2 },
  { radius: 1, method: "SAM", metric: Number.NaN },
  { radius: 1, method: "GD" },
  { radius: 1, method: "SAM", metric: 4 },
]

const linesOf = (spec: Schema.JsonObject) =>
  (
    spec as unknown as {
      readonly layer: ReadonlyArray<{
        readonly data: { readonly values: ReadonlyArray<Schema.JsonObject> }
      }>
    }
  ).layer[0]!.data.values

describe("parallel coordinates", () => {
  it("are a line a trial that has all columns, from the least to the most of each, in logarithms where these are far apart", () => {
    const figure = parallel(rows, ["radius", "method", "metric"])!
    const lines = linesOf(figure.spec as Schema.JsonObject)
    assert.lengthOf(lines, 9)
    const places = (axis: string) =>
      lines.filter((each) => each["axis"] === axis).map(({ place }) => Number(place))
    assert.deepStrictEqual(
      places("radius").map((place) => Math.round(1e9 * place)),
      [0, 5e8, 1e9],
    )
    assert.deepStrictEqual(places("method"), [1, 0, 1])
    assert.deepStrictEqual(
      places("metric").map((place) => Math.round(3e9 * place)),
      [0, 1e9, 3e9],
    )
    assert.include(figure.caption, "2 of 5 trials are not drawn")
  })

  it("say nothing that a figure may not say, and lose no row", () => {
    const figure = parallel(rows, ["radius", "metric"])!
    assert.isUndefined(outsideVocabulary(figure.spec))
    assert.deepStrictEqual(problems(figure as Parameters<typeof problems>[0], []), [])
  })

  it("are none of one trial or one column, and no more lines than can be told apart", () => {
    assert.isUndefined(parallel(rows, ["radius"]))
    assert.isUndefined(parallel(rows.slice(0, 1), ["radius", "metric"]))
    const many = Array.from({ length: 2500 }, (_, k) => ({ k, metric: k % 7 }))
    const figure = parallel(many, ["k", "metric"])!
    assert.isAtMost(linesOf(figure.spec as Schema.JsonObject).length, 2000)
    assert.include(figure.caption, "of 2500 trials are not drawn")
  })

  it("have values that differ in their last digits by as many as tell them apart", () => {
    const near = [1, 1.00000025, 1.0000005].map((metric, radius) => ({ radius, metric }))
    const spec = JSON.stringify(parallel(near, ["radius", "metric"])!.spec)
    const labels = Array.from(
      spec.matchAll(/"axis":"metric"[^}]*"label":"([^"]+)"/g),
      ([, label]) => label,
    )
    assert.deepStrictEqual(labels, ["1", "1.0000003", "1.0000005"])
  })
})
