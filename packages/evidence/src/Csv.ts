/** Tables as CSV (RFC 4180), for every command and page that writes one. */
import type { Row } from "./Experiment.ts"

export type Cell = Row[string]

/** Number that parses to the same bits: -0 included, and none beyond 2^53 as an integer, which would claim digits. */
const written = (value: number): string => {
  if (Object.is(value, -0)) return "-0"
  const isLarge = Number.isFinite(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER
  return isLarge ? value.toExponential() : String(value)
}

const cell = (value: Cell): string => {
  const text = typeof value === "number" ? written(value) : String(value)
  return /[",\t\r\n]|^#/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line of the file; a `delimiter` other than a comma is a tab. */
export const line = (cells: ReadonlyArray<Cell>, delimiter: "," | "\t" = ","): string =>
  `${cells.map(cell).join(delimiter)}\r\n`

/** Names of the columns of all rows, in order of appearance. */
export const columns = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const names = new Set<string>()
  for (const row of rows) for (const name of Object.keys(row)) names.add(name)
  return [...names]
}

/** Rows under a header, empty cells where a row has no such value; empty without rows. */
export const encode = (rows: ReadonlyArray<Row>): string => {
  if (rows.length === 0) return ""
  const names = columns(rows)
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))]
    .map((cells) => line(cells))
    .join("")
}
