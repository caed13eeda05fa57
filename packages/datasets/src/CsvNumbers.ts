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

/** Records of one file up to the first thing wrong; rows are records from 1, the header included. */
class Collector {
  readonly #path: string
  readonly #ignore: ReadonlyArray<string>
  problem: Error | undefined = undefined
  #header: ReadonlyArray<string> | undefined = undefined
  #kept: ReadonlyArray<number> = []
  readonly #rows: Array<Float64Array> = []

  constructor(path: string, ignore: ReadonlyArray<string>) {
    this.#path = path
    this.#ignore = ignore
  }

  add(record: ReadonlyArray<string>): void {
    if (this.problem !== undefined) return
    this.problem =
      this.#header === undefined ? this.#begin(record) : this.#append(record, this.#header)
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
    return undefined
  }

  #append(record: ReadonlyArray<string>, header: ReadonlyArray<string>): Error | undefined {
    const path = this.#path
    const row = this.#rows.length + 2
    if (record.length !== header.length) {
      return new RaggedRow({ path, row, expected: header.length, found: record.length })
    }
    const numbers = new Float64Array(this.#kept.length)
    for (let k = 0; k < numbers.length; k++) {
      const j = this.#kept[k]!
      const number = toNumber(record[j]!)
      if (typeof number !== "number") {
        return new BadCell({ path, row, column: header[j]!, cell: record[j]!, reason: number })
      }
      numbers[k] = number
    }
    this.#rows.push(numbers)
    return undefined
  }

  /** Fails with what was wrong. */
  finish(): Effect.Effect<Matrix, Error> {
    const header = this.#header
    if (this.problem !== undefined) return Effect.fail(this.problem)
    if (header === undefined) {
      return Effect.fail(new EmptyCsv({ path: this.#path, missing: "header" }))
    }
    if (this.#rows.length === 0) {
      return Effect.fail(new EmptyCsv({ path: this.#path, missing: "data" }))
    }
    const columns = this.#kept.map((j) => header[j]!)
    const values = new Float64Array(this.#rows.length * columns.length)
    this.#rows.forEach((numbers, i) => values.set(numbers, i * columns.length))
    return Effect.succeed({ columns, rows: this.#rows.length, values })
  }
}

/**
 * Reads the file, streamed. Fails with the errors of `CsvError`, whose messages quote the file: map them to something else where its
 * content is private.
 */
export const read = Effect.fn("CsvNumbers.read")(function* (path: string, options: Options = {}) {
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
  yield* fs.stream(path).pipe(
    Stream.mapError(fromPlatformError(path)),
    Stream.runForEachWhile((chunk) =>
      Effect.sync(() => {
        parser.write(chunk)
        return collector.problem === undefined && parser.errored === null
      }),
    ),
  )
  if (collector.problem === undefined) {
    yield* Effect.tryPromise({
      try: () => finished(parser.end()),
      catch: () => new MalformedCsv({ path, row: parser.info.lines, code: "quotes" }),
    })
  }
  return yield* collector.finish()
})
