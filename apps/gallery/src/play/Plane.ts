/** Methods that draw their paths in the plane from one start. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { Curve } from "./Curve.ts"
import type { Box, Colour, Plot } from "./Plot.ts"
import type { Point } from "./Point.ts"
import { place } from "./NumberText.ts"
import type { Playing } from "./Toy.ts"

/** A run of a method; its first two parameters are a point of the plane. */
export interface Running {
  readonly step: () => void
  readonly at: () => Point
}

/** Runs a method from a start, on an objective that `objectiveOf` may change before each step. */
export const running = <State extends MethodState, Problem>(
  method: Method<State, Problem>,
  objective: Problem,
  start: ReadonlyArray<number>,
  objectiveOf?: () => Problem,
): Running => {
  const state = method.init(objective, Float64Array.from(start))
  return {
    step: () => {
      if (objectiveOf !== undefined) Object.assign(state, { objective: objectiveOf() })
      method.step(state)
    },
    at: () => [state.point[0]!, state.point[1]!],
  }
}

export interface Walker {
  readonly name: string
  readonly colour: Colour
  readonly run: Running
}

/** Place of a walker after the steps so far. */
export interface End {
  readonly name: string
  readonly at: Point
  /** Step at which it diverged for good. */
  readonly divergedAt: number | undefined
}

export interface Plane {
  readonly objective: Objective
  readonly box: Box
  readonly isEqual: boolean
  readonly start: Point
  readonly walkers: ReadonlyArray<Walker>
  readonly xTitle: string
  readonly yTitle: string
  /** Steps per frame, and steps after which all stop. */
  readonly pace: number
  readonly longest: number
  /** Quantity at a point to draw against the steps; default the logarithm of the loss. */
  readonly curve?: { readonly title: string; readonly of: (point: Point) => number }
  /** Draws on top of the paths. */
  readonly beside?: (drawing: ReturnType<Plot["axes"]>) => void
  /** Statement of the theorem at these settings, which do not change while it runs. */
  readonly note: string
  /** Compares the current state with the note. */
  readonly compare: (ends: ReadonlyArray<End>, steps: number) => string
}

/** Distance from the picture beyond which nothing returns. */
const lost = 1e4

/** Maximum number of points of a path: a longer one keeps every third, because every second would hide an alternation. */
const mostPoints = 3000

export const isLost = ([x, y]: Point): boolean => !(Math.abs(x) + Math.abs(y) < lost)

/** Steps after which a run has diverged; undefined if it does not within the limit. */
export const lostAfter = (run: Running, longest: number): number | undefined => {
  for (let step = 1; step <= longest; step++) {
    run.step()
    if (isLost(run.at())) return step
  }
  return undefined
}

/** Smallest setting for which a test is true, by bisection of its logarithm; undefined if it is true for none or for all. */
export const threshold = (
  test: (setting: number) => boolean,
  [least, most]: readonly [number, number],
): number | undefined => {
  if (test(least) || !test(most)) return undefined
  let [low, high] = [least, most]
  for (let k = 0; k < 24; k++) {
    const middle = Math.sqrt(low * high)
    if (test(middle)) high = middle
    else low = middle
  }
  return high
}

/** Each walker and its path. */
export const playing = (plane: Plane): Playing => {
  const { beside, box, compare, curve, isEqual, longest, note, objective, pace, start, walkers } =
    plane
  const going = walkers.map(({ colour, name, run }) => ({
    colour,
    name,
    run,
    way: [start] as Array<Point>,
    heights: new Curve(),
    every: 1,
    divergedAt: undefined as number | undefined,
  }))
  let steps = 0
  const scratch = new Float64Array(objective.dimension)
  const point = new Float64Array(objective.dimension)
  const lossAt = (x: number, y: number) => {
    point[0] = x
    point[1] = y
    return objective.valueAndGradient(point, scratch)
  }
  /** Logarithm of the loss, at least that of 10⁻¹⁶. */
  const level = (x: number, y: number) => Elementary.log10(Math.max(1e-16, lossAt(x, y)))
  const heightAt = curve?.of ?? ((at: Point) => level(...at))
  for (const { heights } of going) heights.push(0, heightAt(start))
  const advance = (): boolean => {
    steps++
    for (const each of going) {
      if (each.divergedAt !== undefined) continue
      each.run.step()
      const at = each.run.at()
      if (isLost(at)) each.divergedAt = steps
      else each.heights.push(steps, heightAt(at))
      if (steps % each.every === 0) each.way.push(at)
      if (each.way.length > mostPoints) {
        each.way = each.way.filter((_, i) => i % 3 === 0)
        each.every *= 3
      }
    }
    return steps < longest && going.some(({ divergedAt }) => divergedAt === undefined)
  }
  const endsNow = (): ReadonlyArray<End> =>
    going.map(({ divergedAt, name, run }) => ({ name, at: run.at(), divergedAt }))
  const numberText = ({ at, divergedAt, name }: End) =>
    divergedAt === undefined ? `${name} at ${place(at)}` : `${name} diverged at step ${divergedAt}`
  return {
    advance,
    pace,
    start,
    tell: () => {
      const ends = endsNow()
      const compared = compare(ends, steps)
      return `After ${steps} steps: ${ends.map(numberText).join("; ")}. ${compared}${compared === "" ? "" : " "}${note}`
    },
    draw: (plot) => {
      const { xTitle, yTitle } = plane
      const drawing = plot.axes({ box, isEqual, xTitle, yTitle })
      drawing.contours(level, 9)
      beside?.(drawing)
      for (const { colour, way } of going) drawing.line(way, colour)
      for (const { colour, run, way } of going) {
        const at = run.at()
        drawing.dot(isLost(at) ? way.at(-1)! : at, colour)
      }
      drawing.ring(start, "ink", 7)
      drawing.labels(
        going.map(({ colour, divergedAt, name, run, way }) => ({
          at: divergedAt === undefined ? run.at() : (way.at(-2) ?? start),
          text: divergedAt === undefined ? name : `${name} diverged`,
          colour,
        })),
      )
    },
    drawCurve: (plot) => {
      const curves = going.map(({ colour, heights, name }) => ({
        colour,
        name,
        points: heights.points,
      }))
      drawCurves(plot, curves, curve?.title ?? "log₁₀ of the loss")
    },
  }
}

/** Curves against the steps, with names at their ends. */
export const drawCurves = (
  plot: Plot,
  curves: ReadonlyArray<{
    readonly name: string
    readonly colour: Colour
    readonly points: ReadonlyArray<Point>
    readonly isDashed?: boolean
  }>,
  yTitle: string,
  yBox?: Box["y"],
): void => {
  const all = curves.flatMap(({ points }) => points)
  const last = all.reduce((most, [step]) => Math.max(most, step), 1)
  const values = all.map(([, value]) => value).filter(Number.isFinite)
  const low = values.reduce((least, value) => Math.min(least, value), Infinity)
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity)
  const room = 0.08 * (high - low) || 1
  const y = yBox ?? ([low - room, high + room] as const)
  const drawing = plot.axes({ box: { x: [0, 1.02 * last], y }, xTitle: "step", yTitle })
  for (const { colour, isDashed, points } of curves) drawing.line(points, colour, isDashed)
  drawing.labels(
    curves.flatMap(({ colour, name, points }) =>
      points.length === 0 || name === "" ? [] : [{ at: points.at(-1)!, text: name, colour }],
    ),
  )
}
