/** Triplets: lines of a row name, a column name and a value, in three columns of a file. */
import { Effect, type FileSystem } from "effect"
import { BadCell, EmptyCsv, MissingColumn, RaggedRow, type TextError } from "./CsvError.ts"
import type { Entries } from "./Entries.ts"
import {
  BadColumns,
  BadWeight,
  most,
  Nameless,
  NoTriplets,
  RepeatedEntry,
  TooMany,
} from "./EntriesError.ts"
import type { FileError } from "./FileError.ts"
import * as Cell from "./internal/Cell.ts"
import type { Grid } from "./internal/Grid.ts"
import * as Records from "./internal/Records.ts"
import { Growing, reals, wholes } from "./internal/SharedArrays.ts"
import { cellAt, type Columns, finiteAt } from "./internal/typed/Columns.ts"
import type { Options, Spelling } from "./Spelling.ts"
import type { Notation } from "./internal/Notation.ts"

/** Errors of triplets, in addition to those of files and texts. */
export type Problem =
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

/** Declared columns and header; the rest is detected. */
export interface TripletOptions {
  readonly header: boolean | undefined
  /** Names or, from 1, numbers of the columns that hold row, column and value. */
  readonly columns: ReadonlyArray<string> | undefined
  /** Name or number of the column of weights. */
  readonly weights?: string | undefined
}

/** Indices of names in order of first appearance. Mutable. */
class Names {
  readonly #numbers = new Map<string, number>()

  /** Number of a name; -1 beyond the limit. */
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

/** First two lines with the same entry, as list indices. */
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

/** Tests whether a column is given by its number from 1 instead of a name. */
const isPosition = (name: string, { length }: ReadonlyArray<string>): boolean =>
  /^\d+$/.test(name) && Number(name) >= 1 && Number(name) <= length

/** A value or weight from a file: a number, or the text that should be one. */
type Written = number | string

/** Triplets in the order of the file. Mutable. */
class Lines {
  readonly #path: string
  readonly #options: TripletOptions
  #notation: Notation = Cell.standard
  /** Format of a binary file, which contains its own column names. */
  #format: Spelling["format"]
  #weightAt: number | undefined
  #places: readonly [row: number, column: number, value: number] = [0, 1, 2]
  #width = 0
  #header = false
  #valueName = "value"
  readonly #rows = new Names()
  readonly #columns = new Names()
  readonly #rowOf = new Growing(wholes)
  readonly #columnOf = new Growing(wholes)
  readonly #lineOf = new Growing(wholes)
  readonly #values = new Growing(reals)
  readonly #weights = new Growing(reals)
  #weightName = "weight"
  readonly #askedRow = new Growing(wholes)
  readonly #askedColumn = new Growing(wholes)

  constructor(path: string, options: TripletOptions) {
    this.#path = path
    this.#options = options
  }

  readonly begin = (spelling: Spelling): void => {
    this.#notation = spelling
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

  /** Adds a row of typed columns, counted from 0, with its numbers unchanged. */
  readonly addRow = (columns: Columns["columns"], row: number): Problem | undefined => {
    const [r, c, v] = this.#places
    const written = (at: number) => finiteAt(columns[at]!, row) ?? cellAt(columns[at]!, row)
    const weight = this.#weightAt === undefined ? 1 : written(this.#weightAt)
    const names = [cellAt(columns[r]!, row), cellAt(columns[c]!, row)] as const
    return this.#appendEntry(names, written(v), weight, row + 1)
  }

  /** Adds a record of a grid of three or four columns, with its numbers unchanged. */
  addRecord({ line, text, values, width }: Grid, record: number): Problem | undefined {
    if (this.#width === 0) {
      return this.#begin(
        Array.from({ length: width }, (_, j) => text(record, j)!),
        line(record),
      )
    }
    const value = values[record * width + 2]!
    const written = Number.isNaN(value) ? (text(record, 2) ?? "") : value
    const names = [text(record, 0)!, text(record, 1)!] as const
    return this.#appendEntry(names, written, 1, line(record))
  }

  #begin(cells: ReadonlyArray<string>, row: number): Problem | undefined {
    this.#width = cells.length
    const places = this.#placesIn(cells)
    if (!Array.isArray(places)) return places as Problem
    const [r, c, v] = places as ReadonlyArray<number>
    this.#places = [r!, c!, v!]
    const { weights } = this.#options
    if (weights !== undefined) {
      this.#weightAt = this.#placeOf(weights, cells)
      if (this.#weightAt < 0) {
        return new MissingColumn({ path: this.#path, column: weights, available: cells })
      }
      this.#weightName = weights
    }
    // names of columns need a header
    const named = [...(this.#options.columns ?? []), ...(weights === undefined ? [] : [weights])]
    const isNamed = named.some((name) => !isPosition(name, cells))
    this.#header =
      this.#format !== undefined || (this.#options.header ?? (isNamed || Cell.isWord(cells[v!]!)))
    if (!this.#header) return this.#append(cells, row)
    this.#valueName = cells[v!]!
    return undefined
  }

  #placesIn(cells: ReadonlyArray<string>): ReadonlyArray<number> | Problem {
    const { columns } = this.#options
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

  #append(cells: ReadonlyArray<string>, line: number): Problem | undefined {
    const [row, column, value] = this.#places.map((at) => cells[at]!) as [string, string, string]
    const weight = this.#weightAt === undefined ? 1 : cells[this.#weightAt]!
    return this.#appendEntry([row, column], value, weight, line)
  }

  #numberIn(written: Written): ReturnType<typeof Cell.toNumber> {
    return typeof written === "number" ? written : Cell.toNumber(written, this.#notation)
  }

  #appendEntry(
    [row, column]: readonly [row: string, column: string],
    writtenValue: Written,
    writtenWeight: Written,
    line: number,
  ): Problem | undefined {
    const path = this.#path
    if (row === "") return new Nameless({ path, line, of: "row" })
    if (column === "") return new Nameless({ path, line, of: "column" })
    const value = this.#numberIn(writtenValue)
    if (typeof value !== "number" && value !== "missing") {
      const cell = String(writtenValue)
      return new BadCell({ path, row: line, column: this.#valueName, cell, reason: value })
    }
    const weight = this.#numberIn(writtenWeight)
    if (typeof weight !== "number" || weight < 0) {
      const cell = String(writtenWeight)
      return new BadWeight({ path, row: line, column: this.#weightName, cell })
    }
    const [r, c] = [this.#rows.numberOf(row), this.#columns.numberOf(column)]
    if (r < 0) return new TooMany({ path, of: "names of rows", most: most.names })
    if (c < 0) return new TooMany({ path, of: "names of columns", most: most.names })
    if (this.#values.count === most.observations) {
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

  /** Tests whether row names and column names repeat, with a value on every line. */
  get repeatsNames(): boolean {
    const { count } = this.#rowOf
    return this.#askedRow.count === 0 && this.#rows.size < count && this.#columns.size < count
  }

  /** Tests whether words occur among the column names. */
  get hasWords(): boolean {
    return this.#columns.all.some(Cell.isWord)
  }

  get hasWholeNames(): boolean {
    return [...this.#rows.all, ...this.#columns.all].every((name) => /^\d+$/.test(name))
  }

  /** Tests whether the lines fill only a part of the table. */
  get isSparse(): boolean {
    return this.#rowOf.count < this.#rows.size * this.#columns.size
  }

  finish(): Effect.Effect<Entries, Problem> {
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
        rowOf,
        columnOf,
        values: this.#values.all,
        ...(this.#weightAt !== undefined && { confidence: this.#weights.all }),
      },
      rowNames,
      columnNames,
      categories: new Map(),
      asked: { rowOf: this.#askedRow.all, columnOf: this.#askedColumn.all },
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

/** Reads the triplets of a file, streamed. Fails with `Problem`, FileError and TextError. */
export const read = Effect.fn("Triplets.read")(function* (
  path: string,
  spelling: Options,
  options: TripletOptions,
): Effect.fn.Return<Entries, Problem | FileError | TextError, FileSystem.FileSystem> {
  const lines = new Lines(path, options)
  const { add, addRow, begin } = lines
  yield* Records.readInto({ path }, spelling, { begin, add, addRow })
  return yield* lines.finish()
})

/**
 * Reads triplets from the first three of three or four columns, where lines must be triplets. The third has numbers, and
 * names of rows and of columns repeat. The second has words, which no matrix has there. Or both have integers without a
 * repeated pair, in a file without a hole, which a matrix would have. Undefined if the columns may have another meaning.
 */
export const fromGrid = Effect.fnUntraced(function* (
  cells: Grid,
  header: boolean | undefined,
): Effect.fn.Return<Entries | undefined, Problem> {
  const { isFirstShort, path, records, values, width } = cells
  if ((width !== 3 && width !== 4) || isFirstShort) return undefined
  const lines = new Lines(path, { header, columns: undefined })
  lines.begin(cells.spelling)
  for (let record = 0; record < records; record++) {
    if (lines.addRecord(cells, record) !== undefined) return undefined
  }
  if (!lines.repeatsNames) return undefined
  if (lines.hasWords) return width === 3 || lines.isSparse ? yield* lines.finish() : undefined
  const from = lines.hasHeader ? width : 0
  const isFull = !values.subarray(from).includes(Number.NaN)
  if (!isFull || !lines.hasWholeNames || !lines.isSparse) return undefined
  return yield* Effect.catchTag(lines.finish(), "RepeatedEntry", () => Effect.succeed(undefined))
})
