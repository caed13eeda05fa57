/** Lines of a row name, a column name and a value. */
import { EmptyCsv } from "@nonconvex/datasets/CsvError"
import { Effect } from "effect"
import { isNumber, isWord, type Records, value } from "./Cells.ts"
import type { NamedTable } from "./CompleteInput.ts"
import { Nameless, NoTriplets, RepeatedEntry } from "./InputError.ts"

/** The first line is a header where its last cell is a word. */
const isHeader = (records: Records): boolean => isWord(records[0]!.cells[2]!)

/**
 * Whether lines must be triplets: words stand in the second of three columns, which no matrix has there, numbers in the third; names
 * of rows and columns repeat, and no pair of them does.
 */
export const isCertain = (records: Records): boolean => {
  if (records[0]!.cells.length !== 3) return false
  const lines = isHeader(records) ? records.slice(1) : records
  const distinct = (key: (cells: ReadonlyArray<string>) => string) =>
    new Set(lines.map(({ cells }) => key(cells))).size
  return (
    lines.some(({ cells }) => isWord(cells[1]!)) &&
    lines.every(({ cells }) => cells[0] !== "" && cells[1] !== "" && isNumber(cells[2]!)) &&
    distinct(([row]) => row!) < lines.length &&
    distinct(([, column]) => column!) < lines.length &&
    distinct(([row, column]) => JSON.stringify([row, column])) === lines.length
  )
}

/** Names in the order in which they come. */
export const read = Effect.fnUntraced(function* (
  path: string,
  records: Records,
  told: boolean | undefined,
) {
  const width = records[0]!.cells.length
  if (width !== 3) return yield* new NoTriplets({ path, columns: width })
  const header = told ?? isHeader(records)
  const lines = header ? records.slice(1) : records
  if (lines.length === 0) return yield* new EmptyCsv({ path, missing: "data" })
  const [rows, columns] = [new Map<string, number>(), new Map<string, number>()]
  const numberOf = (names: Map<string, number>, name: string): number => {
    const known = names.get(name) ?? names.size
    names.set(name, known)
    return known
  }
  const seen = new Map<string, number>()
  const entries: Array<readonly [number, number]> = []
  const values: Array<number> = []
  for (const { cells, row: line } of lines) {
    const [row, column, cell] = cells
    if (row === "") return yield* new Nameless({ path, line, of: "row" })
    if (column === "") return yield* new Nameless({ path, line, of: "column" })
    const number = yield* value(path, line, "value", cell!)
    const entry = [numberOf(rows, row!), numberOf(columns, column!)] as const
    if (number === undefined) continue
    const before = seen.get(entry.join())
    if (before !== undefined) {
      return yield* new RepeatedEntry({ path, row: row!, column: column!, lines: [before, line] })
    }
    seen.set(entry.join(), line)
    entries.push(entry)
    values.push(number)
  }
  return {
    table: { rows: rows.size, columns: columns.size, entries, values: Float64Array.from(values) },
    rowNames: [...rows.keys()],
    columnNames: [...columns.keys()],
    read: { form: "triplets", header, rowNames: true },
    isDelimited: false,
  } satisfies NamedTable
})
