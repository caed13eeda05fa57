/** The cells of a CSV file as text, for files with holes or names among the numbers; every row as long as the first. */
import { parse as makeParser } from "csv-parse"
import { Effect, FileSystem, Stream } from "effect"
import { finished } from "node:stream/promises"
import type { Delimiter } from "./Csv.ts"
import { EmptyCsv, MalformedCsv, RaggedRow } from "./CsvError.ts"
import { fromPlatformError } from "./FileError.ts"

export { toNumber as number } from "./CsvCell.ts"

export interface Options {
  /** What separates cells, "," when absent. */
  readonly delimiter?: Delimiter
}

/** Reads the file; blank lines are skipped. Fails on a missing, malformed, empty or ragged file. */
export const read = Effect.fn("CsvGrid.read")(function* (path: string, options: Options = {}) {
  const fs = yield* FileSystem.FileSystem
  const records: Array<ReadonlyArray<string>> = []
  const parser = makeParser({
    delimiter: options.delimiter ?? ",",
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (record: ReadonlyArray<string>) => {
      records.push(record)
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
        return parser.errored === null
      }),
    ),
  )
  yield* Effect.tryPromise({
    try: () => finished(parser.end()),
    catch: () => new MalformedCsv({ path, row: parser.info.lines, code: "quotes" }),
  })
  const [first] = records
  if (first === undefined) return yield* new EmptyCsv({ path, missing: "header" })
  const ragged = records.findIndex((record) => record.length !== first.length)
  if (ragged >= 0) {
    const found = records[ragged]!.length
    return yield* new RaggedRow({ path, row: ragged + 1, expected: first.length, found })
  }
  return records
})
