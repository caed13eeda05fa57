/** All cells of a table, held as numbers where they are numbers. */
import type { FileSystem } from "effect"
import { Effect } from "effect"
import { EmptyCsv, type MalformedCsv, RaggedRow } from "../CsvError.ts"
import type { FileError } from "../FileError.ts"
import * as Cell from "./Cell.ts"
import type * as Header from "./Header.ts"
import * as Records from "./Records.ts"

/** How many of the first columns may hold names: their cells are kept as text too. */
const leading = 2

/**
 * The cells, for whoever has to find out what they mean. Records count from 0, as columns do.
 *
 * The text of a number is kept in the first record and in the first two columns alone; everything else is eight bytes a cell.
 */
export interface Grid extends Header.Telling {
  readonly path: string
  readonly records: number
  /** Cells of a record. */
  readonly width: number
  /** Whether the first record left out its first cell, which is "" here: only a header over names of rows may. */
  readonly isFirstShort: boolean
  /** `records` x `width`, row-major; NaN where a cell holds no number. */
  readonly values: Float64Array
  /** The line of the file on which each record starts, from 1. */
  readonly lines: ReadonlyArray<number>
  /** The text of a cell that is no number, or whose column may hold names. Undefined for other numbers. */
  readonly text: (record: number, column: number) => string | undefined
}

/** Mutable. */
class Collector {
  readonly #path: string
  #first: ReadonlyArray<string> = []
  #width = 0
  #isFirstShort = false
  #values = new Float64Array(1024)
  readonly #lines: Array<number> = []
  readonly #names: ReadonlyArray<Array<string>> = Array.from({ length: leading }, () => [])
  /** By place in the grid. */
  readonly #others = new Map<number, string>()

  constructor(path: string) {
    this.#path = path
  }

  add(record: ReadonlyArray<string>, row: number): RaggedRow | undefined {
    const path = this.#path
    const count = this.#lines.length
    const [found, expected] = [record.length, this.#width]
    if (count === 0) this.#begin(record)
    else if (count === 1 && found === expected + 1) this.#lengthenFirst()
    else if (found !== expected) {
      return this.#isFirstShort && found === expected - 1
        ? this.#raggedSecond()
        : new RaggedRow({ path, row, expected, found })
    }
    this.#append(record, row)
    return undefined
  }

  #begin(record: ReadonlyArray<string>): void {
    this.#first = record
    this.#width = record.length
  }

  /** Puts an empty cell before the first record, as files have it that name their columns but not the column of the names. */
  #lengthenFirst(): void {
    const row = this.#lines.pop()!
    this.#others.clear()
    for (const names of this.#names) names.length = 0
    this.#isFirstShort = true
    this.#begin(["", ...this.#first])
    this.#append(this.#first, row)
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
      const number = Cell.toNumber(cell)
      this.#values[start + j] = typeof number === "number" ? number : Number.NaN
      if (j < leading) this.#names[j]!.push(cell)
      else if (typeof number !== "number") this.#others.set(start + j, cell)
    }
    this.#lines.push(row)
  }

  finish(): Grid {
    const [width, first, names, others] = [this.#width, this.#first, this.#names, this.#others]
    const records = this.#lines.length
    return {
      path: this.#path,
      records,
      width,
      isFirstShort: this.#isFirstShort,
      first,
      below: names[0]!.slice(1),
      values: this.#values.subarray(0, records * width),
      lines: this.#lines,
      text: (record, column) => {
        if (record === 0) return first[column]
        return column < leading ? names[column]![record] : others.get(record * width + column)
      },
    }
  }
}

/** What reading all cells can fail with. */
export type ReadError = FileError | EmptyCsv | MalformedCsv | RaggedRow

/** Reads the file, streamed. A first record may be one cell shorter than the others. */
export const read = Effect.fnUntraced(function* (
  path: string,
  options: Records.Options,
): Effect.fn.Return<Grid, ReadError, FileSystem.FileSystem> {
  const collector = new Collector(path)
  yield* Records.readInto(path, options, { add: (cells, row) => collector.add(cells, row) })
  const grid = collector.finish()
  if (grid.records === 0) return yield* new EmptyCsv({ path, missing: "everything" })
  return grid
})
