/** Views of a specification: each mark with its rows. */
import type { Schema } from "effect"
import * as Overlap from "./Overlap.ts"
import { referenceField } from "./Reference.ts"
import { grouped, isObject, rowsOf, table, textOf, valuesOf } from "./Rows.ts"

type Rows = ReadonlyArray<Schema.JsonObject>

/** One mark of a figure with its encoding. */
export interface View {
  readonly mark: string
  readonly style: string | undefined
  readonly encoding: Schema.JsonObject
  readonly rows: Rows
  /** True if the rows are known, with no other transform left to Vega-Lite. */
  readonly isWhole: boolean
}

const fieldOf = (encoding: Schema.JsonObject, channel: string): string | undefined => {
  const definition = encoding[channel]
  const field = isObject(definition) ? definition["field"] : undefined
  return typeof field === "string" ? field : undefined
}

const stepsOf = ({ transform }: Schema.JsonObject): Schema.JsonArray =>
  Array.isArray(transform) ? transform : []

/** A channel of names in order of first occurrence; panels would otherwise be in alphabetical order. */
const inOrder = (channel: Schema.Json, rows: Rows): Schema.Json =>
  isObject(channel) && channel["sort"] === null && typeof channel["field"] === "string"
    ? Object.assign({}, channel, { sort: [...valuesOf(rows, channel["field"])] })
    : channel

const scaleOf = (encoding: Schema.JsonObject, channel: "x" | "y"): string | undefined => {
  const definition = encoding[channel]
  if (!isObject(definition) || definition["type"] !== "quantitative") return undefined
  const scale = definition["scale"]
  return isObject(scale) ? textOf(scale["type"] ?? "linear") : "linear"
}

/** Maximum number of series to compare pairwise: more cannot be distinguished, and would take too long. */
const mostSeries = 100

/** Number of later series that hide each series, in any panel; undefined if all are visible. */
const coveredOf = (
  isJoined: boolean,
  encoding: Schema.JsonObject,
  rows: Rows,
  facet: string | undefined,
): ReadonlyMap<Schema.Json, number> | undefined => {
  const [x, y, color] = ["x", "y", "color"].map((channel) => fieldOf(encoding, channel))
  const scales = [scaleOf(encoding, "x"), scaleOf(encoding, "y")] as const
  if (x === undefined || y === undefined || color === undefined) return undefined
  if (scales[0] === undefined || scales[1] === undefined) return undefined
  const order = fieldOf(encoding, "order") ?? x
  const pointOf = (row: Schema.JsonObject) => [Number(row[x]), Number(row[y])] as const
  const names = valuesOf(rows, color)
  if (names.length > mostSeries) return undefined
  const inParts = Overlap.parts(rows.map(pointOf), [scales[0], scales[1]])
  const covered = new Map(names.map((name) => [name, 0]))
  // a dash lets what is below be seen
  for (const alike of grouped(rows, [facet, fieldOf(encoding, "strokeDash")]).values()) {
    const series = names.map((name) => ({
      name,
      points: alike
        .filter((row) => (row[color] ?? null) === name)
        .toSorted((a, b) => (isJoined ? Number(a[order]) - Number(b[order]) : 0))
        .map((row) => inParts(pointOf(row))),
    }))
    Overlap.covers(series, isJoined).forEach((count, i) =>
      covered.set(names[i]!, Math.max(count, covered.get(names[i]!)!)),
    )
  }
  return [...covered.values()].some((count) => count > 0) ? covered : undefined
}

/** Average rows per line from which on markers would hide it. */
const fewest = 16

/** Adds markers to lines with few rows, and draws lines of one row as points. */
const withMarkers = (
  mark: Schema.JsonObject,
  encoding: Schema.JsonObject,
  rows: Rows,
  facet: string | undefined,
): Schema.JsonObject => {
  if (mark["type"] !== "line" || mark["style"] !== undefined) return mark
  const channels = [fieldOf(encoding, "color"), fieldOf(encoding, "strokeDash"), facet]
  const count = grouped(rows, channels).size
  if (rows.length === count) return { type: "point", filled: true, size: 45 }
  return rows.length < fewest * count ? Object.assign({}, mark, { point: { size: 28 } }) : mark
}

/** The legend of shapes, without shapes of layers that draw nothing. */
const withShapes = (layer: Schema.Json, drawn: ReadonlySet<Schema.Json>): Schema.Json => {
  const encoding = isObject(layer) ? layer["encoding"] : undefined
  const shape = isObject(encoding) ? encoding["shape"] : undefined
  if (!isObject(layer) || !isObject(encoding) || !isObject(shape)) return layer
  const { domain, range } = shape["scale"] as { readonly [key: string]: Schema.JsonArray }
  const kept = (domain ?? []).flatMap((label, i) => (drawn.has(label) ? [i] : []))
  const scale = { domain: kept.map((i) => domain![i]!), range: kept.map((i) => range![i]!) }
  const own = Object.assign({}, encoding, { shape: Object.assign({}, shape, { scale }) })
  return Object.assign({}, layer, { encoding: own })
}

const shapeOf = (layer: Schema.Json): Schema.Json => {
  const encoding = isObject(layer) ? layer["encoding"] : undefined
  const shape = isObject(encoding) ? encoding["shape"] : undefined
  return isObject(shape) ? (shape["datum"] ?? null) : null
}

/** Specification that draws some of the rows in the order of the whole figure, with nothing hidden. */
const resolved = (
  spec: Schema.JsonObject,
  rows: Rows,
  facet: string | undefined,
  all: Rows = rows,
): Schema.JsonObject => {
  const { encoding, layer, mark, spec: inner } = spec
  const panels = isObject(spec["facet"]) ? { facet: inOrder(spec["facet"], rows) } : {}
  if (isObject(inner)) {
    const own = isObject(spec["facet"]) ? textOf(spec["facet"]["field"]) : ""
    return Object.assign({}, spec, panels, { spec: resolved(inner, rows, own) })
  }
  if (Array.isArray(layer)) {
    const layers = layer.filter(isObject).flatMap((each) => {
      const own = rowsOf(each, rows, [])
      const isEmpty = each["transform"] !== undefined && own.steps.length === 0
      return isEmpty && own.rows.length === 0
        ? []
        : [resolved(each, own.rows, facet, each["data"] === undefined ? rows : own.rows)]
    })
    const shapes = new Set(layers.map(shapeOf))
    return Object.assign({}, spec, { layer: layers.map((each) => withShapes(each, shapes)) })
  }
  if (!isObject(encoding)) return spec
  const panel = facet ?? fieldOf(encoding, "facet")
  const ordered = Object.fromEntries(
    Object.entries(encoding).map(([name, channel]) => [name, inOrder(channel, all)]),
  )
  const given = isObject(mark) ? mark : { type: mark ?? "" }
  const type = textOf(given["type"])
  if (given["style"] !== undefined || (type !== "line" && type !== "point")) {
    return Object.assign({}, spec, { encoding: ordered })
  }
  const marked = withMarkers(given, encoding, rows, panel)
  const isJoined = marked["type"] === "line"
  const covered = "size" in encoding ? undefined : coveredOf(isJoined, encoding, rows, panel)
  if (covered === undefined) return Object.assign({}, spec, { mark: marked, encoding: ordered })
  const { channel, step } = Overlap.widths(fieldOf(encoding, "color") ?? "", covered, isJoined)
  return Object.assign({}, spec, {
    // a marker would be as small as the line is wide
    mark: isJoined ? given : marked,
    encoding: Object.assign(ordered, channel),
    transform: [...stepsOf(spec), step],
  })
}

/** Specification with its own rows, or those of `all` if it refers to the table. */
export const withTable = (spec: Schema.Json, all: ReadonlyArray<object>): Schema.Json => {
  if (!isObject(spec) || !isObject(spec["data"])) return spec
  if (!Array.isArray(spec["data"]["values"]) && spec["data"]["name"] !== table.name) return spec
  const { data: _, transform: __, ...rest } = spec
  const { rows, steps } = rowsOf(spec, [], all)
  const whole = resolved(rest, rows, undefined)
  const left = [...steps, ...stepsOf(whole)]
  return Object.assign(
    {},
    whole,
    { data: { values: rows } },
    left.length === 0 ? {} : { transform: left },
  )
}

const viewsOf = (
  spec: Schema.JsonObject,
  from: { readonly rows: Rows; readonly isWhole: boolean; readonly encoding: Schema.JsonObject },
  all: ReadonlyArray<object>,
): ReadonlyArray<View> => {
  const { rows, steps } = rowsOf(spec, from.rows, all)
  const facet = isObject(spec["facet"]) ? { facet: spec["facet"] } : {}
  const encoding = Object.assign({}, from.encoding, facet, spec["encoding"])
  const isWhole = from.isWhole && steps.length === 0
  const { layer, mark, spec: inner } = spec
  const parts = isObject(inner) ? [inner] : Array.isArray(layer) ? layer.filter(isObject) : []
  if (parts.length > 0) {
    return parts.flatMap((part) => viewsOf(part, { rows, isWhole, encoding }, all))
  }
  const definition = isObject(mark) ? mark : { type: mark ?? "" }
  const style = definition["style"]
  return [
    {
      mark: textOf(definition["type"]),
      style: typeof style === "string" ? style : undefined,
      encoding,
      rows,
      isWhole,
    },
  ]
}

/** Marks of a figure, each with its rows; those of `all` if it refers to the table. */
export const views = (spec: Schema.Json, all: ReadonlyArray<object> = []): ReadonlyArray<View> =>
  isObject(spec) ? viewsOf(spec, { rows: [], isWhole: true, encoding: {} }, all) : []

/** Column of a channel; undefined if it has none. */
export const columnOf = ({ encoding }: View, channel: string): string | undefined =>
  fieldOf(encoding, channel)

/** Names that a figure shows, of series, panels, references and marks. */
export const labelsOf = (view: View): ReadonlyArray<string> =>
  ["color", "strokeDash", "facet", "shape", "x", "y"].flatMap((channel) => {
    const definition = view.encoding[channel]
    if (!isObject(definition)) return []
    const field = fieldOf(view.encoding, channel)
    const { datum, title, type } = definition
    const isNamed = field !== undefined && (type === "nominal" || field === referenceField)
    return [
      ...(typeof title === "string" ? [title] : []),
      ...(typeof datum === "string" ? [datum] : []),
      ...(isNamed ? valuesOf(view.rows, field).map(textOf) : []),
    ]
  })
