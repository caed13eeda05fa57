/** A figure as it is drawn: with its rows, in the look of the project, with room for its words. */
import type { Row } from "@nonconvex/evidence/Experiment"
import { withTable } from "@nonconvex/evidence/Figure"
import { isObject } from "@nonconvex/evidence/FigureRows"
import type { Schema } from "effect"
import type { TopLevelSpec } from "vega-lite"
import { closer, type Look } from "./Closer.ts"
import * as Layout from "./Layout.ts"
import * as LogAxis from "./LogAxis.ts"
import { inOneColumn } from "./Spec.ts"
import * as Theme from "./Theme.ts"

/**
 * Whether a figure has panels beside or below each other.
 *
 * @example
 * ```ts import.meta.vitest
 * import { hasPanels } from "@nonconvex/gallery"
 *
 * hasPanels({ mark: "line", encoding: { facet: { field: "method" } } }) // => true
 * hasPanels({ mark: "line", encoding: { color: { field: "method" } } }) // => false
 * ```
 */
export const hasPanels = (spec: Schema.Json): boolean =>
  /"(?:facet|row|column|hconcat|vconcat|concat|repeat)":/.test(JSON.stringify(spec))

/**
 * What Vega-Lite is given for a figure over the rows of its experiment. What Vega-Lite cannot read, it refuses by throwing: a
 * specification is data from any system.
 *
 * @example
 * ```ts import.meta.vitest
 * import { specification } from "@nonconvex/gallery"
 *
 * const spec = { data: { name: "table" }, mark: "tick", encoding: { x: { field: "n", type: "quantitative" } } }
 * const drawn = specification(spec, [{ n: 1 }, { n: 2 }], "wide")
 * "data" in drawn && drawn.data // => { values: [{ n: 1 }, { n: 2 }] }
 * ```
 */
export const specification = (
  spec: Schema.Json,
  rows: ReadonlyArray<Row>,
  screen: Theme.Screen,
  look?: Look,
): TopLevelSpec => {
  const room: Theme.Room = Theme.room[screen][hasPanels(spec) ? "several" : "one"]
  const whole = withTable(spec, rows)
  const seen = look !== undefined && isObject(whole) ? closer(whole, look) : whole
  const calm = LogAxis.calm(seen)
  const known = screen === "wide" ? calm : inOneColumn(calm)
  const columns = Layout.legendColumns(known, room.whole, Theme.fontSize)
  return Object.assign({}, Layout.withTitles(known, room, Theme.fontSize), {
    config: Theme.config(room, columns),
  }) as unknown as TopLevelSpec
}
