import { Schema } from "effect"
import { compile, type TopLevelSpec } from "vega-lite"
import { assert, describe, it } from "vitest"
import * as Figure from "../src/index.ts"

interface Row {
  readonly step: number
  readonly loss: number
  readonly method: string
  readonly radius: number
}

const rows: ReadonlyArray<Row> = [
  { step: 0, loss: 1, method: "usam", radius: 0.1 },
  { step: 1, loss: Infinity, method: "usam", radius: 0.1 },
  { step: 0, loss: 2, method: "sam", radius: 0.05 },
  { step: 1, loss: NaN, method: "sam", radius: 0.05 },
]

const options = {
  id: "losses",
  title: "Losses",
  caption: "They fall.",
  rows,
  x: { field: "step", title: "step" },
  y: { field: "loss", title: "loss", scale: "log" },
  series: { field: "method", title: "method" },
  panel: { field: "radius", title: "radius" },
} as const

const figures = [
  Figure.lines({ ...options, dash: { field: "method", title: "method" } }),
  Figure.path({ ...options, order: "step" }),
  Figure.points(options),
]

const encodingOf = (figure: Figure.Figure) =>
  figure.spec["encoding"] as Readonly<Record<string, Schema.JsonObject>>

describe("Figure", () => {
  it.each(figures)("$spec.mark.type is JSON that survives its text", ({ spec }) => {
    const json = Schema.decodeUnknownSync(Schema.Json)(spec)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(json)), spec)
  })

  it.each(figures)("$spec.mark.type compiles to a Vega specification", ({ spec }) => {
    const warnings: Array<unknown> = []
    const note = (...messages: ReadonlyArray<unknown>) => {
      warnings.push(...messages)
      return logger
    }
    const logger = {
      level: () => logger,
      error: note,
      warn: note,
      info: () => logger,
      debug: () => logger,
    }
    const { marks } = compile(spec as unknown as TopLevelSpec, { logger }).spec
    assert.isAbove(marks!.length, 0)
    assert.deepStrictEqual(warnings, [])
  })

  it("leaves out what is not finite, as a gap", () => {
    const losses = rows.map((row, i) => ({ ...row, loss: [1, null, 2, null][i] ?? null }))
    assert.deepStrictEqual(figures[0]!.spec["data"], { values: losses })
  })

  it("names series in the order of the rows", () => {
    for (const channel of ["color", "strokeDash", "facet"]) {
      assert.isNull(encodingOf(figures[0]!)[channel]?.["sort"])
    }
  })

  it("refers to the table of the experiment, and to those of its rows that it draws", () => {
    const { rows: _, ...ofTable } = options
    const { spec } = Figure.lines<Row>({
      ...ofTable,
      where: { method: ["sam", "usam"], radius: 0.1 },
      series: { field: "method", and: "radius", title: "method" },
    })
    assert.deepStrictEqual(spec["data"], { name: "table" })
    assert.deepStrictEqual(spec["transform"], [
      { filter: { field: "method", oneOf: ["sam", "usam"] } },
      { filter: { field: "radius", equal: 0.1 } },
      {
        calculate: `datum["radius"] ? datum["method"] + ' ' + datum["radius"] : datum["method"]`,
        as: "method, radius",
      },
    ])
    const drawn = Figure.withTable(spec, rows) as Schema.JsonObject
    assert.deepStrictEqual(drawn["data"], {
      values: [
        { step: 0, loss: 1, method: "usam", radius: 0.1, "method, radius": "usam 0.1" },
        { step: 1, loss: null, method: "usam", radius: 0.1, "method, radius": "usam 0.1" },
      ],
    })
    assert.notProperty(drawn, "transform")
  })

  it("draws panels and series in the order of the rows that are left", () => {
    const channels = (where: NonNullable<Parameters<typeof Figure.lines<Row>>[0]["where"]>) => {
      const { rows: _, ...ofTable } = options
      const { encoding } = Figure.withTable(
        Figure.lines<Row>({ ...ofTable, where }).spec,
        rows,
      ) as unknown as { readonly encoding: Readonly<Record<string, Schema.JsonObject>> }
      return [encoding["color"]?.["sort"], encoding["facet"]?.["sort"]]
    }
    assert.deepStrictEqual(channels({}), [
      ["usam", "sam"],
      [0.1, 0.05],
    ])
    assert.deepStrictEqual(channels({ method: "sam" }), [["sam"], [0.05]])
  })

  it("takes the steps of filters by itself, so that axes are of the rows that are drawn", () => {
    const left = (filter: Schema.JsonObject) => {
      const { rows: _, ...ofTable } = options
      const figure = Figure.transformed(Figure.lines<Row>(ofTable), { filter })
      const { data } = Figure.withTable(figure.spec, rows) as unknown as {
        readonly data: { readonly values: ReadonlyArray<Row> }
      }
      return data.values.map(({ loss }): number | null => loss)
    }
    assert.deepStrictEqual(left({ field: "step", gt: 0 }), [null, null])
    assert.deepStrictEqual(left({ field: "loss", gte: 2 }), [2])
    assert.deepStrictEqual(left({ field: "loss", lt: 2 }), [1])
    assert.deepStrictEqual(left({ field: "radius", lte: 0.05 }), [2, null])
    assert.deepStrictEqual(left({ field: "method", oneOf: ["usam"] }), [1, null])
  })

  it("leaves other transformations and other data to who draws", () => {
    const transform = [{ filter: "datum.loss > 0" }, { filter: { field: "method", equal: "sam" } }]
    const spec = { data: { name: "table" }, transform, mark: "point" }
    const drawn = Figure.withTable(spec, rows) as Schema.JsonObject
    assert.deepStrictEqual(drawn["transform"], transform)
    const other = { data: { name: "another" }, mark: "point" }
    assert.deepStrictEqual(Figure.withTable(other, rows), other)
  })

  it("draws a path in the order of its own field", () => {
    assert.deepStrictEqual(encodingOf(figures[1]!)["order"], {
      field: "step",
      type: "quantitative",
    })
    assert.isUndefined(encodingOf(figures[0]!)["order"])
  })
})
