/** Labels at the ends of lines, in place of a legend. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Schema } from "effect"
import { grouped, isObject, textOf } from "../Rows.ts"
import { columnOf, type View, views } from "../View.ts"
import { referenceField } from "../Reference.ts"
import { textWidth } from "./Layout.ts"
import { withPowers } from "../Numbers.ts"
import { type Plane, planeOf } from "./Plane.ts"
import * as Scale from "./Scale.ts"
import { fontSize, type Room } from "./Theme.ts"

type Point = readonly [x: number, y: number]

/** A line with its name, in pixels from the upper left corner of the axes. */
interface Line {
  readonly name: string
  readonly row: Schema.JsonObject
  readonly points: ReadonlyArray<Point>
  readonly isReference: boolean
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A label with the short leader to its line. */
interface Placed {
  readonly line: Line
  readonly text: Point
  readonly leader: readonly [Point, Point] | undefined
}

/** Number of lines from which on a legend is easier to read. */
const tooMany = 7

/** Pixels of a leader, of the gap beside it, and of the height of a label. */
const [leader, gap, height] = [14, 4, 17]

/** Largest fraction of the figure for labels. */
const widest = 0.4

/** Fewest pixels for the axes. */
const narrowest = 150

/** Fraction of the width from which an end counts as the right end of the axes. */
const atEnd = 0.93

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

/** Points along the lines at most some pixels apart, and those of markers. */
const dense = (points: ReadonlyArray<Point>): ReadonlyArray<Point> =>
  points.flatMap(([x, y], i) => {
    const [ax, ay] = points[i - 1] ?? [x, y]
    const count = Math.max(1, Math.min(400, Math.ceil(Elementary.hypot(x - ax, y - ay) / 4)))
    return Array.from({ length: count }, (_, k): Point => {
      const t = (k + 1) / count
      return [ax + t * (x - ax), ay + t * (y - ay)]
    })
  })

const boxOf = ([x, y]: Point, width: number): Box => ({
  left: x - 2,
  right: x + width + 2,
  top: y - height / 2,
  bottom: y + height / 2,
})

const holds = ({ bottom, left, right, top }: Box, [x, y]: Point): boolean =>
  x > left && x < right && y > top && y < bottom

const meets = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** Labels beside the right end of the axes, as close to the ends of their lines as possible without overlap. */
const beside = (lines: ReadonlyArray<Line>, room: Room): ReadonlyArray<Placed> | undefined => {
  if (lines.length * height > room.y + height) return undefined
  const sorted = lines.toSorted((a, b) => a.points.at(-1)![1] - b.points.at(-1)![1])
  const heights = sorted.map(({ points }) => points.at(-1)![1])
  // each as low as those above press it, then all as high as the bottom presses them
  heights.forEach((_, i) => {
    heights[i] = Math.max(heights[i]!, i === 0 ? 0 : heights[i - 1]! + height)
  })
  heights.toReversed().forEach((_, back) => {
    const i = heights.length - 1 - back
    heights[i] = Math.min(heights[i]!, i === heights.length - 1 ? room.y : heights[i + 1]! - height)
  })
  // those pressed together stand about the middle of their ends
  for (let from = 0; from < sorted.length;) {
    let to = from + 1
    while (to < sorted.length && heights[to]! - heights[to - 1]! < height + 0.01) to++
    const group = sorted.slice(from, to).map(({ points }) => points.at(-1)![1])
    const mean = group.reduce((sum, each) => sum + each, 0) / group.length
    const least = from === 0 ? 0 : heights[from - 1]! + height
    const most =
      (to === sorted.length ? room.y : heights[to]! - height) - (group.length - 1) * height
    const first = Math.min(most, Math.max(least, mean - ((group.length - 1) * height) / 2))
    group.forEach((_, i) => (heights[from + i] = first + i * height))
    from = to
  }
  return sorted.map((line, i) => {
    const [x, y] = line.points.at(-1)!
    // beside the last point, which answers the pointer
    const from = [Math.min(room.x, x + 7), y] as const
    const to = [room.x + leader, heights[i]!] as const
    return { line, text: [room.x + leader + gap, heights[i]!], leader: [from, to] }
  })
}

/** Candidate places of a label at a point: right, above, below and left of it. */
const placesAt = ([x, y]: Point, width: number): ReadonlyArray<readonly [Point, Point, Point]> => {
  const whole = leader + gap + width
  return [
    [x + 8, y],
    [x + 4, y - height],
    [x + 4, y + height],
    [x - whole / 2, y - height],
    [x - whole / 2, y + height],
    [x - whole - 4, y - height],
    [x - whole - 4, y + height],
    [x - whole - 8, y],
  ].map(([left, up]) => [
    [left! + leader + gap, up!],
    [left!, up!],
    [left! + leader, up!],
  ])
}

/** A label within the axes, near the end of its line and away from the others. */
const within = (
  line: Line,
  room: Room,
  right: number,
  obstacles: ReadonlyArray<Point>,
  taken: ReadonlyArray<Box>,
): Placed | undefined => {
  const width = textWidth(line.name, fontSize)
  const all = dense(line.points)
  for (const part of [1, 0.8, 0.6, 0.4, 0.2, 0]) {
    const at = all[Math.round(part * (all.length - 1))]!
    for (const [text, from, to] of placesAt(at, width)) {
      const box = { ...boxOf(text, width), left: from[0] - 2 }
      const isInside = box.left >= 0 && box.right <= right && box.top >= -4 && box.bottom <= room.y
      if (!isInside || taken.some((other) => meets(box, other))) continue
      if (obstacles.some((point) => holds(box, point))) continue
      return { line, text, leader: [from, to] }
    }
  }
  return undefined
}

/** Width in pixels of the longest label at the right end. */
const marginOf = (lines: ReadonlyArray<Line>): number =>
  lines.reduce((most, { name }) => Math.max(most, textWidth(name, fontSize)), 0) + leader + gap + 4

const endsRight = ({ points }: Line, room: Room): boolean => points.at(-1)![0] >= atEnd * room.x

const placedOf = (
  lines: ReadonlyArray<Line>,
  markers: ReadonlyArray<Point>,
  others: ReadonlyArray<Line>,
  room: Room,
  right: number,
): ReadonlyArray<Placed> | undefined => {
  const ends = beside(
    lines.filter((line) => endsRight(line, room)),
    room,
  )
  if (ends === undefined) return undefined
  const taken = ends.map(({ line, text }) => boxOf(text, textWidth(line.name, fontSize)))
  const obstacles = [...[...lines, ...others].flatMap(({ points }) => dense(points)), ...markers]
  const found: Array<Placed> = [...ends]
  for (const line of lines.filter((each) => !endsRight(each, room))) {
    const placed = within(line, room, right, obstacles, taken)
    if (placed === undefined) return undefined
    found.push(placed)
    const box = boxOf(placed.text, textWidth(line.name, fontSize))
    taken.push({ ...box, left: placed.leader![0][0] - 2 })
  }
  return found
}

/** Specification without the legend of a channel. */
const withoutLegend = (spec: Schema.JsonObject, channel: string): Schema.JsonObject => {
  const { encoding, layer } = spec
  const own = isObject(encoding) ? encoding[channel] : undefined
  return Object.assign(
    {},
    spec,
    isObject(encoding) && isObject(own)
      ? {
          encoding: Object.assign({}, encoding, {
            [channel]: Object.assign({}, own, { legend: null }),
          }),
        }
      : {},
    Array.isArray(layer)
      ? { layer: layer.map((each) => (isObject(each) ? withoutLegend(each, channel) : each)) }
      : {},
  )
}

/** Layers that draw labels, sharing the axes and colours of a view. */
const layersOf = (
  placed: ReadonlyArray<Placed>,
  view: View,
  plane: Required<Plane>,
  room: Room,
): ReadonlyArray<Schema.JsonObject> => {
  const values = ([x, y]: Point) => ({
    "label x": Scale.valueAt(plane.x, x / room.x),
    "label y": Scale.valueAt(plane.y, 1 - y / room.y),
  })
  const at = (axis: "x" | "y") => {
    const channel = view.encoding[axis] as Schema.JsonObject
    const title = channel["title"] ?? channel["field"] ?? null
    return Object.assign({}, channel, { field: `label ${axis}`, title })
  }
  const places = { x: at("x"), y: at("y") }
  const [leaders, references] = [false, true].map((isOne) =>
    placed
      .filter(({ line }) => line.isReference === isOne)
      .flatMap(({ leader: ends, line }, i) =>
        (ends ?? []).map((end) => Object.assign({}, line.row, values(end), { "label of": i })),
      ),
  )
  const colour = (["color", "strokeDash"] as const).flatMap((channel) =>
    isObject(view.encoding[channel]) ? [[channel, view.encoding[channel]] as const] : [],
  )
  const stroke = (
    rows: ReadonlyArray<Schema.JsonObject>,
    encoding: Schema.JsonObject,
    style: string,
  ) =>
    rows.length === 0
      ? []
      : [
          {
            name: style,
            data: { values: rows },
            mark: { type: "line", style },
            encoding: Object.assign({}, places, encoding, {
              detail: { field: "label of", type: "nominal" },
              order: { field: "label x", type: "quantitative" },
            }),
          },
        ]
  return [
    ...stroke(leaders!, Object.fromEntries(colour), "leaders"),
    ...stroke(references!, {}, "leaders-of-references"),
    {
      name: "labels",
      data: {
        values: placed.map(({ line, text }) => ({ name: line.name, ...values(text) })),
      },
      mark: { type: "text", style: "label" },
      encoding: { ...places, text: { field: "name", type: "nominal" } },
    },
  ]
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
