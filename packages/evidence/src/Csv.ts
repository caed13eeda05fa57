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

/** A line of the file; another `delimiter` than a comma is a tab. */
export const line = (cells: ReadonlyArray<Cell>, delimiter: "," | "\t" = ","): string =>
  `${cells.map(cell).join(delimiter)}\r\n`

/** The names of the columns that any of the rows has, as they come. */
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

/** The type of a column, as a file of rows has it. */
export type ColumnType = "number" | "text" | "truth"

/** The cells of each line; quotes as `line` writes them. */
const cellsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines: Array<Array<string>> = []
  let cells: Array<string> = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)
    if (found === null) break
    const [, quoted, plain = "", end] = found
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ",") continue
    lines.push(cells)
    cells = []
  }
  return lines
}

const valueOf = (text: string, type: ColumnType): Cell => {
  if (type === "text") return text
  return type === "truth" ? text === "true" : Number(text)
}

/**
 * The rows of a text that `encode` wrote, by the types of its columns, with the same bits. An empty cell of numbers or truth values is none.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Csv from "@nonconvex/evidence/Csv"
 *
 * const text = Csv.encode([{ radius: 0.1, method: "SAM, twice" }, { method: "SGD" }])
 * Csv.decode(text, { radius: "number", method: "text" }) // => [{ radius: 0.1, method: "SAM, twice" }, { method: "SGD" }]
 * ```
 */
export const decode = (
  text: string,
  types: Readonly<Record<string, ColumnType>>,
): ReadonlyArray<Row> => {
  const [names = [], ...lines] = cellsOf(text)
  return lines.map((cells) =>
    Object.fromEntries(
      names.flatMap((name, at) => {
        const type = types[name] ?? "text"
        const given = cells[at] ?? ""
        return given === "" && type !== "text" ? [] : [[name, valueOf(given, type)] as const]
      }),
    ),
  )
}
