/** Overlap of series: the last one drawn hides those below, unless they are drawn wider. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Schema } from "effect"
import { extentOf } from "./Extent.ts"

type Point = readonly [x: number, y: number]

/**
 * A series in the order of its drawing.
 *
 * @internal
 */
export interface Drawn {
  readonly name: Schema.Json
  readonly points: ReadonlyArray<Point>
}

/** Distance below which lines and points hide each other, as a fraction of the axes: about two pixels. */
const near = 0.006

/** Hidden share of a series above which it can be overlooked. */
const most = 0.9

const squared = ([ax, ay]: Point, [bx, by]: Point): number =>
  Elementary.square(ax - bx) + Elementary.square(ay - by)

/** Number of points of a series to examine; the actual number is below twice this. */
const looked = 100

const some = (points: ReadonlyArray<Point>): ReadonlyArray<Point> => {
  const every = Math.max(1, Math.floor(points.length / looked))
  return points.filter((_, i) => i % every === 0)
}

/** Points at equal distances along a line, because its own may crowd where it is flat. */
const alongLine = (points: ReadonlyArray<Point>): ReadonlyArray<Point> => {
  const lengths = points.slice(1).map((point, i) => Math.sqrt(squared(points[i]!, point)))
  const whole = lengths.reduce((sum, length) => sum + length, 0)
  return lengths.flatMap((length, i) => {
    const count = Math.ceil((looked * length) / (whole || 1))
    const [[ax, ay], [bx, by]] = [points[i]!, points[i + 1]!]
    return Array.from({ length: count }, (_, k): Point => {
      const t = (k + 0.5) / count
      return [ax + t * (bx - ax), ay + t * (by - ay)]
    })
  })
}

const toSegment = (p: Point, a: Point, b: Point): number => {
  const length = squared(a, b)
  if (length === 0) return squared(p, a)
  const along = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length
  const t = Math.min(1, Math.max(0, along))
  return squared(p, [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])])
}

const isNear = (p: Point, others: ReadonlyArray<Point>, isJoined: boolean): boolean =>
  others.some(
    (other, i) =>
      squared(p, other) < near * near ||
      (isJoined && i > 0 && toSegment(p, others[i - 1]!, other) < near * near),
  )

const isHidden = (
  points: ReadonlyArray<Point>,
  others: ReadonlyArray<Point>,
  isJoined: boolean,
) => {
  const seen = some(isJoined && points.length > 1 ? alongLine(points) : points)
  const hidden = seen.filter((point) => isNear(point, others, isJoined)).length
  return hidden > 0 && hidden >= most * seen.length
}

const placed = (scale: string, value: number): number =>
  scale === "log" ? Elementary.log10(value) : scale === "symlog" ? Elementary.asinh(value) : value

/** Ends of an axis; a logarithmic one ends at powers of ten. */
const endsOf = (scale: string, values: ReadonlyArray<number>): readonly [number, number] => {
  const [low, high] = extentOf(values)
  return scale === "log" ? [Math.floor(low), Math.ceil(high)] : [low, high]
}

/**
 * Maps points to fractions of axes that show them all.
 *
 * @internal
 */
export const parts = (
  points: ReadonlyArray<Point>,
  scales: readonly [x: string, y: string],
): ((point: Point) => Point) => {
  const along = ([0, 1] as const).map((axis) => {
    const scale = scales[axis]
    const [low, high] = endsOf(
      scale,
      points.map((point) => placed(scale, point[axis])),
    )
    return (value: number) => (placed(scale, value) - low) / (high - low || 1)
  })
  return ([x, y]) => [along[0]!(x), along[1]!(y)]
}

/**
 * Counts the series drawn later that lie upon each series.
 *
 * @internal
 */
export const covers = (series: ReadonlyArray<Drawn>, isJoined: boolean): ReadonlyArray<number> =>
  series.map(
    ({ name, points }, i) =>
      series
        .slice(i + 1)
        .filter((later) => later.name !== name && isHidden(points, later.points, isJoined)).length,
  )

const width = "drawn width"

/** Growth of the widest marker over the narrowest: one wider than this reaches the frame. */
const mostGrowth = 4

/**
 * Transform and channel that draw a series wider if later series hide it.
 *
 * @internal
 */
export const widths = (
  field: string,
  covered: ReadonlyMap<Schema.Json, number>,
  isJoined: boolean,
): { readonly step: Schema.JsonObject; readonly channel: Schema.JsonObject } => {
  // each of those that are hidden is wider than the next one of them
  const counts = [...covered.values()]
  const hidden = counts.filter((count) => count > 0).length
  const growth = Math.min(1, mostGrowth / hidden)
  const sizes = counts.map((count, i) => {
    const rank = count === 0 ? 0 : counts.slice(i).filter((later) => later > 0).length
    return isJoined ? 2 + 2 * rank : 45 * Elementary.square(1 + growth * rank)
  })
  const names = JSON.stringify([...covered.keys()])
  return {
    step: {
      calculate: `${JSON.stringify(sizes)}[indexof(${names}, datum[${JSON.stringify(field)}])]`,
      as: width,
    },
    // of a line its size is its width
    channel: { size: { field: width, type: "quantitative", scale: null } },
  }
}
