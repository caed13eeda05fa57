/**
 * Data sets from CSV files with a header: every column a number, one column the target.
 *
 * A bad cell is an error with its path, row and column, never a silent NaN. Rows are lines of the
 * file from 1, so the header is row 1; blank lines are skipped but counted. Parsed by csv-parse.
 */
import { CsvError as ParseError, parse as makeParser, type Parser } from "csv-parse"
import { Effect, FileSystem, Path, Stream } from "effect"
import { finished } from "node:stream/promises"
import type { FeatureChoice } from "./CsvColumns.ts"
import { MalformedCsv, type CsvError } from "./CsvError.ts"
import { CsvTable } from "./CsvTable.ts"
import type { CsvTarget } from "./CsvTarget.ts"
import type { Dataset, Provenance, Target } from "./Dataset.ts"
import { fromPlatformError } from "./FileError.ts"

export { labels, values } from "./CsvTarget.ts"
export type { CsvTarget, LabelOptions } from "./CsvTarget.ts"

export type Delimiter = "," | ";" | "\t" | "|"

export interface CsvOptions<out T extends Target> extends FeatureChoice {
  /** The target column: `Csv.labels(name)` for classes, `Csv.values(name)` for real numbers. */
  readonly target: CsvTarget<T>
  /** What separates cells, "," when absent. */
  readonly delimiter?: Delimiter
  /** The name of the data set; that of the file without its extension when absent. */
  readonly name?: string
  /** Where the data come from; the path with an unknown licence when absent. */
  readonly provenance?: Provenance
}

/**
 * Reads a CSV file. The file is streamed: reading can be interrupted, and memory holds the numbers,
 * not the text. Fails with the errors of `CsvError`.
 */
export const read = Effect.fn("Csv.read")(function* <T extends Target>(
  path: string,
  options: CsvOptions<T>,
): Effect.fn.Return<Dataset<T>, CsvError, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const { name } = (yield* Path.Path).parse(path)
  const bytes = fs.stream(path).pipe(Stream.mapError(fromPlatformError(path)))
  return yield* collect(bytes, path, { name, ...options })
})

/** The data set in a text; `path` is what errors call it. Fails with the errors of `CsvError`. */
export const parse = Effect.fn("Csv.parse")(function* <T extends Target>(
  text: string,
  options: CsvOptions<T> & { readonly path?: string },
): Effect.fn.Return<Dataset<T>, CsvError> {
  const { path = "text" } = options
  const bytes = Stream.succeed(new TextEncoder().encode(text))
  return yield* collect(bytes, path, { name: path, ...options })
})

const collect = Effect.fnUntraced(function* <T extends Target, E extends CsvError, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  path: string,
  options: CsvOptions<T> & { readonly name: string },
): Effect.fn.Return<Dataset<T>, E | CsvError, R> {
  const { delimiter = ",", provenance = ofUser(path), ...rest } = options
  const table = new CsvTable(path, { ...rest, provenance })
  const parser = makeParserInto(table, delimiter)
  yield* Stream.runForEachWhile(bytes, (chunk) =>
    Effect.sync(() => {
      parser.write(chunk)
      return table.problem === undefined && parser.errored === null
    }),
  )
  if (table.problem !== undefined) return yield* table.problem
  yield* Effect.tryPromise({
    try: () => finished(parser.end()),
    catch: (error) => table.problem ?? malformed(error, table, parser),
  })
  return yield* Effect.fromResult(table.finish())
})

const ofUser = (path: string): Provenance => ({
  source: path,
  licence: "unknown",
  notice: `data of the user, read from ${path}`,
})

const makeParserInto = <T extends Target>(table: CsvTable<T>, delimiter: Delimiter): Parser => {
  const parser = makeParser({
    delimiter,
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    // The table reports ragged rows itself, with the row.
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (record: ReadonlyArray<string>, info) => {
      table.add(record, info)
      return null
    },
  })
  // A stream with an error and no listener ends the process; `collect` reads `parser.errored`.
  parser.on("error", () => undefined)
  // No record is passed on, but the end of the readable side must be reached.
  return parser.resume()
}

const malformed = <T extends Target>(
  error: unknown,
  table: CsvTable<T>,
  parser: Parser,
): MalformedCsv =>
  new MalformedCsv({
    path: table.path,
    row: table.nextRow(parser.info),
    code: error instanceof ParseError ? error.code : String(error),
  })
