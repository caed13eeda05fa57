import type { Schema } from "effect"
import { distinct } from "./Summary.ts"

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
  readonly rows?: ReadonlyArray<Row> | undefined
  readonly where?: Where<Row> | undefined
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

/** What a specification draws: its own rows or the table, after some steps. */
const drawn = <Row>(
  { rows, where = {} }: Pick<ChartOptions<Row>, "rows" | "where">,
  further: Iterable<Schema.JsonObject> = [],
): { readonly data: Schema.JsonObject; readonly transform?: Schema.JsonArray } => {
  const transform = [...filters(where), ...further]
  return {
    data: rows === undefined ? table : { values: values(rows as ReadonlyArray<object>) },
    ...(transform.length === 0 ? {} : { transform }),
  }
}

const chart = <Row extends object>(
  mark: Schema.JsonObject,
  options: ChartOptions<Row>,
  order?: keyof Row & string,
): Figure => {
  const { dash, panel, series } = options
  const named = [series, dash, panel].filter((each) => each !== undefined)
  const labels = new Map(
    named.flatMap((each) => labelled(each).map((step) => [labelOf(each), step] as const)),
  )
  return {
    id: options.id,
    title: options.title,
    caption: options.caption,
    spec: {
      ...drawn(options, labels.values()),
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
  where,
  ...heading
}: Pick<ChartOptions<Row>, "id" | "title" | "caption" | "rows" | "where"> & {
  readonly spec: Schema.JsonObject
}): Figure => ({
  ...heading,
  spec: Object.assign(drawn({ rows, where }), spec),
})

/** The figure with further steps of Vega-Lite before it is drawn: `{ filter: { field: "step", gt: 0 } }`. */
export const transformed = (
  { spec, ...heading }: Figure,
  ...steps: ReadonlyArray<Schema.JsonObject>
): Figure => {
  const before = (spec["transform"] ?? []) as Schema.JsonArray
  return { ...heading, spec: Object.assign({}, spec, { transform: [...before, ...steps] }) }
}

const isObject = (value: Schema.Json | undefined): value is Schema.JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What a filter may ask of a field. */
const predicates: Readonly<Record<string, (value: Schema.Json, bound: Schema.Json) => boolean>> = {
  equal: (value, bound) => value === bound,
  oneOf: (value, bound) => Array.isArray(bound) && bound.includes(value),
  gt: (value, bound) => typeof value === "number" && value > Number(bound),
  gte: (value, bound) => typeof value === "number" && value >= Number(bound),
  lt: (value, bound) => typeof value === "number" && value < Number(bound),
  lte: (value, bound) => typeof value === "number" && value <= Number(bound),
}

/** Rows as a step of a transformation of ours leaves them; undefined where it is a step of another kind. */
const afterStep = (
  rows: ReadonlyArray<Schema.JsonObject>,
  step: Schema.Json,
): ReadonlyArray<Schema.JsonObject> | undefined => {
  if (!isObject(step)) return undefined
  const { as, filter } = step
  if (isObject(filter) && typeof filter["field"] === "string") {
    const { field, ...conditions } = filter
    const [[name, bound] = ["", null], ...more] = Object.entries(conditions)
    const holds = predicates[name]
    return holds === undefined || more.length > 0
      ? undefined
      : rows.filter((row) => holds(row[field] ?? null, bound))
  }
  if (typeof as !== "string") return undefined
  const [field = "", and = ""] = as.split(", ")
  if (
    JSON.stringify(labelled<Record<string, unknown>>({ field, and, title: "" })) !==
    JSON.stringify([step])
  )
    return undefined
  return rows.map((row) => {
    const [first, second] = [row[field], row[and]].map((part) =>
      typeof part === "string" ? part : JSON.stringify(part),
    )
    return Object.assign({}, row, { [as]: row[and] ? `${first} ${second}` : first! })
  })
}

/** A channel of names, in the order in which the rows first have them: panels would else be in that of the alphabet. */
const inOrder = (channel: Schema.Json, rows: ReadonlyArray<Schema.JsonObject>): Schema.Json => {
  if (!isObject(channel) || channel["sort"] !== null || typeof channel["field"] !== "string") {
    return channel
  }
  const { field } = channel
  return Object.assign({}, channel, { sort: distinct(rows.map((row) => row[field] ?? null)) })
}

/** The specification with the rows that it draws, those of `all` where it refers to the table: what a drawing needs. */
export const withTable = (spec: Schema.Json, all: ReadonlyArray<object>): Schema.Json => {
  if (!isObject(spec) || !isObject(spec["data"])) return spec
  const { data, encoding, transform, ...rest } = spec
  const own = data["values"]
  if (!Array.isArray(own) && data["name"] !== table.name) return spec
  let rows = (Array.isArray(own) ? own : values(all)) as ReadonlyArray<Schema.JsonObject>
  const steps = Array.isArray(transform) ? [...transform] : []
  for (let next = steps[0]; next !== undefined; next = steps[0]) {
    const after = afterStep(rows, next)
    if (after === undefined) break
    rows = after
    steps.shift()
  }
  return {
    ...rest,
    data: { values: rows as unknown as Schema.JsonArray },
    ...(steps.length === 0 ? {} : { transform: steps }),
    ...(encoding === undefined
      ? {}
      : {
          encoding: isObject(encoding)
            ? Object.fromEntries(
                Object.entries(encoding).map(([name, channel]) => [name, inOrder(channel, rows)]),
              )
            : encoding,
        }),
  }
}
