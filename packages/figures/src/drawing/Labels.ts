/** Labels at the ends of lines, in place of a legend. */
import type { Schema } from "effect"
import { grouped, textOf } from "../Rows.ts"
import { columnOf, type View, views } from "../View.ts"
import { referenceField } from "../Reference.ts"
import { withPowers } from "../Numbers.ts"
import { layersOf, withoutLegend } from "./LabelLayers.ts"
import { endsRight, type Line, marginOf, placedOf, type Point } from "./LabelPlaces.ts"
import { type Plane, planeOf } from "./Plane.ts"
import * as Scale from "./Scale.ts"
import type { Room } from "./Theme.ts"

/** Number of lines from which on a legend is easier to read. */
const tooMany = 7

/** Largest fraction of the figure for labels. */
const widest = 0.4

/** Fewest pixels for the axes. */
const narrowest = 150

const isSeries = ({ mark, style }: View): boolean => mark === "line" && style === undefined

const isReference = ({ style }: View): boolean => style === "reference"

const toPixels = (plane: Plane, room: Room) => {
  const { x, y } = plane
  return x === undefined || y === undefined
    ? undefined
    : ([left, up]: Point): Point => [
        Scale.partOf(x, left) * room.x,
        (1 - Scale.partOf(y, up)) * room.y,
      ]
}

/** Lines of a view, each with the row that determines its colour. */
const linesOf = (view: View, pixels: (point: Point) => Point): ReadonlyArray<Line> => {
  const [x, y] = [columnOf(view, "x"), columnOf(view, "y")]
  const names = ["color", "strokeDash"].flatMap((channel) => columnOf(view, channel) ?? [])
  const order = columnOf(view, "order") ?? x
  if (x === undefined || y === undefined) return []
  return Array.from(grouped(view.rows, names), ([, rows]) => ({
    name: names
      .map((name) => withPowers(textOf(rows[0]![name])))
      .filter((name) => name !== "")
      .join(", "),
    row: Object.fromEntries(names.map((name) => [name, rows[0]![name] ?? null])),
    points: rows
      .toSorted((a, b) => Number(a[order!]) - Number(b[order!]))
      .map((row) => pixels([Number(row[x]), Number(row[y])])),
    isReference: isReference(view),
  }))
}

/** Lines across the axes, from a view with one coordinate. */
const rulesOf = (view: View, plane: Required<Plane>, room: Room): ReadonlyArray<Line> => {
  const [x, y] = [columnOf(view, "x"), columnOf(view, "y")]
  return view.rows.map((row) => {
    const name = textOf(row[referenceField])
    const across = y === undefined ? 0 : (1 - Scale.partOf(plane.y, Number(row[y]))) * room.y
    const along = x === undefined ? 0 : Scale.partOf(plane.x, Number(row[x])) * room.x
    return {
      name: withPowers(name),
      row: { [referenceField]: name },
      points:
        x === undefined
          ? [[0, across] as const, [room.x, across] as const]
          : [[along, room.y] as const, [along, 0] as const],
      isReference: true,
    }
  })
}

/** A figure with its labels, and the pixels that remain for its axes. */
export interface Labelled {
  readonly spec: Schema.JsonObject
  readonly plane: Plane
  readonly room: Room
}

const tryLabels = (
  spec: Schema.JsonObject,
  whole: Room,
  isOne: (view: View) => boolean,
): Labelled | undefined => {
  const drawn = views(spec)
  const own = drawn.filter(isOne)
  const first =
    drawn.find(isSeries) ??
    drawn.find((view) => columnOf(view, "x") !== undefined && columnOf(view, "y") !== undefined)
  if (own.length === 0 || first === undefined) return undefined
  const linesIn = (some: ReadonlyArray<View>, plane: Plane, room: Room) => {
    const pixels = toPixels(plane, room)
    if (pixels === undefined) return undefined
    return some.flatMap((view) =>
      view.mark === "rule" && isReference(view)
        ? rulesOf(view, plane as Required<Plane>, room)
        : linesOf(view, pixels),
    )
  }
  const before = linesIn(own, planeOf(spec, whole), whole)?.filter(({ name }) => name !== "")
  if (before === undefined || before.length === 0 || before.length >= tooMany) return undefined
  const right = before.filter((line) => endsRight(line, whole))
  const margin = right.length === 0 ? 0 : marginOf(right)
  if (margin > widest * whole.whole || (margin > 0 && whole.x - margin < narrowest))
    return undefined
  const room = { ...whole, x: whole.x - margin }
  const plane = planeOf(spec, room)
  const all = linesIn(own, plane, room)!
  const others = linesIn(
    drawn.filter((view) => !own.includes(view) && (isSeries(view) || isReference(view))),
    plane,
    room,
  )!
  const pixels = toPixels(plane, room)!
  const markers = drawn.flatMap((view) => {
    const [x, y] = [columnOf(view, "x"), columnOf(view, "y")]
    if (x === undefined || y === undefined || isReference(view)) return []
    return view.rows.map((row) => pixels([Number(row[x]), Number(row[y])]))
  })
  const placed = placedOf(
    all.filter(({ name }) => name !== ""),
    markers,
    [...others, ...all.filter(({ name }) => name === "")],
    room,
    room.x + margin,
  )
  if (placed === undefined) return undefined
  const channels = new Set(
    own.flatMap((view) => (isReference(view) ? ["strokeDash"] : ["color", "strokeDash", "shape"])),
  )
  const without = [...channels].reduce(withoutLegend, spec)
  const layers = Array.isArray(without["layer"])
    ? without["layer"]
    : [{ mark: without["mark"]!, encoding: without["encoding"]! }]
  const { encoding: _, layer: __, mark: ___, ...rest } = without
  const shared = Array.isArray(without["layer"]) ? { encoding: without["encoding"] } : {}
  return {
    spec: {
      ...rest,
      ...(shared.encoding === undefined ? {} : shared),
      layer: [
        ...layers,
        ...layersOf(
          placed,
          views(without).find((view) => view.mark === first.mark && view.style === first.style)!,
          plane as Required<Plane>,
          room,
        ),
      ],
    },
    plane,
    room,
  }
}

/**
 * Specification, with its rows, that labels its lines directly if there is room, or else by legends. `dashed` is the same
 * specification with dashes, for its legends.
 */
export const labelled = (
  spec: Schema.JsonObject,
  dashed: Schema.JsonObject,
  room: Room,
): Labelled => {
  const plain = { spec: dashed, plane: planeOf(dashed, room), room }
  const drawn = views(spec)
  if (drawn.some(({ encoding }) => ["facet", "row", "column"].some((name) => name in encoding))) {
    return plain
  }
  const colours = new Set(drawn.map((view) => columnOf(view, "color")).filter(Boolean))
  const isLined = drawn.some(isSeries) && colours.size === 1
  return (
    (isLined
      ? (tryLabels(spec, room, (view) => isSeries(view) || isReference(view)) ??
        tryLabels(spec, room, isSeries))
      : undefined) ??
    tryLabels(isLined ? spec : dashed, room, isReference) ??
    plain
  )
}
