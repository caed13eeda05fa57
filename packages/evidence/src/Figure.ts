import type { Schema } from "effect"

/**
 * A picture as a Vega-Lite specification: data that can be stored, tested and drawn.
 *
 * Its data are `{ name: "table" }`, the rows of the experiment, which it refers to and does not copy; or `{ values }` where it draws
 * rows of its own, such as means or what a theory predicts.
 */
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

/** What tells series or panels apart: a column, or one with a second that is added to its name unless it is 0 or empty. */
export interface Series<Row> extends Axis<Row> {
  readonly and?: keyof Row & string
}

/** The rows that a figure draws: those whose columns have the value, or one of the values, that is named here. */
export type Where<Row> = {
  readonly [Column in keyof Row]?: Row[Column] | ReadonlyArray<Row[Column]>
}

interface ChartOptions<Row> {
  readonly id: string
  readonly title: string
  readonly caption: string
  /** Rows of the figure's own; default the table of the experiment. */
  readonly rows?: ReadonlyArray<Row>
  readonly where?: Where<Row>
  readonly x: Axis<Row>
  readonly y: Axis<Row>
  /** One colour a value. */
  readonly series?: Series<Row>
  /** One pattern of dashes a value; of lines only. */
  readonly dash?: Series<Row>
  /** One panel a value. */
  readonly panel?: Series<Row>
}

const table = { name: "table" }

const quantitative = <Row>({ field, scale = "linear", title }: Axis<Row>) => ({
  field,
  title,
  type: "quantitative",
  // a logarithmic scale has no zero to leave out, and warns of it
  scale: { type: scale, nice: true, ...(scale === "log" ? {} : { zero: false }) },
})

const labelOf = <Row>({ and, field }: Series<Row>): string =>
  and === undefined ? field : `${field}, ${and}`

/** A field of names, in the order in which the rows first have them and not of the alphabet. */
const nominal = <Row>(series: Series<Row>) => ({
  field: labelOf(series),
  title: series.title,
  type: "nominal",
  sort: null,
})

const labelled = <Row>({ and, field }: Series<Row>): ReadonlyArray<Schema.JsonObject> => {
  if (and === undefined) return []
  const [first, second] = [field, and].map((name) => `datum[${JSON.stringify(name)}]`)
  return [
    { calculate: `${second} ? ${first} + ' ' + ${second} : ${first}`, as: `${field}, ${and}` },
  ]
}

const filters = (where: object): ReadonlyArray<Schema.JsonObject> =>
  Object.entries(where).map(([field, value]: [string, Schema.Json]) => ({
    filter: Array.isArray(value) ? { field, oneOf: value } : { field, equal: value },
  }))

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
): Figure => {
  const { dash, panel, rows, series, where = {} } = options
  const named = [series, dash, panel].filter((each) => each !== undefined)
  const labels = new Map(
    named.flatMap((each) => labelled(each).map((step) => [labelOf(each), step] as const)),
  )
  const transform = [...filters(where), ...labels.values()]
  return {
    id: options.id,
    title: options.title,
    caption: options.caption,
    spec: {
      data: rows === undefined ? table : { values: values(rows) },
      ...(transform.length === 0 ? {} : { transform }),
      mark,
      encoding: {
        x: quantitative(options.x),
        y: quantitative(options.y),
        ...(series === undefined ? {} : { color: nominal(series) }),
        ...(dash === undefined ? {} : { strokeDash: nominal(dash) }),
        ...(panel === undefined ? {} : { facet: { ...nominal(panel), columns: 2 } }),
        ...(order === undefined ? {} : { order: { field: order, type: "quantitative" } }),
      },
    },
  }
}

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

/** A figure of another kind: a specification without data, over the table of the experiment or over rows of its own. */
export const custom = <Row extends object>({
  rows,
  spec,
  where = {},
  ...heading
}: Pick<ChartOptions<Row>, "id" | "title" | "caption" | "rows" | "where"> & {
  readonly spec: Schema.JsonObject
}): Figure => {
  const transform = filters(where)
  return {
    ...heading,
    spec: {
      data: rows === undefined ? table : { values: values(rows) },
      ...(transform.length === 0 ? {} : { transform }),
      ...spec,
    },
  }
}

const isTable = (data: Schema.Json | undefined): boolean =>
  typeof data === "object" && data !== null && "name" in data && data["name"] === table.name

/** The specification with the rows of the table in the place where it refers to them: what a drawing needs. */
export const withTable = (spec: Schema.Json, rows: ReadonlyArray<object>): Schema.Json =>
  typeof spec === "object" &&
  spec !== null &&
  !Array.isArray(spec) &&
  isTable((spec as Schema.JsonObject)["data"])
    ? { ...(spec as Schema.JsonObject), data: { values: values(rows) } }
    : spec
