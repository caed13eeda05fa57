/** The lines of logarithmic axes in a Vega-Lite specification. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Schema } from "effect"
import { extentOf } from "../Extent.ts"
import { isObject } from "../Rows.ts"
import { columnOf, type View, views } from "../View.ts"
import { withAxes } from "./Axes.ts"

/** Powers of ten from the one below the least positive value of an axis to the one above the greatest, over all that is drawn. */
const decades = (drawn: ReadonlyArray<View>, channel: "x" | "y"): number => {
  const exponents = drawn.flatMap((view) => {
    const field = columnOf(view, channel)
    return view.rows.flatMap((row) => {
      const value = field === undefined ? undefined : row[field]
      return typeof value === "number" && value > 0 ? [Elementary.log10(value)] : []
    })
  })
  if (exponents.length === 0) return 1
  const [low, high] = extentOf(exponents)
  return Math.ceil(high) - Math.floor(low)
}

/** Labels large and small numbers by their power of ten: `1e17` has room where its zeros have none. */
const labelExpr =
  "datum.label !== '' && (datum.value >= 1e6 || datum.value < 1e-4) ? replace(format(datum.value, '~e'), '+', '') : datum.label"

/** A logarithmic axis over two decades or more has lines at the powers of ten alone: nine a decade are a fog. */
const withPowers = (channel: Schema.JsonObject, count: number): Schema.JsonObject =>
  isObject(channel["scale"]) && channel["scale"]["type"] === "log"
    ? Object.assign({}, channel, {
        axis: Object.assign(
          // d3 draws the lines between powers where there are fewer decades than ticks
          { tickCount: Math.max(2, Math.min(8, count)), labelExpr },
          channel["axis"],
        ),
      })
    : channel

/** The specification, with its rows, and a tick count for each logarithmic axis. */
export const calm = (spec: Schema.Json): Schema.JsonObject => {
  if (!isObject(spec)) return {}
  const drawn = views(spec)
  const counts = { x: decades(drawn, "x"), y: decades(drawn, "y") }
  return withAxes(spec, (axis, name) => withPowers(axis, counts[name]))
}
