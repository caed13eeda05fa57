/** A CSV file of numbers without a target: every column that is not ignored, in the order of the file. */
import { Effect, type FileSystem } from "effect"
import { toNumber } from "./CsvCell.ts"
import {
  BadCell,
  type BadHeader,
  EmptyCsv,
  type MalformedCsv,
  MissingColumn,
  RaggedRow,
} from "./CsvError.ts"
import { badNames } from "./CsvColumns.ts"
import * as CsvRecords from "./CsvRecords.ts"
import type { FileError } from "./FileError.ts"

export interface Matrix {
  readonly columns: ReadonlyArray<string>
  readonly rows: number
  /** `rows` x `columns.length`, row-major. */
  readonly values: Float64Array
}

/** What becomes of the rows of a file, block after block: `count` x `columns.length` numbers each, row-major, that are forgotten after. */
export type Consumer<E, R> = (values: Float64Array) => Effect.Effect<void, E, R>

export interface Options extends CsvRecords.Options {
  /** Columns to leave out: identifiers, dates, texts. */
  readonly ignore?: ReadonlyArray<string>
}

/** What reading can fail with. */
export type ReadError =
  | FileError
  | BadCell
  | BadHeader
  | EmptyCsv
  | MalformedCsv
  | MissingColumn
  | RaggedRow

/** The rows since the last block. */
class Collector {
  readonly #path: string
  readonly #ignore: ReadonlyArray<string>
  /** The columns that are kept, once the header is read. */
  columns: ReadonlyArray<string> | undefined = undefined
  rows = 0
  #header: ReadonlyArray<string> = []
  #kept: ReadonlyArray<number> = []
  #block = new Float64Array(1024)
  #used = 0

  constructor(path: string, ignore: ReadonlyArray<string>) {
    this.#path = path
    this.#ignore = ignore
  }

  /** Takes a record that starts in this row, or says what is wrong with it. */
  add(record: ReadonlyArray<string>, row: number): ReadError | undefined {
    return this.columns === undefined ? this.#begin(record, row) : this.#append(record, row)
  }

  #begin(header: ReadonlyArray<string>, row: number): ReadError | undefined {
    const path = this.#path
    const bad = badNames(header, { path, row })
    if (bad !== undefined) return bad
    const unknown = this.#ignore.find((name) => !header.includes(name))
    if (unknown !== undefined) {
      return new MissingColumn({ path, column: unknown, available: header })
    }
    this.#header = header
    this.#kept = header.flatMap((name, j) => (this.#ignore.includes(name) ? [] : [j]))
    this.columns = this.#kept.map((j) => header[j]!)
    return undefined
  }

  #append(record: ReadonlyArray<string>, row: number): ReadError | undefined {
    const path = this.#path
    const header = this.#header
    if (record.length !== header.length) {
      return new RaggedRow({ path, row, expected: header.length, found: record.length })
    }
    const end = this.#used + this.#kept.length
    if (end > this.#block.length) {
      const larger = new Float64Array(Math.max(end, 2 * this.#block.length))
      larger.set(this.#block)
      this.#block = larger
    }
    for (const j of this.#kept) {
      const number = toNumber(record[j]!)
      if (typeof number !== "number") {
        return new BadCell({ path, row, column: header[j]!, cell: record[j]!, reason: number })
      }
      this.#block[this.#used++] = number
    }
    this.rows++
    return undefined
  }

  /** The rows since the last time, if there are any. */
  take(): Float64Array {
    const values = this.#block.slice(0, this.#used)
    this.#used = 0
    return values
  }
}

/**
 * Reads the file, streamed, and hands its rows over as they come: what is read need not fit into memory. `begin` gets the columns before
 * any row. A file with a header alone has no rows, which is no error here. Fails with the errors of `CsvError`, whose messages quote
 * the file: map them to something else where its content is private.
 */
export const readInto = Effect.fn("CsvNumbers.readInto")(function* <E, R>(
  path: string,
  options: Options,
  begin: (columns: ReadonlyArray<string>) => Effect.Effect<Consumer<E, R>, E, R>,
): Effect.fn.Return<{ readonly rows: number }, ReadError | E, R | FileSystem.FileSystem> {
  const collector = new Collector(path, options.ignore ?? [])
  let consume: Consumer<E, R> | undefined
  const flush = Effect.gen(function* () {
    if (collector.columns === undefined) return
    consume ??= yield* begin(collector.columns)
    const values = collector.take()
    if (values.length > 0) yield* consume(values)
  })
  yield* CsvRecords.readInto(path, options, {
    add: (cells, row) => collector.add(cells, row),
    flush,
  })
  if (collector.columns === undefined) return yield* new EmptyCsv({ path, missing: "everything" })
  return { rows: collector.rows }
})

/** Reads the file as one matrix. Fails as `readInto`, and with EmptyCsv on a file without rows. */
export const read = Effect.fn("CsvNumbers.read")(function* (path: string, options: Options = {}) {
  const blocks: Array<Float64Array> = []
  let columns: ReadonlyArray<string> = []
  const { rows } = yield* readInto(path, options, (names) => {
    columns = names
    return Effect.succeed((values) => Effect.sync(() => blocks.push(values)))
  })
  if (rows === 0) return yield* new EmptyCsv({ path, missing: "data" })
  const values = new Float64Array(rows * columns.length)
  let at = 0
  for (const block of blocks) {
    values.set(block, at)
    at += block.length
  }
  return { columns, rows, values } satisfies Matrix
})
