/** Rows as CSV (RFC 4180). */
import type { Row } from "@nonconvex/evidence"

/** The columns of the first row, in its order; all rows have them. */
export const columns = (rows: ReadonlyArray<Row>): ReadonlyArray<string> =>
  Object.keys(rows[0] ?? {})

const cell = (value: string | number | boolean): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line a row of cells. */
export const render = (rows: ReadonlyArray<ReadonlyArray<string | number | boolean>>): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")

/** The rows of an experiment under a header; empty without rows. */
export const encode = (rows: ReadonlyArray<Row>): string => {
  if (rows.length === 0) return ""
  const names = columns(rows)
  return render([names, ...rows.map((row) => names.map((name) => row[name] ?? ""))])
}
