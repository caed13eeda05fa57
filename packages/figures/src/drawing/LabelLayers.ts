/** Layers of a specification that draw labels, in place of its legends. */
import type { Schema } from "effect"
import { isObject } from "../Rows.ts"
import type { View } from "../View.ts"
import type { Placed, Point } from "./LabelPlaces.ts"
import type { Plane } from "./Plane.ts"
import * as Scale from "./Scale.ts"
import type { Room } from "./Theme.ts"

/** Specification without the legend of a channel. */
export const withoutLegend = (spec: Schema.JsonObject, channel: string): Schema.JsonObject => {
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
export const layersOf = (
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
