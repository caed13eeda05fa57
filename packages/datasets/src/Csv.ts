/**
 * Data sets from CSV files with a header: every column a number, one column the target.
 *
 * A bad cell is an error with its path, row and column, never a silent NaN. Rows are lines of the
 * file from 1, so the header is row 1; blank lines are skipped but counted. Parsed by csv-parse.
 */
import { Effect, type FileSystem, Path, Result, Stream } from "effect"
import { type CsvError, type MissingColumn, NoFeatures } from "./CsvError.ts"
import type { CsvTarget, TargetCells } from "./CsvTarget.ts"
import type { Dataset, Target } from "./Dataset.ts"
import { bytesOf } from "./FileError.ts"
import * as Header from "./internal/Header.ts"
import { NamedRows, type Names } from "./internal/NamedRows.ts"
import * as Records from "./internal/Records.ts"
import type { Options } from "./Spelling.ts"

export { BadCell, type CsvError, type MissingColumn, UnusableTable } from "./CsvError.ts"
export { labels, values } from "./CsvTarget.ts"

/** Columns that are features; the target is never one. */
interface FeatureChoice {
  /** Feature columns in the requested order; default every column but the target. */
  readonly features?: ReadonlyArray<string>
  /** Columns that are not features: identifiers, dates, texts. */
  readonly ignore?: ReadonlyArray<string>
}

interface CsvOptions<out T extends Target> extends FeatureChoice, Options {
  /** The target column: `Csv.labels(name)` for classes, `Csv.values(name)` for real numbers. */
  readonly target: CsvTarget<T>
  /** Name of the data set; default the file name without its extension. */
  readonly name?: string
  /** Provenance of the data; default the path, with an unknown licence. */
  readonly provenance?: Dataset["provenance"]
}

/**
 * Reads a CSV file. The file is streamed: reading can be interrupted, and memory holds the numbers,
 * not the text. Fails with the errors of `CsvError`.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Csv from "@nonconvex/datasets/Csv"
 * import { Effect, FileSystem, Layer, Path, Stream } from "effect"
 *
 * const text = "id,rooms,rent\n7,1,400\n8,2,650.5\n"
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode(text)) })
 * const reading = Csv.read("data/rents.csv", { target: Csv.values("rent"), ignore: ["id"] })
 * const { features, name } = await Effect.runPromise(Effect.provide(reading, Layer.merge(files, Path.layer)))
 * name // => "rents"
 * features // => Float64Array.of(1, 2)
 * ```
 */
export const read = Effect.fn("Csv.read")(function* <T extends Target>(
  path: string,
  options: CsvOptions<T>,
): Effect.fn.Return<Dataset<T>, CsvError, FileSystem.FileSystem | Path.Path> {
  const { name } = (yield* Path.Path).parse(path)
  return yield* collect(bytesOf(path, true), path, { name, ...options })
})

/** Parses a data set from a text; errors refer to it by `path`. Fails with the errors of `CsvError`. */
export const parse = Effect.fn("Csv.parse")(function* <T extends Target>(
  text: string,
  options: CsvOptions<T> & { readonly path?: string },
): Effect.fn.Return<Dataset<T>, CsvError> {
  const { path = "text" } = options
  const bytes = Stream.succeed(new TextEncoder().encode(text))
  return yield* collect(bytes, path, { name: path, ...options })
})

/** The names of the features, checked. */
const featuresOf = (
  path: string,
  names: Names,
  target: string,
  { features = [...names.keys()], ignore = [] }: FeatureChoice,
): Result.Result<ReadonlyArray<string>, MissingColumn | NoFeatures> => {
  const missing = Header.missingColumn(path, names, [target, ...features, ...ignore])
  if (missing !== undefined) return Result.fail(missing)
  const left = new Set([target, ...ignore])
  const used = [...new Set(features)].filter((name) => !left.has(name))
  return used.length === 0
    ? Result.fail(new NoFeatures({ path, available: [...names.keys()] }))
    : Result.succeed(used)
}

const collect = Effect.fnUntraced(function* <T extends Target, E extends CsvError, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  path: string,
  options: CsvOptions<T> & { readonly name: string },
): Effect.fn.Return<Dataset<T>, E | CsvError, R> {
  const { name, provenance = ofUser(path), target } = options
  let targets: TargetCells<T> | undefined
  const table = new NamedRows<CsvError>(path, (names, notation) =>
    Result.map(featuresOf(path, names, target.column, options), (numbers) => {
      const at = names.get(target.column)!
      const collected = target.collect(path, notation)
      targets = collected
      return { numbers, also: (record, row) => collected.add(record[at]!, row) }
    }),
  )
  yield* Records.parseInto(bytes, { path }, options, table)
  const features = yield* Effect.fromResult(table.finish())
  const featureNames = table.columns!
  return {
    name,
    features,
    samples: table.rows,
    dimension: featureNames.length,
    featureNames,
    target: yield* Effect.fromResult(targets!.finish()),
    provenance,
  }
})

const ofUser = (path: string): Dataset["provenance"] => ({
  source: path,
  licence: "unknown",
  notice: `data of the user, read from ${path}`,
})
