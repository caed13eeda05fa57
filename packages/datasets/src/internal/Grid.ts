/** All cells of a table, held as numbers where they are numbers. */
import type { FileSystem } from "effect"
import { Effect } from "effect"
import { EmptyCsv, RaggedRow, type TextError, TooManyCells } from "../CsvError.ts"
import type { FileError } from "../FileError.ts"
import type { Notation, Spelling } from "../Spelling.ts"
import * as Cell from "./Cell.ts"
import type { UnreadableTable } from "../TypedError.ts"
import * as Header from "./Header.ts"
import * as Records from "./Records.ts"

/** How many of the first columns may hold names: their cells are kept as text too. */
const leading = 2

/** Cells of a table: a gigabyte of numbers. */
const mostCells = 2 ** 27

/**
 * The cells, for whoever has to find out what they mean. Records count from 0, as columns do.
 *
 * The text of a number is kept in the first record, in the first two columns and in those that are asked for alone; everything else is eight
 * bytes a cell.
 */
export interface Grid extends Header.Telling {
  readonly path: string
  /** How the file was read. */
  readonly spelling: Spelling
  readonly records: number
  /** Cells of a record. */
  readonly width: number
  /** Whether the first record left out its first cell, which is "" here: only a header over names of rows may. */
  readonly isFirstShort: boolean
  /** `records` x `width`, row-major; NaN where a cell holds no number. */
  readonly values: Float64Array
  /** Places of the columns that hold texts, also where these are numbers, of a file that says so. */
  readonly texts: ReadonlySet<number>
  /** The line of the file on which each record starts, from 1. Of a file that is no text, its row, from 1 below the names. */
  readonly lines: ReadonlyArray<number>
  /** The text of a cell that is no number, or whose column may hold names. Undefined for other numbers. */
  readonly text: (record: number, column: number) => string | undefined
}

/** What is kept of a file. */
interface Keeping {
  /** Cells; more are an error. */
  readonly atMost?: number
  /** Names of columns whose cells are kept as text, also where they are numbers. */
  readonly verbatim?: ReadonlyArray<string>
  /** Whether a column that is not read is an error. */
  readonly needsAll?: boolean
}

/** Mutable. */
class Collector {
  readonly #path: string
  readonly #atMost: number
  /** Names of columns whose cells are kept as text, also where they are numbers; by place once there are names. */
  readonly #verbatim: ReadonlySet<string>
  #kept: ReadonlyArray<boolean> = []
  #first: ReadonlyArray<string> = []
  #width = 0
  #isFirstShort = false
  /** Whether a record below the first has text in its last cell. */
  #hasLast = false
  #values = new Float64Array(1024)
  readonly #lines: Array<number> = []
  readonly #names: ReadonlyArray<Array<string>> = Array.from({ length: leading }, () => [])
  /** By place in the grid. */
  readonly #others = new Map<number, string>()

  #notation: Notation = Cell.standard

  constructor(path: string, { atMost = mostCells, needsAll = false, verbatim = [] }: Keeping) {
    this.#needsAll = needsAll
    this.#path = path
    this.#atMost = atMost
    this.#verbatim = new Set(verbatim)
  }

  #texts: ReadonlySet<number> = new Set()

  readonly #needsAll: boolean
  #unread: UnreadableTable | undefined

  readonly begin = (spelling: Spelling): void => {
    this.#notation = spelling
    if (this.#needsAll) this.#unread = Header.unreadColumn(this.#path, spelling, () => true)
  }

  readonly texts = (columns: ReadonlySet<number>): void => {
    this.#texts = columns
  }

  readonly add = (
    record: ReadonlyArray<string>,
    row: number,
  ): RaggedRow | TooManyCells | UnreadableTable | undefined => {
    if (this.#unread !== undefined) return this.#unread
    const path = this.#path
    const count = this.#lines.length
    const [found, expected] = [record.length, this.#width]
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

  /**
   * Takes another first record: with an empty cell before it, as files have it that name their columns but not the column of the
   * names, or without the delimiter that ends it alone.
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

  /** The first record without the end of a line of delimiters, and the other cells moved together; undefined where there is none. */
  #withoutLast(): ReadonlyArray<string> | undefined {
    const width = this.#width
    const isDelimited = this.#isFirstShort || this.#first.at(-1) === ""
    if (this.#hasLast || width === 1 || !isDelimited) return undefined
    for (let i = 0; i < this.#lines.length; i++) {
      const start = i * width + (i === 0 && this.#isFirstShort ? 1 : 0)
      this.#values.copyWithin(i * (width - 1), start, start + width - 1)
    }
    return this.#isFirstShort ? this.#first.slice(1) : this.#first.slice(0, -1)
  }

  finish(): Omit<Grid, "spelling"> {
    const [stride, names, others] = [this.#width, this.#names, this.#others]
    const records = this.#lines.length
    const cut = this.#withoutLast()
    const first = cut ?? this.#first
    const width = first.length
    return {
      path: this.#path,
      records,
      width,
      isFirstShort: this.#isFirstShort && cut === undefined,
      first,
      below: names[0]!.slice(1),
      values: this.#values.subarray(0, records * width),
      texts: this.#texts,
      lines: this.#lines,
      text: (record, column) => {
        if (record === 0) return first[column]
        return column < leading ? names[column]![record] : others.get(record * stride + column)
      },
    }
  }
}

/** What reading all cells can fail with. */
export type ReadError = FileError | EmptyCsv | RaggedRow | TextError | TooManyCells

/**
 * Reads the file, streamed. A first record may be one cell shorter than the others, and a last column without any text is what a
 * delimiter at the end of each line makes: it is left out. No cell past `atMost` of them is kept.
 */
export const read = Effect.fnUntraced(function* (
  path: string,
  options: Records.Options,
  keeping: Keeping = {},
): Effect.fn.Return<Grid, ReadError, FileSystem.FileSystem> {
  const collector = new Collector(path, keeping)
  const spelling = yield* Records.readInto({ path, isOnce: true }, options, collector)
  const cells = collector.finish()
  if (cells.records === 0) return yield* new EmptyCsv({ path, missing: "everything" })
  return { ...cells, spelling }
})
