/** Part of a segment near a picture: canvases draw segments that end 1e30 pixels away wrongly. */
import type { Point } from "./Point.ts"

/** A rectangle in pixels. */
export interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Part of the segment within the rectangle extended by its own size on each side; undefined if there is none or an end is NaN.
 */
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
