import type { Schema } from "effect"

/** A picture as a Vega-Lite specification without a data source of its own: data that can be stored, tested and drawn. */
export interface Figure {
  /** Unique within the experiment, kebab-case: it names the file. */
  readonly id: string
  readonly title: string
  /** What to see in it, in a sentence or two. */
  readonly caption: string
  readonly spec: Schema.JsonObject
}

export interface Axis<Row> {
  readonly field: keyof Row & string
  readonly title: string
  readonly scale?: "linear" | "log" | "symlog"
}

interface ChartOptions<Row> {
  readonly id: string
  readonly title: string
  readonly caption: string
  readonly rows: ReadonlyArray<Row>
  readonly x: Axis<Row>
  readonly y: Axis<Row>
  /** One colour a value of this field. */
  readonly series?: Axis<Row>
  /** One pattern of dashes a value of this field; of lines only. */
  readonly dash?: Axis<Row>
  /** One panel a value of this field. */
  readonly panel?: Axis<Row>
}

const quantitative = <Row>({ field, scale = "linear", title }: Axis<Row>) => ({
  field,
  title,
  type: "quantitative",
  // a logarithmic scale has no zero to leave out, and warns of it
  scale: { type: scale, nice: true, ...(scale === "log" ? {} : { zero: false }) },
})

/** A field of names, in the order in which the rows first have them and not of the alphabet. */
const nominal = <Row>({ field, title }: Axis<Row>, rows: ReadonlyArray<Row>) => ({
  field,
  title,
  type: "nominal",
  sort: [...new Set(rows.map((row) => row[field]))] as Schema.JsonArray,
})

/** JSON has no NaN and no infinities: a point that is not there is null, which breaks a line. */
const values = (rows: ReadonlyArray<object>): Schema.JsonArray =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]: [string, Schema.Json]) => [
        field,
        typeof value === "number" && !Number.isFinite(value) ? null : value,
      ]),
    ),
  )

const chart = <Row extends object>(
  mark: Schema.JsonObject,
  options: ChartOptions<Row>,
  order?: keyof Row & string,
): Figure => ({
  id: options.id,
  title: options.title,
  caption: options.caption,
  spec: {
    data: { values: values(options.rows) },
    mark,
    encoding: {
      x: quantitative(options.x),
      y: quantitative(options.y),
      ...(options.series === undefined ? {} : { color: nominal(options.series, options.rows) }),
      ...(options.dash === undefined ? {} : { strokeDash: nominal(options.dash, options.rows) }),
      ...(options.panel === undefined
        ? {}
        : { facet: { ...nominal(options.panel, options.rows), columns: 2 } }),
      ...(order === undefined ? {} : { order: { field: order, type: "quantitative" } }),
    },
  },
})

/** Lines through the rows in the order of x. */
export const lines = <Row extends object>(options: ChartOptions<Row>): Figure =>
  chart({ type: "line", interpolate: "linear", clip: true }, options)

/** A path through the rows in their own order: a trajectory in the plane. */
export const path = <Row extends object>(
  options: ChartOptions<Row> & { readonly order: keyof Row & string },
): Figure => chart({ type: "line", clip: true }, options, options.order)

/** One point a row. */
export const points = <Row extends object>(options: ChartOptions<Row>): Figure =>
  chart({ type: "point", filled: true, size: 45, opacity: 0.8, clip: true }, options)
