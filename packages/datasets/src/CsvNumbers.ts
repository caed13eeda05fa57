/** A CSV file of numbers without a target: every column that is not ignored, in the order of the file. */
import { parse as makeParser } from "csv-parse"
import { Effect, FileSystem, Stream } from "effect"
import { finished } from "node:stream/promises"
import type { Delimiter } from "./Csv.ts"
import { toNumber } from "./CsvCell.ts"
import { BadCell, BadHeader, EmptyCsv, MalformedCsv, MissingColumn, RaggedRow } from "./CsvError.ts"
import { type FileError, fromPlatformError } from "./FileError.ts"

export interface Matrix {
  readonly columns: ReadonlyArray<string>
  readonly rows: number
  /** `rows` x `columns.length`, row-major. */
  readonly values: Float64Array
}

/** What becomes of the rows of a file, block after block: `count` x `columns.length` numbers each, row-major, that are forgotten after. */
export type Consumer<E, R> = (values: Float64Array) => Effect.Effect<void, E, R>

export interface Options {
  /** What separates cells, "," when absent. */
  readonly delimiter?: Delimiter
  /** Columns to leave out: identifiers, dates, texts. */
  readonly ignore?: ReadonlyArray<string>
}

export type Error =
  | FileError
  | BadCell
  | BadHeader
  | EmptyCsv
  | MalformedCsv
  | MissingColumn
  | RaggedRow

/** Rows since the last block, up to the first thing wrong; rows are records from 1, the header included. */
class Collector {
  readonly #path: string
  readonly #ignore: ReadonlyArray<string>
  problem: Error | undefined = undefined
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

  add(record: ReadonlyArray<string>): void {
    if (this.problem !== undefined) return
    this.problem = this.columns === undefined ? this.#begin(record) : this.#append(record)
  }

  #begin(header: ReadonlyArray<string>): Error | undefined {
    const path = this.#path
    const repeated = header.findIndex((name, j) => name === "" || header.indexOf(name) < j)
    if (repeated >= 0) {
      const column = header[repeated]!
      return new BadHeader({
        path,
        row: 1,
        column,
        positions: column === "" ? [repeated + 1] : [header.indexOf(column) + 1, repeated + 1],
      })
    }
    const unknown = this.#ignore.find((name) => !header.includes(name))
    if (unknown !== undefined) {
      return new MissingColumn({ path, column: unknown, available: header })
    }
    this.#header = header
    this.#kept = header.flatMap((name, j) => (this.#ignore.includes(name) ? [] : [j]))
    this.columns = this.#kept.map((j) => header[j]!)
    return undefined
  }

  #append(record: ReadonlyArray<string>): Error | undefined {
    const path = this.#path
    const header = this.#header
    const row = this.rows + 2
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
): Effect.fn.Return<{ readonly rows: number }, Error | E, R | FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const collector = new Collector(path, options.ignore ?? [])
  const parser = makeParser({
    delimiter: options.delimiter ?? ",",
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (record: ReadonlyArray<string>) => {
      collector.add(record)
      return null
    },
  })
  // a stream with an error and no listener ends the process
  parser.on("error", () => undefined)
  parser.resume()
  let consume: Consumer<E, R> | undefined
  const handOver = Effect.gen(function* () {
    if (collector.columns === undefined) return
    consume ??= yield* begin(collector.columns)
    const values = collector.take()
    if (values.length > 0) yield* consume(values)
  })
  yield* fs.stream(path).pipe(
    Stream.mapError(fromPlatformError(path)),
    Stream.runForEachWhile((chunk) =>
      Effect.suspend(() => {
        parser.write(chunk)
        const goesOn = collector.problem === undefined && parser.errored === null
        return goesOn ? Effect.as(handOver, true) : Effect.succeed(false)
      }),
    ),
  )
  if (collector.problem === undefined) {
    yield* Effect.tryPromise({
      try: () => finished(parser.end()),
      catch: () => new MalformedCsv({ path, row: parser.info.lines, code: "quotes" }),
    })
  }
  if (collector.problem !== undefined) return yield* collector.problem
  if (collector.columns === undefined) return yield* new EmptyCsv({ path, missing: "header" })
  yield* handOver
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
