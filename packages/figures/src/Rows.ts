/** Rows of a figure, its own or those of the table, after this project's transforms. */
import type { Schema } from "effect"

type Rows = ReadonlyArray<Schema.JsonObject>

/** The data of a figure that draws the table of its experiment. */
export const table = { name: "table" }

/** Tests whether JSON is an object, and neither a list nor null. */
export const isObject = (value: Schema.Json | undefined): value is Schema.JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A value as a label shows it; empty if there is none. */
export const textOf = (value: Schema.Json | undefined): string =>
  typeof value === "string"
    ? value
    : value === undefined || value === null
      ? ""
      : JSON.stringify(value)

/**
 * Rows as JSON, which has no NaN and no infinities: numbers that are not finite become null.
 *
 * @internal
 */
export const values = (rows: ReadonlyArray<object>): Schema.JsonArray =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]: [string, Schema.Json]) => [
        field,
        typeof value === "number" && !Number.isFinite(value) ? null : value,
      ]),
    ),
  )

/**
 * Transform that keeps the rows whose columns have a value, or one of several values.
 *
 * @internal
 */
export const filters = (where: object): ReadonlyArray<Schema.JsonObject> =>
  Object.entries(where).map(([field, value]: [string, Schema.Json]) => ({
    filter: Array.isArray(value) ? { field, oneOf: value } : { field, equal: value },
  }))

/**
 * Transform that names a series by two columns, or by the first alone if the second is 0 or empty.
 *
 * @internal
 */
export const labelled = (field: string, and: string): Schema.JsonObject => {
  const [first, second] = [field, and].map((name) => `datum[${JSON.stringify(name)}]`)
  return { calculate: `${second} ? ${first} + ' ' + ${second} : ${first}`, as: `${field}, ${and}` }
}

/**
 * Transform that moves values below a bound, or above it, to the bound.
 *
 * @internal
 */
export const bounded = (field: string, side: "<" | ">", bound: number): Schema.JsonObject => {
  const value = `datum[${JSON.stringify(field)}]`
  return {
    calculate: `isNumber(${value}) && ${value} ${side} ${bound} ? ${bound} : ${value}`,
    as: field,
  }
}

/** Predicates of a filter on a field. */
const predicates: Readonly<Record<string, (value: Schema.Json, bound: Schema.Json) => boolean>> = {
  equal: (value, bound) => value === bound,
  oneOf: (value, bound) => Array.isArray(bound) && bound.includes(value),
  gt: (value, bound) => typeof value === "number" && value > Number(bound),
  gte: (value, bound) => typeof value === "number" && value >= Number(bound),
  lt: (value, bound) => typeof value === "number" && value < Number(bound),
  lte: (value, bound) => typeof value === "number" && value <= Number(bound),
}

const isSame = (a: Schema.Json, b: Schema.Json): boolean => JSON.stringify(a) === JSON.stringify(b)

const afterBound = (rows: Rows, step: Schema.JsonObject, field: string): Rows | undefined => {
  const [, side, written] = / ([<>]) (\S+) \? /.exec(textOf(step["calculate"])) ?? []
  const bound = Number(written)
  if ((side !== "<" && side !== ">") || !isSame(step, bounded(field, side, bound))) return undefined
  return rows.map((row) => {
    const value = row[field]
    const isBeyond = typeof value === "number" && (side === "<" ? value < bound : value > bound)
    return isBeyond ? Object.assign({}, row, { [field]: bound }) : row
  })
}

/** Rows after one of our transforms; undefined for a transform of another kind. */
const afterStep = (rows: Rows, step: Schema.Json): Rows | undefined => {
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
  if (!isSame(step, labelled(field, and))) return afterBound(rows, step, as)
  return rows.map((row) => {
    const [first, second] = [row[field], row[and]].map(textOf)
    return Object.assign({}, row, { [as]: row[and] ? `${first} ${second}` : first! })
  })
}

/**
 * Rows of a specification, its own or its parent's, and the transforms that are left to Vega-Lite.
 *
 * @internal
 */
export const rowsOf = (
  { data, transform }: Schema.JsonObject,
  inherited: Rows,
  all: ReadonlyArray<object>,
): { readonly rows: Rows; readonly steps: Schema.JsonArray } => {
  const own = isObject(data) ? data["values"] : undefined
  const isTable = isObject(data) && data["name"] === table.name
  let rows = Array.isArray(own)
    ? (own as Rows)
    : isTable
      ? (values(all) as unknown as Rows)
      : inherited
  const steps: Array<Schema.Json> = Array.isArray(transform) ? [...transform] : []
  for (let next = steps[0]; next !== undefined; next = steps[0]) {
    const after = afterStep(rows, next)
    if (after === undefined) break
    rows = after
    steps.shift()
  }
  return { rows, steps }
}

/** Rows grouped by the text of some columns, in order of first occurrence. */
export const grouped = (
  rows: Rows,
  fields: ReadonlyArray<string | undefined>,
): ReadonlyMap<string, Rows> => {
  const groups = new Map<string, Array<Schema.JsonObject>>()
  for (const row of rows) {
    const key = fields
      .flatMap((field) => (field === undefined ? [] : [textOf(row[field])]))
      .filter((name) => name !== "")
      .join(", ")
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

/**
 * Values of a column in order of first occurrence.
 *
 * @internal
 */
export const valuesOf = (rows: Rows, field: string): ReadonlyArray<Schema.Json> => [
  ...new Set(rows.map((row) => row[field] ?? null)),
]
