/** Refusal of figures that cannot be drawn as they are. */
import { lostRows } from "../Check.ts"
import { views } from "../View.ts"
import type { Schema } from "effect"

/** Maximum number of rows of a figure: no one could read more, and the page would freeze. */
const mostRows = 50_000

/** Reason not to draw a figure: too many rows, or rows that it would drop without a filter. Undefined if it can be drawn. */
export const faultOf = (spec: Schema.Json, rows: ReadonlyArray<object>): string | undefined => {
  const most = views(spec, rows).reduce((count, view) => Math.max(count, view.rows.length), 0)
  if (most > mostRows) {
    return `it has ${most} rows, and a picture at most ${mostRows}: draw their means, or use the rows themselves`
  }
  const lost = lostRows(spec, rows)
  return lost.length === 0 ? undefined : lost.join("; ")
}
