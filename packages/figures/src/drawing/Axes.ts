/** Parts of a Vega-Lite specification. */
import { isObject } from "../Rows.ts"
import type { Schema } from "effect"

/** The specification with other x and y axes, in all of its layers and panels. */
export const withAxes = (
  spec: Schema.JsonObject,
  other: (axis: Schema.JsonObject, name: "x" | "y") => Schema.JsonObject,
): Schema.JsonObject => {
  const { encoding, layer, spec: inner } = spec
  const channels = isObject(encoding) ? encoding : {}
  const axes = (["x", "y"] as const).flatMap((name) => {
    const axis = channels[name]
    return isObject(axis) ? [[name, other(axis, name)] as const] : []
  })
  const within = (part: Schema.Json) => (isObject(part) ? withAxes(part, other) : part)
  return Object.assign(
    {},
    spec,
    isObject(encoding) ? { encoding: Object.assign({}, encoding, Object.fromEntries(axes)) } : {},
    inner === undefined ? {} : { spec: within(inner) },
    Array.isArray(layer) ? { layer: layer.map(within) } : {},
  )
}

/** The specification with its panels below each other. */
export const inOneColumn = (spec: Schema.JsonObject): Schema.JsonObject => {
  const { encoding, facet } = spec
  const own = isObject(encoding) ? encoding["facet"] : undefined
  return Object.assign(
    {},
    spec,
    facet === undefined ? {} : { columns: 1 },
    isObject(encoding) && isObject(own)
      ? { encoding: Object.assign({}, encoding, { facet: Object.assign({}, own, { columns: 1 }) }) }
      : {},
  )
}
