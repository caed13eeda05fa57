/** Places of labels: beside the axes or near the ends of lines, without overlap. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Schema } from "effect"
import { textWidth } from "./Layout.ts"
import { fontSize, type Room } from "./Theme.ts"

/** Pixels from the upper left corner of the axes. */
export type Point = readonly [x: number, y: number]

/** A line with its name. */
export interface Line {
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
export interface Placed {
  readonly line: Line
  readonly text: Point
  readonly leader: readonly [Point, Point] | undefined
}

/** Pixels of a leader, of the gap beside it, and of the height of a label. */
const [leader, gap, height] = [14, 4, 17]

/** Fraction of the width from which an end counts as the right end of the axes. */
const atEnd = 0.93

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
export const marginOf = (lines: ReadonlyArray<Line>): number =>
  lines.reduce((most, { name }) => Math.max(most, textWidth(name, fontSize)), 0) + leader + gap + 4

export const endsRight = ({ points }: Line, room: Room): boolean =>
  points.at(-1)![0] >= atEnd * room.x

/** Labels of all lines without overlap; undefined where there is no room. */
export const placedOf = (
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
