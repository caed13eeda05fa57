/** What `complete` reads: a matrix with holes, or triplets of row, column and value, as a table with names. */
import { BadCell, type Csv, CsvGrid, EmptyCsv } from "@nonconvex/datasets"
import type { Table } from "@nonconvex/matrix-factorization"
import { Effect, Schema } from "effect"

/** A table of triplets has another number of columns. */
export class NoTriplets extends Schema.TaggedError<NoTriplets>()("NoTriplets", {
  path: Schema.String,
  columns: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: ${this.columns} columns; triplets have three: row, column, value`
  }
}

/** One column has nothing to be completed from. */
export class OneColumn extends Schema.TaggedError<OneColumn>()("OneColumn", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: one column only; give a table of two at least, or another --delimiter`
  }
}

/** Two triplets of the same entry. */
export class RepeatedEntry extends Schema.TaggedError<RepeatedEntry>()("RepeatedEntry", {
  path: Schema.String,
  row: Schema.String,
  column: Schema.String,
  lines: Schema.Tuple([Schema.Int, Schema.Int]),
}) {
  override get message(): string {
    return `${this.path}: rows ${this.lines.join(" and ")} both give the entry (${this.row}, ${this.column}); keep one`
  }
}

/** Nothing is known of some rows or columns, so that no method can fill them. */
export class NothingObserved extends Schema.TaggedError<NothingObserved>()("NothingObserved", {
  path: Schema.String,
  rows: Schema.Array(Schema.String),
  columns: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const list = (kind: string, names: ReadonlyArray<string>) =>
      names.length === 0
        ? []
        : [
            `${kind} ${names.slice(0, 12).join(", ")}${names.length > 12 ? ` and ${names.length - 12} more` : ""}`,
          ]
    const what = [...list("rows", this.rows), ...list("columns", this.columns)].join(" and of ")
    return `${this.path}: nothing is observed of ${what}; remove them, or observe an entry`
  }
}

export interface NamedTable {
  readonly table: Table
  readonly rowNames: ReadonlyArray<string>
  readonly columnNames: ReadonlyArray<string>
}

type Records = ReadonlyArray<CsvGrid.CsvRecord>

const isNumber = (cell: string): boolean => typeof CsvGrid.number(cell) === "number"
const isName = (cell: string): boolean => CsvGrid.number(cell) === "not-a-number"

/** The number in a cell, nothing where it is missing, or what is wrong with it. */
const value = (path: string, row: number, column: string, cell: string) => {
  const read = CsvGrid.number(cell)
  if (typeof read === "number") return Effect.succeed(read)
  if (read === "missing") return Effect.succeed(undefined)
  return Effect.fail(new BadCell({ path, row, column, cell, reason: read }))
}

/** Column names are in the first line where that holds no number, row names in the first column where all cells are words. */
const fromMatrix = Effect.fnUntraced(function* (path: string, records: Records) {
  const first = records[0]!.cells
  const header = first.some(isNumber) ? undefined : first
  const body = header === undefined ? records : records.slice(1)
  if (body.length === 0) return yield* new EmptyCsv({ path, missing: "data" })
  const skip = first.length > 1 && body.every(({ cells }) => isName(cells[0]!)) ? 1 : 0
  const columns = first.length - skip
  if (columns === 1) return yield* new OneColumn({ path })
  const columnNames = Array.from(
    { length: columns },
    (_, j) => header?.[j + skip] ?? `column ${j + 1}`,
  )
  const entries: Array<readonly [number, number]> = []
  const values: Array<number> = []
  for (const [i, { cells, row }] of body.entries()) {
    for (const [j, name] of columnNames.entries()) {
      const number = yield* value(path, row, name, cells[j + skip]!)
      if (number === undefined) continue
      entries.push([i, j])
      values.push(number)
    }
  }
  return {
    table: { rows: body.length, columns, entries, values: Float64Array.from(values) },
    rowNames: body.map(({ cells }, i) => (skip === 1 ? cells[0]! : `row ${i + 1}`)),
    columnNames,
  }
})

/** Names in the order in which they come; the first line is skipped where its last cell is no number. */
const fromTriplets = Effect.fnUntraced(function* (path: string, records: Records) {
  const width = records[0]!.cells.length
  if (width !== 3) return yield* new NoTriplets({ path, columns: width })
  const first = isName(records[0]!.cells[2]!) ? 1 : 0
  if (records.length === first) return yield* new EmptyCsv({ path, missing: "data" })
  const [rows, columns] = [new Map<string, number>(), new Map<string, number>()]
  const numberOf = (names: Map<string, number>, name: string): number => {
    const known = names.get(name) ?? names.size
    names.set(name, known)
    return known
  }
  const lines = new Map<string, number>()
  const entries: Array<readonly [number, number]> = []
  const values: Array<number> = []
  for (const { cells, row: line } of records.slice(first)) {
    const [row, column, cell] = cells
    const number = yield* value(path, line, "value", cell!)
    const entry = [numberOf(rows, row!), numberOf(columns, column!)] as const
    if (number === undefined) continue
    const before = lines.get(entry.join())
    if (before !== undefined) {
      return yield* new RepeatedEntry({ path, row: row!, column: column!, lines: [before, line] })
    }
    lines.set(entry.join(), line)
    entries.push(entry)
    values.push(number)
  }
  return {
    table: { rows: rows.size, columns: columns.size, entries, values: Float64Array.from(values) },
    rowNames: [...rows.keys()],
    columnNames: [...columns.keys()],
  }
})

export const read = Effect.fnUntraced(function* (
  path: string,
  { delimiter, triplets }: { readonly triplets: boolean; readonly delimiter: Csv.Delimiter },
) {
  const records = yield* CsvGrid.read(path, { delimiter })
  if (triplets) return yield* fromTriplets(path, records)
  return yield* fromMatrix(path, records)
})
