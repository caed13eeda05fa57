/** A shape or a dash pattern for each series, in addition to its colour. */
import type { Schema } from "effect"
import { isObject, valuesOf } from "../Rows.ts"
import { columnOf, type View, views } from "../View.ts"

const shapes = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"]

const dashes = [
  [1, 0],
  [7, 3],
  [2, 3],
  [10, 3, 2, 3],
  [5, 5],
  [12, 4],
]

const has = (drawn: ReadonlyArray<View>, channel: string): boolean =>
  drawn.some(({ encoding }) => channel in encoding)

/** Channels that every mark of a kind gets if it has a colour. */
const withChannel = (
  spec: Schema.JsonObject,
  type: string,
  channel: string,
  range: Schema.JsonArray,
): Schema.JsonObject => {
  const { encoding, layer, mark, spec: inner } = spec
  const within = (part: Schema.Json) =>
    isObject(part) ? withChannel(part, type, channel, range) : part
  const own = isObject(mark) ? mark : { type: mark ?? "" }
  const colour = isObject(encoding) ? encoding["color"] : undefined
  const isOne = own["type"] === type && own["style"] === undefined && isObject(colour)
  const { scale, ...same } = isObject(colour) ? colour : {}
  const domain =
    isObject(scale) && Array.isArray(scale["domain"]) ? { domain: scale["domain"] } : {}
  const added = isOne
    ? {
        encoding: Object.assign({}, encoding, {
          [channel]: Object.assign({}, same, { scale: { ...domain, range } }),
        }),
      }
    : {}
  return Object.assign(
    {},
    spec,
    added,
    inner === undefined ? {} : { spec: within(inner) },
    Array.isArray(layer) ? { layer: layer.map(within) } : {},
  )
}

const countOf = (drawn: ReadonlyArray<View>): number => {
  const names = drawn.flatMap((view) => {
    const [field, channel] = [columnOf(view, "color"), view.encoding["color"]]
    const isNamed = isObject(channel) && channel["type"] === "nominal"
    return field === undefined || !isNamed ? [] : valuesOf(view.rows, field)
  })
  return new Set(names).size
}

const canHave = (spec: Schema.JsonObject, type: string, channel: string): boolean => {
  const drawn = views(spec)
  const count = countOf(drawn)
  const isOne = ({ encoding, mark, style }: View) =>
    mark === type && style === undefined && "color" in encoding
  return count > 1 && count <= shapes.length && drawn.some(isOne) && !has(drawn, channel)
}

/** Specification, with its rows, that gives the points of each series a shape. */
export const withShapes = (spec: Schema.JsonObject): Schema.JsonObject =>
  canHave(spec, "point", "shape") ? withChannel(spec, "point", "shape", shapes) : spec

/** Specification, with its rows, that gives the lines of each series dashes, unless points distinguish them. */
export const withDashes = (spec: Schema.JsonObject): Schema.JsonObject =>
  canHave(spec, "line", "strokeDash") && !has(views(spec), "shape")
    ? withChannel(spec, "line", "strokeDash", dashes)
    : spec
