/** The records of a CSV file as text, with blank lines skipped and lengths as they are. */
import { parse as makeParser } from "csv-parse"
import { Effect, FileSystem, Stream } from "effect"
import { finished } from "node:stream/promises"
import type { Delimiter } from "./Csv.ts"
import { MalformedCsv } from "./CsvError.ts"
import { fromPlatformError } from "./FileError.ts"

export interface Options {
  /** What separates cells, "," when absent. */
  readonly delimiter?: Delimiter
}

/** Reads the file. Fails on a missing file and on one whose quotes do not close. */
export const read = Effect.fnUntraced(function* (path: string, options: Options) {
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
  return records
})
