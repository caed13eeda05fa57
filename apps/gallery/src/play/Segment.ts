/** The part of a segment that is near a picture: a canvas draws what ends 1e30 pixels away as anything at all. */
import type { Point } from "./Point.ts"

/** A rectangle in pixels. */
export interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The part of the segment in the rectangle with as much again around it; undefined where there is none, and where an end is no number. */
export const near = (
  [x, y]: Point,
  [toX, toY]: Point,
  { bottom, left, right, top }: Rectangle,
): readonly [Point, Point] | undefined => {
  const [wide, high] = [right - left, bottom - top]
  const [across, down] = [toX - x, toY - y]
  if (![x, y, across, down].every(Number.isFinite)) return undefined
  let [from, to] = [0, 1]
  const sides = [
    [-across, x - (left - wide)],
    [across, right + wide - x],
    [-down, y - (top - high)],
    [down, bottom + high - y],
  ] as const
  for (const [way, room] of sides) {
    if (way === 0 && room < 0) return undefined
    if (way < 0) from = Math.max(from, room / way)
    if (way > 0) to = Math.min(to, room / way)
  }
  if (from > to) return undefined
  return [
    [x + from * across, y + from * down],
    [x + to * across, y + to * down],
  ]
}
