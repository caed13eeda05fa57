/** Lines of a row name, a column name and a value, in three columns of a file. */
import { BadCell, EmptyCsv, MissingColumn, RaggedRow } from "@nonconvex/datasets/CsvError"
import * as Tables from "@nonconvex/datasets/Table"
import { Effect } from "effect"
import type { NamedTable } from "./CompleteInput.ts"
import {
  BadColumns,
  BadWeight,
  most,
  Nameless,
  NoTriplets,
  RepeatedEntry,
  TooMany,
} from "./InputError.ts"

/** What reading lines can fail with. */
type Problem =
  | BadCell
  | BadColumns
  | BadWeight
  | EmptyCsv
  | MissingColumn
  | Nameless
  | NoTriplets
  | RaggedRow
  | RepeatedEntry
  | TooMany

/** What the user says of the lines; what is undefined is told by the cells. */
export interface Told {
  readonly header: boolean | undefined
  /** Names or, from 1, numbers of the columns that hold row, column and value. */
  readonly columns: ReadonlyArray<string> | undefined
  /** Name or number of the column that says how much each line counts. */
  readonly weights?: string | undefined
}

/** Whole numbers from 0, as many as come. Mutable. */
class Numbers {
  #values = new Uint32Array(1024)
  count = 0

  push(value: number): void {
    if (this.count === this.#values.length) {
      const larger = new Uint32Array(2 * this.count)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.count++] = value
  }

  get all(): Uint32Array {
    return this.#values.subarray(0, this.count)
  }
}

/** Numbers of names in the order in which they come. Mutable. */
class Names {
  readonly #numbers = new Map<string, number>()

  /** -1 of one that is one too many. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    if (this.#numbers.size === most.names) return -1
    this.#numbers.set(name, this.#numbers.size)
    return this.#numbers.size - 1
  }

  get size(): number {
    return this.#numbers.size
  }

  get all(): ReadonlyArray<string> {
    return [...this.#numbers.keys()]
  }
}

/** The first two lines of the same entry, as places in the lists: row after row, in one pass over each. */
const repeated = (
  rowOf: Uint32Array,
  columnOf: Uint32Array,
  [rows, columns]: readonly [number, number],
): readonly [number, number] | undefined => {
  const next = new Uint32Array(rows + 1)
  for (const row of rowOf) next[row + 1]!++
  for (let row = 0; row < rows; row++) next[row + 1]! += next[row]!
  const order = new Uint32Array(rowOf.length)
  rowOf.forEach((row, k) => (order[next[row]!++] = k))
  // of each column the last line, and the row that it is of, from 1
  const [last, of] = [new Uint32Array(columns), new Uint32Array(columns)]
  let found: readonly [number, number] | undefined
  for (const k of order) {
    const [row, column] = [rowOf[k]!, columnOf[k]!]
    const isTwice = of[column] === row + 1
    if (isTwice && (found === undefined || k < found[1])) found = [last[column]!, k]
    last[column] = k
    of[column] = row + 1
  }
  return found
}

/** Whether a column is called by its number from 1, and not by a name. */
const isPosition = (name: string, { length }: ReadonlyArray<string>): boolean =>
  /^\d+$/.test(name) && Number(name) >= 1 && Number(name) <= length

/** Lines as they come. Mutable. */
export class Triplets {
  readonly #path: string
  readonly #told: Told
  #toNumber = Tables.toNumber
  /** Of a file that is no text, which says itself what its columns are called. */
  #format: Tables.Spelling["format"]
  #weightAt: number | undefined
  #places: readonly [row: number, column: number, value: number] = [0, 1, 2]
  #width = 0
  #header = false
  #valueName = "value"
  readonly #rows = new Names()
  readonly #columns = new Names()
  readonly #rowOf = new Numbers()
  readonly #columnOf = new Numbers()
  readonly #lineOf = new Numbers()
  readonly #values: Array<number> = []
  readonly #weights: Array<number> = []
  #weightName = "weight"
  readonly #askedRow = new Numbers()
  readonly #askedColumn = new Numbers()

  constructor(path: string, told: Told) {
    this.#path = path
    this.#told = told
  }

  readonly begin = (spelling: Tables.Spelling): void => {
    this.#toNumber = Tables.numbersIn(spelling)
    this.#format = spelling.format
  }

  readonly add = (cells: ReadonlyArray<string>, row: number): Problem | undefined => {
    if (this.#width === 0) return this.#begin(cells, row)
    const path = this.#path
    if (cells.length !== this.#width) {
      return new RaggedRow({ path, row, expected: this.#width, found: cells.length })
    }
    return this.#append(cells, row)
  }

  #begin(cells: ReadonlyArray<string>, row: number): Problem | undefined {
    this.#width = cells.length
    const places = this.#placesIn(cells)
    if (!Array.isArray(places)) return places as Problem
    const [r, c, v] = places as ReadonlyArray<number>
    this.#places = [r!, c!, v!]
    const { weights } = this.#told
    if (weights !== undefined) {
      this.#weightAt = this.#placeOf(weights, cells)
      if (this.#weightAt < 0) {
        return new MissingColumn({ path: this.#path, column: weights, available: cells })
      }
      this.#weightName = weights
    }
    // names of columns need a header
    const named = [...(this.#told.columns ?? []), ...(weights === undefined ? [] : [weights])]
    const isNamed = named.some((name) => !isPosition(name, cells))
    this.#header =
      this.#format !== undefined || (this.#told.header ?? (isNamed || Tables.isWord(cells[v!]!)))
    if (!this.#header) return this.#append(cells, row)
    this.#valueName = cells[v!]!
    return undefined
  }

  #placesIn(cells: ReadonlyArray<string>): ReadonlyArray<number> | Problem {
    const { columns } = this.#told
    const path = this.#path
    if (columns === undefined) {
      // a fourth column, such as the time of a rating, says nothing of the value
      return cells.length === 3 || cells.length === 4
        ? [0, 1, 2]
        : new NoTriplets({ path, columns: cells.length })
    }
    const places = columns.map((name) => this.#placeOf(name, cells))
    const missing = places.indexOf(-1)
    if (missing >= 0) {
      return new MissingColumn({ path, column: columns[missing]!, available: cells })
    }
    return new Set(places).size === 3 ? places : new BadColumns({ columns: columns.join() })
  }

  #placeOf(name: string, cells: ReadonlyArray<string>): number {
    const isName = this.#format !== undefined && cells.includes(name)
    return !isName && isPosition(name, cells) ? Number(name) - 1 : cells.indexOf(name)
  }

  /** How much a line counts. */
  #weightIn(cells: ReadonlyArray<string>, row: number): number | BadWeight {
    const cell = this.#weightAt === undefined ? "1" : cells[this.#weightAt]!
    const weight = this.#toNumber(cell)
    return typeof weight === "number" && weight >= 0
      ? weight
      : new BadWeight({ path: this.#path, row, column: this.#weightName, cell })
  }

  #append(cells: ReadonlyArray<string>, line: number): Problem | undefined {
    const path = this.#path
    const [row, column, cell] = this.#places.map((at) => cells[at]!) as [string, string, string]
    if (row === "") return new Nameless({ path, line, of: "row" })
    if (column === "") return new Nameless({ path, line, of: "column" })
    const value = this.#toNumber(cell)
    if (typeof value !== "number" && value !== "missing") {
      return new BadCell({ path, row: line, column: this.#valueName, cell, reason: value })
    }
    const weight = this.#weightIn(cells, line)
    if (typeof weight !== "number") return weight
    const [r, c] = [this.#rows.numberOf(row), this.#columns.numberOf(column)]
    if (r < 0) return new TooMany({ path, of: "names of rows", most: most.names })
    if (c < 0) return new TooMany({ path, of: "names of columns", most: most.names })
    if (this.#values.length === most.observations) {
      return new TooMany({ path, of: "observations", most: most.observations })
    }
    if (value === "missing" || weight === 0) {
      this.#askedRow.push(r)
      this.#askedColumn.push(c)
      return undefined
    }
    this.#rowOf.push(r)
    this.#columnOf.push(c)
    this.#lineOf.push(line)
    this.#values.push(value)
    this.#weights.push(weight)
    return undefined
  }

  get hasHeader(): boolean {
    return this.#header
  }

  /** Whether there are fewer names of rows, and of columns, than lines, none of which lacks its value. */
  get repeatsNames(): boolean {
    const { count } = this.#rowOf
    return this.#askedRow.count === 0 && this.#rows.size < count && this.#columns.size < count
  }

  /** Whether words are among the names of columns. */
  get hasWords(): boolean {
    return this.#columns.all.some(Tables.isWord)
  }

  get hasWholeNames(): boolean {
    return [...this.#rows.all, ...this.#columns.all].every((name) => /^\d+$/.test(name))
  }

  /** Whether there are fewer lines than entries of a table. */
  get isSparse(): boolean {
    return this.#rowOf.count < this.#rows.size * this.#columns.size
  }

  finish(): Effect.Effect<NamedTable, Problem> {
    const path = this.#path
    if (this.#width === 0) return Effect.fail(new EmptyCsv({ path, missing: "everything" }))
    const [rowNames, columnNames] = [this.#rows.all, this.#columns.all]
    if (rowNames.length === 0) return Effect.fail(new EmptyCsv({ path, missing: "data" }))
    const [rowOf, columnOf] = [this.#rowOf.all, this.#columnOf.all]
    const twice = repeated(rowOf, columnOf, [rowNames.length, columnNames.length])
    if (twice !== undefined) {
      const [a, b] = twice
      const [row, column] = [rowNames[rowOf[a]!]!, columnNames[columnOf[a]!]!]
      const lines = [this.#lineOf.all[a]!, this.#lineOf.all[b]!] as const
      return Effect.fail(new RepeatedEntry({ path, row, column, lines }))
    }
    return Effect.succeed({
      table: {
        rows: rowNames.length,
        columns: columnNames.length,
        rowOf: rowOf.slice(),
        columnOf: columnOf.slice(),
        values: Float64Array.from(this.#values),
        ...(this.#weightAt !== undefined && { confidence: Float64Array.from(this.#weights) }),
      },
      rowNames,
      columnNames,
      asked: { rowOf: this.#askedRow.all.slice(), columnOf: this.#askedColumn.all.slice() },
      read: {
        form: "triplets",
        header: this.#header,
        rowNames: true,
        columns: this.#places.map((at) => at + 1),
        ...(this.#format !== undefined && { format: this.#format }),
      },
    })
  }
}

/** Lines of a file that are triplets, read as they come. */
export const read = Effect.fnUntraced(function* (
  path: string,
  spelling: Tables.Options,
  told: Told,
) {
  const triplets = new Triplets(path, told)
  yield* Tables.readRecords(path, spelling, triplets)
  return yield* triplets.finish()
})

/** The first three cells of a record as text. */
const cellsOf = ({ spelling, text, values, width }: Tables.Grid, record: number) => {
  const value = values[record * width + 2]!
  const written = String(value).replace(".", spelling.decimal)
  return [text(record, 0)!, text(record, 1)!, text(record, 2) ?? written]
}

/**
 * The triplets in the first three of three or four columns, where lines must be that: numbers stand in the third, and names of rows and
 * of columns repeat. Words stand in the second, which no matrix has there; or whole numbers in both, of which no pair repeats, in a
 * file without a hole, as a matrix must have one.
 */
export const fromGrid = Effect.fnUntraced(function* (
  cells: Tables.Grid,
  header: boolean | undefined,
) {
  const { isFirstShort, line, path, records, values, width } = cells
  if ((width !== 3 && width !== 4) || isFirstShort) return undefined
  const triplets = new Triplets(path, { header, columns: undefined })
  triplets.begin(cells.spelling)
  for (let record = 0; record < records; record++) {
    if (triplets.add(cellsOf(cells, record), line(record)) !== undefined) return undefined
  }
  if (!triplets.repeatsNames) return undefined
  if (triplets.hasWords)
    return width === 3 || triplets.isSparse ? yield* triplets.finish() : undefined
  const from = triplets.hasHeader ? width : 0
  const isFull = !values.subarray(from).includes(Number.NaN)
  if (!isFull || !triplets.hasWholeNames || !triplets.isSparse) return undefined
  return yield* Effect.catchTag(triplets.finish(), "RepeatedEntry", () => Effect.succeed(undefined))
})
