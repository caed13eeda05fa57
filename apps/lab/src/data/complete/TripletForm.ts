/** Lines of a row name, a column name and a value. */
import { BadCell, EmptyCsv, RaggedRow } from "@nonconvex/datasets/CsvError"
import * as Tables from "@nonconvex/datasets/Table"
import { Effect } from "effect"
import type { NamedTable } from "./CompleteInput.ts"
import { Nameless, NoTriplets, RepeatedEntry } from "./InputError.ts"

interface Triplet {
  readonly row: string
  readonly column: string
  /** The number in the third cell, or why it holds none. */
  readonly value: ReturnType<typeof Tables.toNumber>
  readonly cell: string
  /** Of the file, from 1. */
  readonly line: number
}

const tripletsFrom = (cells: Tables.Grid, first: number): ReadonlyArray<Triplet> => {
  const toNumber = Tables.numbersIn(cells.spelling)
  return Array.from({ length: cells.records - first }, (_, k) => {
    const record = first + k
    const number = cells.values[3 * record + 2]!
    const cell = cells.text(record, 2) ?? String(number)
    return {
      row: cells.text(record, 0)!,
      column: cells.text(record, 1)!,
      value: Number.isNaN(number) ? toNumber(cell) : number,
      cell,
      line: cells.lines[record]!,
    }
  })
}

/** The first line is a header where its last cell is a word. */
const isHeader = ({ first }: Tables.Grid): boolean => Tables.isWord(first[2]!)

/**
 * Whether lines must be triplets: words stand in the second of three columns, which no matrix has there, numbers in the third; names
 * of rows and columns repeat, and no pair of them does.
 */
export const isCertain = (cells: Tables.Grid): boolean => {
  if (cells.width !== 3 || cells.isFirstShort) return false
  const triplets = tripletsFrom(cells, isHeader(cells) ? 1 : 0)
  const distinct = (key: (triplet: Triplet) => string) => new Set(triplets.map(key)).size
  return (
    triplets.some(({ column }) => Tables.isWord(column)) &&
    triplets.every(
      ({ column, row, value }) =>
        row !== "" &&
        column !== "" &&
        (typeof value === "number" ||
          value === "decimal-comma" ||
          value === "thousands-or-decimal"),
    ) &&
    distinct(({ row }) => row) < triplets.length &&
    distinct(({ column }) => column) < triplets.length &&
    distinct(({ column, row }) => JSON.stringify([row, column])) === triplets.length
  )
}

/** Names in the order in which they come. */
export const read = Effect.fnUntraced(function* (cells: Tables.Grid, told: boolean | undefined) {
  const { isFirstShort, lines, path, records, width } = cells
  if (isFirstShort) {
    return yield* new RaggedRow({ path, row: lines[1]!, expected: width - 1, found: width })
  }
  if (width !== 3) return yield* new NoTriplets({ path, columns: width })
  const header = told ?? isHeader(cells)
  if (header && records === 1) return yield* new EmptyCsv({ path, missing: "data" })
  const [rows, columns] = [new Map<string, number>(), new Map<string, number>()]
  const numberOf = (names: Map<string, number>, name: string): number => {
    const known = names.get(name) ?? names.size
    names.set(name, known)
    return known
  }
  const seen = new Map<string, number>()
  const entries: Array<readonly [number, number]> = []
  const values: Array<number> = []
  for (const { cell, column, line, row, value } of tripletsFrom(cells, header ? 1 : 0)) {
    if (row === "") return yield* new Nameless({ path, line, of: "row" })
    if (column === "") return yield* new Nameless({ path, line, of: "column" })
    if (typeof value !== "number" && value !== "missing") {
      return yield* new BadCell({ path, row: line, column: "value", cell, reason: value })
    }
    const entry = [numberOf(rows, row), numberOf(columns, column)] as const
    if (value === "missing") continue
    const before = seen.get(entry.join())
    if (before !== undefined) {
      return yield* new RepeatedEntry({ path, row, column, lines: [before, line] })
    }
    seen.set(entry.join(), line)
    entries.push(entry)
    values.push(value)
  }
  return {
    table: { rows: rows.size, columns: columns.size, entries, values: Float64Array.from(values) },
    rowNames: [...rows.keys()],
    columnNames: [...columns.keys()],
    read: { form: "triplets", header, rowNames: true },
    isDelimited: false,
  } satisfies NamedTable
})
