/** Parts of a Vega-Lite specification. */
import { isObject } from "../Rows.ts"
import type { Schema } from "effect"

/** Specification with other x and y axes in all of its layers and panels. */
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

/** Specification with its panels below each other. */
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

/** Channels whose values appear in a legend or above a panel. */
const named = ["color", "shape", "strokeDash", "size", "facet", "row", "column"]

/** Specification with another expression for the labels of its legends and panels, in all of its layers. */
export const withLabels = (spec: Schema.JsonObject, labelExpr: string): Schema.JsonObject => {
  const { encoding, facet, layer, spec: inner } = spec
  const within = (part: Schema.Json) => (isObject(part) ? withLabels(part, labelExpr) : part)
  const other = (channel: Schema.Json, name: string): Schema.Json => {
    const key = ["facet", "row", "column"].includes(name) ? "header" : "legend"
    if (!isObject(channel) || channel[key] === null || channel["field"] === undefined)
      return channel
    return Object.assign({}, channel, { [key]: Object.assign({ labelExpr }, channel[key]) })
  }
  const channels = isObject(encoding) ? Object.entries(encoding) : []
  const changed = channels.map(([name, channel]) => [
    name,
    named.includes(name) ? other(channel, name) : channel,
  ])
  return Object.assign(
    {},
    spec,
    isObject(encoding) ? { encoding: Object.fromEntries(changed) } : {},
    isObject(facet) ? { facet: other(facet, "facet") } : {},
    inner === undefined ? {} : { spec: within(inner) },
    Array.isArray(layer) ? { layer: layer.map(within) } : {},
  )
}
