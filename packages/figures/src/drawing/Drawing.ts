/** A figure as it is drawn: with its rows, in the look of the project, with room for its words. */
import { withTable } from "../View.ts"
import { isObject } from "../Rows.ts"
import type { Schema } from "effect"
import type { TopLevelSpec } from "vega-lite"
import { interactive, type Look } from "./Interaction.ts"
import * as Layout from "./Layout.ts"
import * as LogAxis from "./LogAxis.ts"
import { inOneColumn } from "./Axes.ts"
import * as Theme from "./Theme.ts"

/** Tests whether a figure has several panels. */
export const hasPanels = (spec: Schema.Json): boolean =>
  /"(?:facet|row|column|hconcat|vconcat|concat|repeat)":/.test(JSON.stringify(spec))

/**
 * The Vega-Lite specification of a figure over the rows of its experiment, with the theme. Vega-Lite throws on invalid
 * specifications, which are data from any system.
 */
export const specification = (
  spec: Schema.Json,
  rows: ReadonlyArray<object>,
  screen: Theme.Screen,
  look?: Look,
): TopLevelSpec => {
  const room: Theme.Room = Theme.room[screen][hasPanels(spec) ? "several" : "one"]
  const whole = withTable(spec, rows)
  const seen = look !== undefined && isObject(whole) ? interactive(whole, look) : whole
  const calm = LogAxis.calm(seen)
  const known = screen === "wide" ? calm : inOneColumn(calm)
  const columns = Layout.legendColumns(known, room.whole, Theme.fontSize)
  return Object.assign({}, Layout.withTitles(known, room, Theme.fontSize), {
    config: Theme.config(room, columns),
  }) as unknown as TopLevelSpec
}
