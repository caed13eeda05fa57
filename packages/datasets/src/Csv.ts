/**
 * Data sets from CSV files with a header: every column a number, one column the target.
 *
 * A bad cell is an error with its path, row and column, never a silent NaN. Rows are lines of the
 * file from 1, so the header is row 1; blank lines are skipped but counted. Parsed by csv-parse.
 */
import { Effect, FileSystem, Path, Stream } from "effect"
import type { FeatureChoice } from "./CsvColumns.ts"
import type { CsvError } from "./CsvError.ts"
import * as CsvRecords from "./CsvRecords.ts"
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
  const { provenance = ofUser(path), ...rest } = options
  const table = new CsvTable(path, { ...rest, provenance })
  yield* CsvRecords.parseInto(bytes, path, options, { add: (cells, row) => table.add(cells, row) })
  return yield* Effect.fromResult(table.finish())
})

const ofUser = (path: string): Provenance => ({
  source: path,
  licence: "unknown",
  notice: `data of the user, read from ${path}`,
})
