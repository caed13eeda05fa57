/** Files of entries: a matrix with missing values, or triplets of row, column and value, detected or declared. */
import { Effect, type FileSystem } from "effect"
import { MissingColumn } from "./CsvError.ts"
import type { Entries } from "./Entries.ts"
import type { OneColumn, OtherWeights } from "./EntriesError.ts"
import * as Frame from "./Frame.ts"
import * as EntryWeights from "./internal/EntryWeights.ts"
import type * as Grid from "./internal/Grid.ts"
import * as MatrixEntries from "./internal/MatrixEntries.ts"
import type { Options as Spelled } from "./Spelling.ts"
import * as Table from "./Table.ts"
import * as Triplets from "./Triplets.ts"

export { asTriplets, BadColumns } from "./EntriesError.ts"

/** Declared format of a file; the rest is detected. */
interface Options extends Table.Names {
  readonly triplets?: boolean | undefined
  /** The columns of row, column and value, by name or by number from 1. */
  readonly columns?: ReadonlyArray<string> | undefined
  /** Column with the weights of triplets, or the file with the weights of a matrix. */
  readonly weights?: string | undefined
  readonly spelling?: Spelled
}

/** Errors when reading entries. */
type ReadError = Triplets.Problem | Grid.ReadError | OneColumn | OtherWeights

/** Names of the first three columns of triplets other than the weights, where the header names the weights and no columns were given. */
const besideWeights = Effect.fnUntraced(function* (
  path: string,
  { rowNames, spelling = {}, triplets, weights }: Options,
) {
  if (weights === undefined || rowNames !== undefined || triplets === false) return undefined
  const { names } = yield* Frame.headerOf(path, spelling)
  if (!names.includes(weights)) return undefined
  const others = names.filter((name) => name !== weights)
  return others.length < 3 ? undefined : others.slice(0, 3)
})

/**
 * Reads the entries of a file. Numbers are copied once on average while a file is read, and once more for a matrix. Fails
 * with `ReadError`, which names the problem and its place.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as EntriesFile from "@nonconvex/datasets/EntriesFile"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\n1,2\n3,NA\n")) })
 * const { columnNames, table } = await Effect.runPromise(Effect.provide(EntriesFile.read("a.csv"), files))
 * columnNames // => ["x", "y"]
 * Array.from(table.values) // => [1, 2, 3]
 * Array.from(table.rowOf) // => [0, 0, 1]
 * ```
 */
export const read = Effect.fn("EntriesFile.read")(function* (
  path: string,
  options: Options = {},
): Effect.fn.Return<Entries, ReadError, FileSystem.FileSystem> {
  const { columns, header, rowNames, spelling = {}, triplets, weights } = options
  const isDeclared = triplets === true || columns !== undefined
  const beside = isDeclared ? undefined : yield* besideWeights(path, options)
  if (isDeclared || beside !== undefined) {
    return yield* Triplets.read(path, spelling, { header, columns: columns ?? beside, weights })
  }
  const cells = yield* Table.grid(path, spelling)
  const mayBeTriplets = triplets === undefined && rowNames === undefined
  const listed = mayBeTriplets ? yield* Triplets.fromGrid(cells, header) : undefined
  if (listed !== undefined && weights !== undefined) {
    return yield* new MissingColumn({ path, column: weights, available: cells.first })
  }
  const entries: Entries = listed ?? (yield* MatrixEntries.fromGrid(cells, { header, rowNames }))
  return weights === undefined
    ? entries
    : yield* EntryWeights.weigh(entries, weights, { ...spelling, header, rowNames })
})
