/** All cells of a table, stored as numbers where possible. */
import type { FileSystem } from "effect"
import { Effect } from "effect"
import { EmptyCsv, RaggedRow, type TextError, TooManyCells } from "../CsvError.ts"
import type { FileError } from "../FileError.ts"
import type { Spelling } from "../Spelling.ts"
import * as Cell from "./Cell.ts"
import type { UnreadableTable } from "../TypedError.ts"
import * as Header from "./Header.ts"
import * as Records from "./Records.ts"
import { cellAt, type Columns, finiteAt } from "./typed/Columns.ts"
import type { Notation } from "./Notation.ts"

/** Number of leading columns that may hold names: their cells are kept as text too. */
const leading = 2

/** Cells of a table: a gigabyte of numbers. */
const mostCells = 2 ** 27

/**
 * Cells before their interpretation. Records count from 0, as columns do.
 *
 * Text is kept for the first record, the first two columns and requested columns; every other cell takes eight bytes.
 */
export interface Grid extends Header.NamingCells {
  readonly path: string
  /** Interpretation of the file. */
  readonly spelling: Spelling
  readonly records: number
  /** Cells of a record. */
  readonly width: number
  /** True if the first record lacked its first cell, which is "" here: only a header over row names may. */
  readonly isFirstShort: boolean
  /** `records` x `width`, row-major; NaN where a cell holds no number. */
  readonly values: Float64Array
  /** Indices of the columns declared as text in the file, even if they look like numbers. */
  readonly texts: ReadonlySet<number>
  /** True if the file declares its first column as numbers. */
  readonly isLeftNumbers: boolean
  /** The line of the file on which a record starts, from 1. For a file that is not text, its row, from 1 below the names. */
  readonly line: (record: number) => number
  /** Text of a cell that is not a number, or whose column may hold names. Undefined for other numbers. */
  readonly text: (record: number, column: number) => string | undefined
}

/** Selection of content to keep; `Problem` is the error of its first record. */
interface Keeping<out Problem = never> {
  /** Cells; more are an error. */
  readonly atMost?: number
  /** Names of columns whose cells are kept as text, also where they are numbers. */
  readonly verbatim?: ReadonlyArray<string>
  /** True if an unread column is an error. */
  readonly needsAll?: boolean
  /** Returns the problem of the first record, before the next one arrives. */
  readonly first?: (record: ReadonlyArray<string>, spelling: Spelling) => Problem | undefined
}

/** Mutable. */
class Collector<Problem> {
  readonly #path: string
  readonly #atMost: number
  /** Names of columns whose cells are kept as text, also where they are numbers; by place once there are names. */
  readonly #verbatim: ReadonlySet<string>
  #kept: ReadonlyArray<boolean> = []
  #first: ReadonlyArray<string> = []
  #width = 0
  #isFirstShort = false
  /** True if a record below the first has text in its last cell. */
  #hasLast = false
  #values = new Float64Array(1024)
  readonly #lines: Array<number> = []
  readonly #names: ReadonlyArray<Array<string>> = Array.from({ length: leading }, () => [])
  /** By place in the grid. */
  readonly #others = new Map<number, string>()

  #notation: Notation = Cell.standard
  #spelling: Spelling | undefined

  constructor(
    path: string,
    { atMost = mostCells, first, needsAll = false, verbatim = [] }: Keeping<Problem>,
  ) {
    this.#needsAll = needsAll
    this.#look = first
    this.#path = path
    this.#atMost = atMost
    this.#verbatim = new Set(verbatim)
  }

  readonly #needsAll: boolean
  readonly #look: Keeping<Problem>["first"]
  #unread: UnreadableTable | undefined

  /** The file, where it has typed columns: then nothing of them is kept as text. */
  #typed: Columns | undefined

  readonly begin = (spelling: Spelling): void => {
    this.#spelling = spelling
    this.#notation = spelling
    if (this.#needsAll) this.#unread = Header.unreadColumn(this.#path, spelling, () => true)
  }

  readonly typed = (table: Columns): void => {
    this.#typed = table
    const cells = (table.rows + 1) * table.columns.length
    if (cells <= this.#atMost) this.#values = new Float64Array(cells)
  }

  readonly addRow = (
    columns: Columns["columns"],
    row: number,
  ): TooManyCells | UnreadableTable | undefined => {
    const start = (row + 1) * this.#width
    for (let j = 0; j < columns.length; j++) {
      const column = columns[j]!
      let number = finiteAt(column, row)
      if (number === undefined) {
        const cell = cellAt(column, row)
        const read = Cell.toNumber(cell, this.#notation)
        number = typeof read === "number" ? read : Number.NaN
        if (j === columns.length - 1 && cell !== "") this.#hasLast = true
      } else this.#hasLast = true
      this.#values[start + j] = number
    }
    return undefined
  }

  readonly add = (
    record: ReadonlyArray<string>,
    row: number,
  ): Problem | RaggedRow | TooManyCells | UnreadableTable | undefined => {
    const problem = this.#lines.length > 0 ? undefined : this.#look?.(record, this.#spelling!)
    if (problem !== undefined) return problem
    if (this.#unread !== undefined) return this.#unread
    const path = this.#path
    const count = this.#lines.length
    const [found, expected] = [record.length, this.#width]
    if (this.#typed !== undefined) return this.#beginTyped(record, this.#typed)
    if (count === 0) this.#begin(record)
    else if (count === 1 && found === expected + 1) this.#beginAgain(["", ...this.#first], true)
    else if (count === 1 && found === expected - 1 && this.#first.at(-1) === "") {
      this.#beginAgain(this.#first.slice(0, -1), false)
    } else if (found !== expected) {
      return this.#isFirstShort && found === expected - 1
        ? this.#raggedSecond()
        : new RaggedRow({ path, row, expected, found })
    }
    if ((this.#lines.length + 1) * this.#width > this.#atMost) {
      return new TooManyCells({ path, row, atMost: this.#atMost })
    }
    this.#append(record, row)
    return undefined
  }

  #begin(record: ReadonlyArray<string>): void {
    this.#first = record
    this.#width = record.length
    this.#kept = record.map((name) => this.#verbatim.has(name))
  }

  /** Takes the names of typed columns, whose number is within the limit. */
  #beginTyped(record: ReadonlyArray<string>, { rows }: Columns): TooManyCells | undefined {
    this.#begin(record)
    this.#append(record, 0)
    const [atMost, width] = [this.#atMost, record.length]
    if ((rows + 1) * width <= atMost) return undefined
    return new TooManyCells({ path: this.#path, row: Math.floor(atMost / width), atMost })
  }

  /**
   * Takes another first record. It may have an empty cell in front, as in files that name their columns but not the column of the
   * names. Or it may lack a final delimiter that only it has.
   */
  #beginAgain(first: ReadonlyArray<string>, isShort: boolean): void {
    const row = this.#lines.pop()!
    this.#others.clear()
    for (const names of this.#names) names.length = 0
    this.#isFirstShort = isShort
    this.#begin(first)
    this.#append(first, row)
  }

  #raggedSecond(): RaggedRow {
    const [row, found] = [this.#lines[1]!, this.#width]
    return new RaggedRow({ path: this.#path, row, expected: found - 1, found })
  }

  #append(record: ReadonlyArray<string>, row: number): void {
    const start = this.#lines.length * this.#width
    const end = start + this.#width
    if (end > this.#values.length) {
      const larger = new Float64Array(Math.max(end, 2 * this.#values.length))
      larger.set(this.#values.subarray(0, start))
      this.#values = larger
    }
    for (let j = 0; j < record.length; j++) {
      const cell = record[j]!
      const number = Cell.toNumber(cell, this.#notation)
      this.#values[start + j] = typeof number === "number" ? number : Number.NaN
      if (j < leading) this.#names[j]!.push(cell)
      else if (typeof number !== "number" || this.#kept[j]!) this.#others.set(start + j, cell)
    }
    if (this.#lines.length > 0 && record.at(-1) !== "") this.#hasLast = true
    this.#lines.push(row)
  }

  /** First record without a trailing delimiter, with the other cells closed up; undefined without such a delimiter. */
  #withoutLast(records: number): ReadonlyArray<string> | undefined {
    const width = this.#width
    const isDelimited = this.#isFirstShort || this.#first.at(-1) === ""
    if (this.#hasLast || width === 1 || !isDelimited) return undefined
    for (let i = 0; i < records; i++) {
      const start = i * width + (i === 0 && this.#isFirstShort ? 1 : 0)
      this.#values.copyWithin(i * (width - 1), start, start + width - 1)
    }
    return this.#isFirstShort ? this.#first.slice(1) : this.#first.slice(0, -1)
  }

  finish(spelling: Spelling): Grid {
    const [stride, names, others, lines] = [this.#width, this.#names, this.#others, this.#lines]
    const typed = this.#typed
    const records = lines.length + (typed?.rows ?? 0)
    const cut = this.#withoutLast(records)
    const first = cut ?? this.#first
    const width = first.length
    const [values, kept] = [this.#values.subarray(0, records * width), this.#kept]
    const textOf = (record: number, column: number): string | undefined => {
      if (record === 0) return first[column]
      if (typed === undefined) {
        return column < leading ? names[column]![record] : others.get(record * stride + column)
      }
      const isText = column < leading || kept[column]!
      return isText || Number.isNaN(values[record * width + column]!)
        ? cellAt(typed.columns[column]!, record - 1)
        : undefined
    }
    return {
      path: this.#path,
      spelling,
      records,
      width,
      isFirstShort: this.#isFirstShort && cut === undefined,
      first,
      // of very many rows there is no text that no one asks for
      get below() {
        return Array.from({ length: records - 1 }, (_, i) => textOf(i + 1, 0)!)
      },
      values,
      texts: new Set(typed?.columns.flatMap(({ kind }, j) => (kind === "text" ? [j] : []))),
      isLeftNumbers: typed?.columns[0]?.kind === "number",
      line: typed === undefined ? (record) => lines[record]! : (record) => record,
      text: textOf,
    }
  }
}

/** Errors when reading all cells. */
export type ReadError = FileError | EmptyCsv | RaggedRow | TextError | TooManyCells

/**
 * Reads the file, streamed. The first record may be one cell short. A last column without text, made by a delimiter at the end of
 * each line, is dropped. No cell past `atMost` of them is kept.
 */
export const read = Effect.fnUntraced(function* <Problem = never>(
  path: string,
  options: Records.Options,
  keeping: Keeping<Problem> = {},
): Effect.fn.Return<Grid, Problem | ReadError, FileSystem.FileSystem> {
  const collector = new Collector<Problem>(path, keeping)
  const spelling = yield* Records.readInto({ path, isOnce: true }, options, collector)
  const cells = collector.finish(spelling)
  if (cells.records === 0) return yield* new EmptyCsv({ path, missing: "everything" })
  return cells
})
