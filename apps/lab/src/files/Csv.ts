/** Rows of an experiment as CSV (RFC 4180). */
import type { Row } from "@nonconvex/evidence"

/** The columns of the first row, in its order; all rows have them. */
export const columns = (rows: ReadonlyArray<Row>): ReadonlyArray<string> =>
  Object.keys(rows[0] ?? {})

const cell = (value: string | number | boolean): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A header and one line a row; empty without rows. */
export const encode = (rows: ReadonlyArray<Row>): string => {
  if (rows.length === 0) return ""
  const names = columns(rows)
  const lines = [
    names.map(cell).join(","),
    ...rows.map((row) => names.map((name) => cell(row[name] ?? "")).join(",")),
  ]
  return `${lines.join("\r\n")}\r\n`
}
