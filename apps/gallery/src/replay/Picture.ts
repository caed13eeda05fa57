/** Picture of a replayed run so far: its path in the plane, or its loss curve. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Box, Colour, Drawing, Plot } from "../play/Plot.ts"
import type { Point } from "../play/Point.ts"
import type { Run } from "@nonconvex/evidence/Margin"

const colours: ReadonlyArray<Colour> = ["series-2", "series-1", "series-3", "series-4", "series-5"]

/** Factor: a run that goes this many times farther out than its start leaves the picture. */
const farthest = 8

/** Margin around the drawing, as a fraction of its size. */
const room = 0.08

type Range = readonly [low: number, high: number]

const around = (values: ReadonlyArray<number>): Range => {
  const [low, high] = values.reduce<Range>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  )
  if (!(high >= low)) return [0, 1]
  const margin = room * (high - low) || 0.5 * Math.abs(high) || 1
  return [low - margin, high + margin]
}

type Drawn = Pick<Run, "points">

/** Tests whether the path of a run can be drawn in a plane. */
export const isPlanar = ({ points }: Drawn): boolean => points[0]?.point.length === 2

const inPlane = ({ points }: Drawn, last: number): ReadonlyArray<Point> =>
  points.slice(0, last + 1).map(({ point }) => [point[0]!, point[1]!])

const size = (point: Float64Array): number =>
  point.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** Region drawn for planar runs: everything near the first start, or around the origin if nothing is. */
export const planeOf = (runs: ReadonlyArray<Run>): Box => {
  const first = runs[0]!.points[0]!.point
  const far = farthest * Math.max(size(first), Number.MIN_VALUE)
  const seen = runs.flatMap(({ points }) =>
    points.map(({ point }) => point).filter((point) => size(point) <= far),
  )
  if (seen.length <= runs.length) return { x: [-far / 4, far / 4], y: [-far / 4, far / 4] }
  return { x: around(seen.map((point) => point[0]!)), y: around(seen.map((point) => point[1]!)) }
}

/** Logarithm of the loss as a shade, from six decades below its maximum in a box. */
export const shadeOf = ({ valueAt }: Run, { x, y }: Box) => {
  if (valueAt === undefined) return undefined
  const level = (a: number, b: number) =>
    Elementary.log10(Math.max(1e-12, Math.abs(valueAt(Float64Array.of(a, b)))))
  const across = Array.from({ length: 100 }, (_, k) => [k % 10, Math.floor(k / 10)] as const)
  const levels = across
    .map(([i, j]) => level(x[0] + (i / 9) * (x[1] - x[0]), y[0] + (j / 9) * (y[1] - y[0])))
    .filter(Number.isFinite)
  const high = Math.max(...levels)
  const low = Math.max(Math.min(...levels), high - 6)
  return (a: number, b: number) => (level(a, b) - low) / Math.max(high - low, 1e-9)
}

/** Draws planar runs up to a point of one. */
export const drawPlane = (
  plot: Plot,
  runs: ReadonlyArray<Drawn>,
  shown: { readonly run: Drawn; readonly index: number },
  {
    box,
    shade,
  }: { readonly box: Box; readonly shade: Parameters<Drawing["shade"]>[0] | undefined },
): void => {
  const drawing: Drawing = plot.axes({
    box,
    xTitle: "first coordinate",
    yTitle: "second coordinate",
  })
  if (shade !== undefined) drawing.shade(shade)
  const until = runs.indexOf(shown.run)
  runs.slice(0, until + 1).forEach((run, k) => {
    const way = inPlane(run, k === until ? shown.index : run.points.length - 1)
    const colour = colours[k % colours.length]!
    drawing.line(way, colour)
    drawing.ring(way[0]!, "ink", 6)
    drawing.dot(way.at(-1)!, colour)
  })
}

const levelOf = ({ loss, point }: Run["points"][number]): number => {
  const value = loss ?? Math.sqrt(point.reduce((sum, each) => sum + each * each, 0))
  return Elementary.log10(Math.min(Math.max(Math.abs(value), 1e-300), 1e300))
}

/** Draws the loss before each step up to a point of a run, or the norm of the point if the method reports no loss. */
export const drawCurve = (plot: Plot, { points }: Drawn, index: number): void => {
  const isLoss = points.at(-1)?.loss !== undefined
  const curve = points
    .filter(({ loss }) => !isLoss || loss !== undefined)
    .map((each): Point => [each.step, levelOf(each)])
    .filter(([, level]) => Number.isFinite(level))
  const drawing = plot.axes({
    box: { x: around(curve.map(([step]) => step)), y: around(curve.map(([, level]) => level)) },
    xTitle: "steps",
    yTitle: isLoss ? "log10 of the loss before the step" : "log10 of the length of the point",
  })
  const { step } = points[index]!
  const seen = curve.filter(([at]) => at <= step)
  drawing.line(curve, "grid")
  drawing.line(seen, "series-2")
  if (seen.length > 0) drawing.dot(seen.at(-1)!, "series-2")
}
