/** A figure ready to draw: with its rows, in the theme of the project, and with room for its labels. */
import { columnOf, views, withTable } from "../View.ts"
import { isObject, textOf, valuesOf } from "../Rows.ts"
import type { Schema } from "effect"
import type { TopLevelSpec } from "vega-lite"
import { interactive, type Look } from "./Interaction.ts"
import * as Layout from "./Layout.ts"
import { labelled } from "./Labels.ts"
import { planeOf, withPlane } from "./Plane.ts"
import { withDashes, withShapes } from "./Shapes.ts"
import { inOneColumn, withLabels } from "./Axes.ts"
import { labelExpr } from "../Numbers.ts"
import * as Theme from "./Theme.ts"

/** Tests whether a figure has several panels. */
export const hasPanels = (spec: Schema.Json): boolean =>
  /"(?:facet|row|column|hconcat|vconcat|concat|repeat)":/.test(JSON.stringify(spec))

/** Number of panels in a specification that has its rows. */
const panelsOf = (spec: Schema.JsonObject): number => {
  if (!hasPanels(spec)) return 1
  const names = views(spec).flatMap((view) =>
    ["facet", "row", "column"].flatMap((channel) => {
      const field = columnOf(view, channel)
      return field === undefined ? [] : valuesOf(view.rows, field)
    }),
  )
  return new Set(names).size
}

/** Pixels of the labels and title of a vertical axis of names; 0 for an axis of numbers. */
const besideNames = (spec: Schema.JsonObject): number =>
  views(spec).reduce((most, view) => {
    const [field, channel] = [columnOf(view, "y"), view.encoding["y"]]
    if (field === undefined || !isObject(channel) || channel["type"] === "quantitative") return most
    const names = valuesOf(view.rows, field).map((name) =>
      Layout.textWidth(textOf(name), Theme.fontSize),
    )
    return names.reduce((widest, name) => Math.max(widest, name + 46), most)
  }, 0)

/**
 * Vega-Lite specification of a figure over its experiment's rows, with the theme. Vega-Lite throws on invalid specifications,
 * which are data from any system.
 */
export const specification = (
  spec: Schema.Json,
  rows: ReadonlyArray<object>,
  screen: Theme.Screen,
  look?: Look,
): TopLevelSpec => {
  const width = typeof screen === "number" ? screen : Theme.widths[screen]
  const whole = withTable(spec, rows)
  const seen = look !== undefined && isObject(whole) ? interactive(whole, look) : whole
  const known = isObject(seen) ? (width < Theme.twoColumns ? inOneColumn(seen) : seen) : {}
  const across = { width, beside: Math.max(Theme.besideNumbers, besideNames(known)) }
  const most = Theme.roomOf(across, screen === "card", panelsOf(known) > 1)
  const isMoved = look?.isZoomed === true
  const shaped = withShapes(known)
  const dashed = withDashes(shaped)
  // a plane that moves would leave its labels behind
  const {
    plane,
    room,
    spec: named,
  } = isMoved
    ? { plane: planeOf(dashed, most), room: most, spec: dashed }
    : labelled(shaped, dashed, most)
  const columns = Layout.legendColumns(named, room.whole, Theme.fontSize)
  const planar = withLabels(withPlane(named, plane, room, isMoved), labelExpr)
  const drawn = Layout.withTitles(planar, room, Theme.fontSize)
  return Object.assign({}, drawn, {
    config: Theme.config(room, columns),
  }) as unknown as TopLevelSpec
}
