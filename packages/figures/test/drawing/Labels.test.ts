import { assert, describe, it } from "@effect/vitest"
import * as Figure from "../../src/index.ts"
import { specification } from "../../src/drawing/Drawing.ts"
import { isObject } from "../../src/index.ts"
import type { Schema } from "effect"

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, series) =>
    [1, 2, 3].map((x) => ({ x, y: (series + 1) * x, name: `series ${series}` })),
  ).flat()

const options = {
  id: "figure",
  title: "Figure",
  caption: "",
  x: { field: "x", title: "x" },
  y: { field: "y", title: "y" },
  series: { field: "name", title: "name" },
} as const

const drawn = (figure: Figure.Figure, screen: "wide" | "narrow" = "wide"): Schema.JsonObject =>
  specification(figure.spec, [], screen) as unknown as Schema.JsonObject

const layersOf = ({ layer }: Schema.JsonObject): ReadonlyArray<Schema.JsonObject> =>
  Array.isArray(layer) ? layer.filter(isObject) : []

/** Labels drawn in place of a legend. */
const labelsOf = (spec: Schema.JsonObject): ReadonlyArray<string> =>
  layersOf(spec)
    .filter(({ name }) => name === "labels")
    .flatMap(({ data }) => (data as { readonly values: ReadonlyArray<{ name: string }> }).values)
    .map(({ name }) => name)

const legendsOf = (spec: Schema.JsonObject) =>
  [spec, ...layersOf(spec)].flatMap(({ encoding, name }) => {
    const colour = isObject(encoding) && name === undefined ? encoding["color"] : undefined
    return isObject(colour) ? [colour["legend"] !== null] : []
  })

describe("labels at lines", () => {
  it("take the place of a legend of fewer than seven", () => {
    const spec = drawn(Figure.lines({ ...options, rows: rowsOf(6) }))
    assert.sameMembers(
      [...labelsOf(spec)],
      [0, 1, 2, 3, 4, 5].map((series) => `series ${series}`),
    )
    assert.deepStrictEqual(legendsOf(spec), [false])
  })

  it("are left to the legend of seven, of points, and of names without room", () => {
    const long = rowsOf(3).map((row) => ({ ...row, name: `${row.name} ${"of words ".repeat(9)}` }))
    for (const figure of [
      Figure.lines({ ...options, rows: rowsOf(7) }),
      Figure.points({ ...options, rows: rowsOf(3) }),
      Figure.lines({ ...options, rows: long }),
    ]) {
      const spec = drawn(figure)
      assert.deepStrictEqual(labelsOf(spec), [])
      assert.deepStrictEqual(legendsOf(spec), [true])
    }
  })

  it("name references, also among points", () => {
    const figure = Figure.points({
      ...options,
      rows: rowsOf(2),
      references: [Figure.level("promised", 2)],
    })
    assert.deepStrictEqual(labelsOf(drawn(figure)), ["promised"])
  })
})

describe("points and lines of series", () => {
  it("have shapes, and lines with a legend dashes", () => {
    const points = drawn(Figure.points({ ...options, rows: rowsOf(3) }))
    assert.nestedProperty(points, "encoding.shape")
    const crowded = Array.from({ length: 40 }, (_, x) => [
      { x, y: x, name: "of many words, ".repeat(6) },
      { x, y: 2 * x, name: "short" },
    ]).flat()
    assert.nestedProperty(drawn(Figure.lines({ ...options, rows: crowded })), "encoding.strokeDash")
  })
})
