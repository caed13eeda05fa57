/** Visible part of a plane: moved and scaled by keys or pointer, and stored in the address. */
import { significant } from "@nonconvex/numerics/Decimal"
import * as Elementary from "@nonconvex/numerics/Elementary"

/** The scale of an axis. */
export type ScaleName = "linear" | "log"

type Side = readonly [low: number, high: number]

export interface Frame {
  readonly x: Side
  readonly y: Side
}

const between = "~"

/** Digits that give a corner to a tenth of a pixel. */
const digits = 6

const areSides = (x: Side, y: Side): boolean =>
  [...x, ...y].every((value) => Number.isFinite(value)) && x[0] < x[1] && y[0] < y[1]

export const format = ({ x, y }: Frame): string =>
  [...x, ...y].map((value) => significant(value, digits)).join(between)

/** Undefined on invalid text. */
export const parse = (text: string): Frame | undefined => {
  const parts = text.split(between)
  const [left = 0, right = 0, low = 0, high = 0] = parts.map(Number)
  return parts.length === 4 && areSides([left, right], [low, high])
    ? { x: [left, right], y: [low, high] }
    : undefined
}

/** Equal distances on a logarithmic axis are equal factors. */
const side = ([low, high]: Side, scale: ScaleName, by: number, factor: number): Side => {
  const isLog = scale === "log" && low > 0
  const [from, to] = isLog ? [Elementary.log(low), Elementary.log(high)] : [low, high]
  const [middle, half] = [(from + to) / 2 + by * (to - from), ((to - from) / 2) * factor]
  const ends = [middle - half, middle + half] as const
  return isLog ? [Elementary.exp(ends[0]), Elementary.exp(ends[1])] : ends
}

/** Moves the frame by a fraction of itself, then scales it about its centre. */
export const moved = (
  { x, y }: Frame,
  scales: Readonly<Record<"x" | "y", ScaleName>>,
  { across = 0, factor = 1, up = 0 }: { across?: number; factor?: number; up?: number },
): Frame => ({
  x: side(x, scales.x, across, factor),
  y: side(y, scales.y, up, factor),
})
