/** Figures of what a program reports: its numbers over its steps. */
import type { Row } from "@nonconvex/evidence/Experiment"
import * as Figure from "@nonconvex/figures"

/** Columns that count steps, the first of which is the axis. */
const counts = ["step", "global_step", "iteration", "epoch"]

/** Most figures of a run. */
const most = 4

/** A line for each column of numbers over the steps; none if the rows have no steps. */
export const of = (rows: ReadonlyArray<Row>): ReadonlyArray<Figure.Figure> => {
  const isNumeric = (name: string) =>
    rows.length > 1 && rows.every((row) => Number.isFinite(row[name]))
  const x = counts.find(isNumeric)
  if (x === undefined) return []
  return Object.keys(rows[0] ?? {})
    .filter((name) => /^\w+$/.test(name) && !counts.includes(name) && isNumeric(name))
    .slice(0, most)
    .map((name) =>
      Figure.lines<Row>({
        id: name,
        title: name,
        caption: `${name} by ${x}, as the program reports them.`,
        x: { field: x, title: x },
        y: { field: name, title: name },
      }),
    )
}
