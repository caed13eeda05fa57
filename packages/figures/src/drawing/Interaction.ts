/** Interactive figures: hidden series, other scales, tooltips and zoom. */
import { isObject, textOf } from "../Rows.ts"
import { columnOf, views } from "../View.ts"
import type { Schema } from "effect"
import type { Frame, ScaleName } from "./Frame.ts"

export interface Look {
  /** Labels of the series that are not drawn. */
  readonly hidden: ReadonlyArray<string>
  readonly x?: ScaleName | undefined
  readonly y?: ScaleName | undefined
  /** Lets the pointer move and scale the plane. */
  readonly isZoomed: boolean
  /** Visible part of the plane; default all of it. */
  readonly frame?: Frame | undefined
}

/** Interactions that a figure allows. */
export interface Choices {
  /** Column that determines colours, and its values in order. */
  readonly series?: { readonly field: string; readonly values: ReadonlyArray<Schema.Json> }
  /** Axes of positive numbers, with their scales. */
  readonly scales: { readonly x?: ScaleName; readonly y?: ScaleName }
  /** True where both axes are quantitative. */
  readonly isPlane: boolean
}

const scaleOf = (channel: Schema.Json | undefined): string | undefined => {
  if (!isObject(channel) || channel["type"] !== "quantitative") return undefined
  return isObject(channel["scale"]) ? textOf(channel["scale"]["type"] ?? "linear") : "linear"
}

/** The choices of a specification that has its rows. */
export const choicesOf = (spec: Schema.Json): Choices => {
  const drawn = views(spec)
  const colour = drawn.map((view) => columnOf(view, "color")).find((field) => field !== undefined)
  const values = new Set(
    drawn
      .filter((view) => colour !== undefined && columnOf(view, "color") === colour)
      .flatMap((view) => view.rows.map((row) => row[colour!] ?? null)),
  )
  const scales = (["x", "y"] as const).flatMap((axis) => {
    const numbers = drawn.flatMap((view) => {
      const field = columnOf(view, axis)
      return field === undefined ? [] : view.rows.map((row) => row[field])
    })
    const names = new Set(drawn.map(({ encoding }) => scaleOf(encoding[axis])))
    const [name] = names
    const isFree = numbers.every((value) => typeof value === "number" && value > 0)
    return names.size === 1 && isFree && (name === "linear" || name === "log")
      ? [[axis, name] as const]
      : []
  })
  return {
    ...(colour !== undefined &&
      values.size > 1 && { series: { field: colour, values: [...values] } }),
    scales: Object.fromEntries(scales),
    isPlane: drawn.every(({ encoding }) =>
      [encoding["x"], encoding["y"]].every((channel) => scaleOf(channel) !== undefined),
    ),
  }
}

/** Every unit of a specification: the parts with a mark. */
const eachUnit = (
  spec: Schema.JsonObject,
  other: (unit: Schema.JsonObject) => Schema.JsonObject,
): Schema.JsonObject => {
  const within = (part: Schema.Json) => (isObject(part) ? eachUnit(part, other) : part)
  const { layer, spec: inner } = spec
  return Object.assign(
    {},
    spec["mark"] === undefined ? spec : other(spec),
    inner === undefined ? {} : { spec: within(inner) },
    Array.isArray(layer) ? { layer: layer.map(within) } : {},
  )
}

/** Maximum number of rows for which a line gets points that respond to the pointer. */
const mostPoints = 5000

const answering = (mark: Schema.Json | undefined, isFew: boolean, isZoomed: boolean) => {
  const own = isObject(mark) ? mark : { type: mark ?? "point" }
  const near =
    own["type"] === "line" && own["point"] === undefined && isFew
      ? { point: { opacity: 0, size: 150 } }
      : {}
  return Object.assign(
    {},
    own,
    near,
    { tooltip: { content: "encoding" } },
    isZoomed && { clip: true },
  )
}

const zoom = {
  name: "zoom",
  // the wheel alone belongs to the page
  select: { type: "interval", zoom: "wheel![event.shiftKey]" },
  bind: "scales",
}

/** Specification, with its rows, prepared for a theme. */
export const interactive = (spec: Schema.JsonObject, look: Look): Schema.JsonObject => {
  const { isPlane, series } = choicesOf(spec)
  const isFew = views(spec).every(({ rows }) => rows.length <= mostPoints)
  let isZoomable = look.isZoomed && isPlane
  const frame = isZoomable ? look.frame : undefined
  const units = eachUnit(spec, (unit) => {
    const encoding: Record<string, Schema.Json> = {}
    if (isObject(unit["encoding"])) Object.assign(encoding, unit["encoding"])
    for (const axis of ["x", "y"] as const) {
      const [channel, wanted, ends] = [encoding[axis], look[axis], frame?.[axis]]
      if (!isObject(channel) || scaleOf(channel) === undefined) continue
      if (wanted === undefined && ends === undefined) continue
      const scale = Object.assign(
        {},
        channel["scale"],
        wanted !== undefined && { type: wanted },
        ends !== undefined && { domain: [...ends], nice: false, zero: false },
      )
      encoding[axis] = Object.assign({}, channel, { scale })
    }
    const colour = encoding["color"]
    if (isObject(colour) && series !== undefined && colour["field"] === series.field) {
      // whoever leaves takes its colour along
      const scale = Object.assign({ domain: [...series.values] }, colour["scale"])
      encoding["color"] = Object.assign({}, colour, { scale })
    }
    const params = isZoomable ? { params: [zoom] } : {}
    isZoomable = false
    const mark = answering(unit["mark"], isFew, look.isZoomed)
    return Object.assign({}, unit, params, { encoding, mark })
  })
  const hidden = series?.values.filter((value) => look.hidden.includes(textOf(value))) ?? []
  if (hidden.length === 0 || series === undefined) return units
  const data = units["data"]
  const rows =
    isObject(data) && Array.isArray(data["values"]) ? data["values"].filter(isObject) : []
  // without its rows a series has neither a label nor a part in the domain
  const values = rows.filter((row) => !hidden.includes(row[series.field] ?? null))
  return Object.assign({}, units, { data: { values } })
}
