/** Axes of a figure over its rows: no data lie on the frame, and at least three ticks have labels. */
import type { Schema } from "effect"
import { extentOf } from "../Extent.ts"
import { isObject, textOf } from "../Rows.ts"
import { columnOf, type View, views } from "../View.ts"
import { withAxes } from "./Axes.ts"
import { labelExpr, shown } from "../Numbers.ts"
import { textWidth } from "./Layout.ts"
import * as Scale from "./Scale.ts"
import { fontSize, type Room } from "./Theme.ts"

/** Scales of the axes; undefined for names, and for an axis that each panel has of its own. */
export interface Plane {
  readonly x?: Scale.Scale
  readonly y?: Scale.Scale
}

/** Pixels between the data and the frame: half of a common marker, or of one with its own size. */
const [margin, wideMargin] = [10, 20]

/** Tests whether markers have sizes of their own, or those of series that would hide each other. */
const isSized = ({ encoding }: View): boolean => "size" in encoding

/** Pixels along an axis for each label. */
const apart = { x: 75, y: 45 }

/** Numbers that a view draws along an axis. */
const numbersOf = (view: View, axis: "x" | "y"): ReadonlyArray<number> =>
  [axis, `${axis}2`].flatMap((channel) => {
    const field = columnOf(view, channel)
    const definition = view.encoding[channel]
    const datum = isObject(definition) ? definition["datum"] : undefined
    const values = field === undefined ? [datum] : view.rows.map((row) => row[field])
    return values.filter(
      (value): value is number => typeof value === "number" && Number.isFinite(value),
    )
  })

const isShared = (spec: Schema.JsonObject, axis: "x" | "y"): boolean => {
  const scales = isObject(spec["resolve"]) ? spec["resolve"]["scale"] : undefined
  return !isObject(scales) || scales[axis] !== "independent"
}

/** Tests whether marks have a length, which begins at zero. */
const isMeasured = ({ encoding, mark }: View): boolean =>
  mark === "bar" || (mark === "area" && !("y2" in encoding))

const isOfIntegers = ({ axis }: Schema.JsonObject): boolean =>
  isObject(axis) && axis["tickMinStep"] === 1

const scaleOf = (
  spec: Schema.JsonObject,
  drawn: ReadonlyArray<View>,
  axis: "x" | "y",
  room: Room,
): Scale.Scale | undefined => {
  const channels = drawn.flatMap(({ encoding }) => {
    const channel = encoding[axis]
    return isObject(channel) ? [channel] : []
  })
  const types = new Set(
    channels.map(({ scale, type }) =>
      type === "quantitative" || type === undefined
        ? textOf((isObject(scale) ? scale["type"] : undefined) ?? "linear")
        : "names",
    ),
  )
  const [kind = ""] = types
  if (types.size !== 1 || !Scale.kinds.includes(kind) || !isShared(spec, axis)) return undefined
  const given = channels
    .map(({ scale }) => (isObject(scale) ? scale["domain"] : undefined))
    .find((domain) => Array.isArray(domain))
  const numbers = [
    ...drawn.flatMap((view) => numbersOf(view, axis)),
    ...(drawn.some(isMeasured) ? [0] : []),
  ]
  const values = kind === "log" ? numbers.filter((value) => value > 0) : numbers
  if (values.length === 0) return undefined
  // of integers, too, there are three ticks
  if (channels.some(isOfIntegers)) values.push(extentOf(values)[0] + 2)
  if (Array.isArray(given)) {
    return { kind: kind as Scale.Kind, domain: [Number(given[0]), Number(given[1])] }
  }
  const pixels = drawn.some(isSized) ? wideMargin : margin
  return Scale.around(kind as Scale.Kind, values, pixels / room[axis])
}

/** Scales of a specification with its rows, for the given room for its axes. */
export const planeOf = (spec: Schema.JsonObject, room: Room): Plane => {
  const drawn = views(spec)
  const [x, y] = (["x", "y"] as const).map((axis) => scaleOf(spec, drawn, axis, room))
  return { ...(x !== undefined && { x }), ...(y !== undefined && { y }) }
}

/** Least pixels between the labels of two ticks. */
const between = 12

/** Tests whether the labels of ticks, in order, fit beside each other on this width. */
const fit = (ticks: ReadonlyArray<number>, scale: Scale.Scale, width: number): boolean => {
  const halves = ticks.map((tick) => textWidth(shown(tick), fontSize) / 2)
  const places = ticks.map((tick, i) => {
    const place = width * Scale.partOf(scale, tick)
    // at its end, the engine moves a label into the axis
    return width - place < 1 ? width - halves[i]! : place
  })
  return ticks.every(
    (_, i) => i === 0 || places[i]! - places[i - 1]! >= halves[i]! + halves[i - 1]! + between,
  )
}

/** Ticks whose labels fit beside each other. */
const ticksOf = (scale: Scale.Scale, axis: "x" | "y", room: Room, least: number) => {
  for (let count = Math.min(7, Math.round(room[axis] / apart[axis])); count > 3; count--) {
    const ticks = Scale.ticks(scale, count, least)
    if (axis === "y" || fit(ticks, scale, room.x)) return ticks
  }
  const few = Scale.ticks(scale, 3, least)
  const choices = [few, Scale.onePerDecade(scale), few.slice(0, -1)]
  return choices.find((ticks) => ticks.length >= 3 && fit(ticks, scale, room.x)) ?? few
}

/** Specification with its domains and ticks. An axis that moves with the pointer has ticks that follow it. */
export const withPlane = (
  spec: Schema.JsonObject,
  plane: Plane,
  room: Room,
  isMoved: boolean,
): Schema.JsonObject =>
  withAxes(spec, (channel, axis) => {
    if (channel["type"] !== "quantitative") return channel
    const scale = plane[axis]
    const own = isObject(channel["scale"]) ? channel["scale"] : {}
    const given = isObject(channel["axis"]) ? channel["axis"] : {}
    const { format: _, tickCount: __, tickMinStep, ...look } = given
    if (scale === undefined) {
      return Object.assign({}, channel, {
        scale: Object.assign({}, own, { padding: margin }),
        ...(channel["axis"] === null ? {} : { axis: Object.assign({ labelExpr }, given) }),
      })
    }
    const [low, high] = scale.domain
    // a logarithmic scale has no zero to leave out, and warns of it
    const linear = scale.kind === "log" ? {} : { zero: false }
    const values = ticksOf(scale, axis, room, Number(tickMinStep ?? 0))
    const ticks = isMoved
      ? { labelExpr: `datum.label === '' ? '' : ${labelExpr}` }
      : // of more ticks than its count the engine drops every second
        { labelExpr, labelOverlap: false, values: [...values], tickCount: values.length }
    return Object.assign({}, channel, {
      scale: Object.assign({}, own, { domain: [low, high], nice: false, ...linear }),
      ...(channel["axis"] === null ? {} : { axis: { ...ticks, ...look } }),
    })
  })
