/** Streamed tables with a header: rows passed to a consumer, and columns by name. */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Effect, type FileSystem, Result } from "effect"
import { type MissingColumn, UnusableTable } from "../CsvError.ts"
import type { FileError } from "../FileError.ts"
import type { Options, Spelling } from "../Spelling.ts"
import type { UnreadableTable } from "../TypedError.ts"
import * as Cell from "./Cell.ts"
import {
  type Consumer,
  type Handed,
  handOver,
  type IntoOptions,
  named,
  type ReadError,
} from "./RowSink.ts"
import * as Header from "./Header.ts"
import { NamedRows } from "./NamedRows.ts"
import * as Records from "./Records.ts"

/**
 * Streams numbers under a header to a consumer of rows, so the file need not fit into memory. Before any row, `begin` gets
 * the names of the columns that are not ignored, and whether they come from a line of text. A first column without a name is
 * an index, and left out. A header without rows is not an error here. Fails with `ReadError`, and with the errors of `begin`
 * and the consumer.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Table from "@nonconvex/datasets/Table"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\n1,2\n3,4\n")) })
 * let sum = 0
 * const add = (values: Float64Array) => Effect.sync(() => values.forEach((value) => (sum += value)))
 * const reading = Table.readInto("a.csv", { ignore: ["y"] }, () => Effect.succeed(add))
 * const { rows } = await Effect.runPromise(Effect.provide(reading, files))
 * const found = [rows, sum] // => [2, 4]
 * ```
 */
export const readInto = Effect.fn("Table.readInto")(
  <E, R>(
    path: string,
    options: IntoOptions,
    begin: (columns: ReadonlyArray<string>, isText: boolean) => Effect.Effect<Consumer<E, R>, E, R>,
  ): Effect.Effect<Handed, ReadError | E, R | FileSystem.FileSystem> =>
    handOver({ path }, options, begin),
)

/**
 * Like `readInto`, on private rows: every content error becomes UnusableTable, which names the expected content and reveals
 * nothing of the file. The same holds for a first line that may be a row of data, whose cells `begin` would take for public
 * names. It also holds for a line without columns.
 *
 * No row may influence how others are read; the defaults are comma, decimal point and UTF-8.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Table from "@nonconvex/datasets/Table"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\n1,2\n3,secret\n")) })
 * const needs = "numbers under a header"
 * const reading = Table.readPrivateInto("a.csv", { needs }, () => Effect.succeed(() => Effect.void))
 * const error = await Effect.runPromise(Effect.provide(Effect.flip(reading), files))
 * error._tag // => "UnusableTable"
 * error.message.includes("secret") // => false
 * ```
 */
export const readPrivateInto = Effect.fn("Table.readPrivateInto")(function* <E, R>(
  path: string,
  { needs, ...options }: IntoOptions & { readonly needs: string },
  begin: (columns: ReadonlyArray<string>) => Effect.Effect<Consumer<E, R>, E, R>,
): Effect.fn.Return<
  Handed,
  FileError | BackendUnavailable | UnusableTable | E,
  R | FileSystem.FileSystem
> {
  const unusable = new UnusableTable({ path, needs })
  return yield* handOver<E | UnusableTable, R>(
    { path, isFixed: true },
    options,
    (columns, isText) =>
      columns.length === 0 || (isText && options.names === undefined && columns.some(Cell.mayBeRow))
        ? Effect.fail(unusable)
        : begin(columns),
  ).pipe(
    Effect.catchTag(
      [
        "BadArchive",
        "BadArray",
        "BadCell",
        "BadEncoding",
        "BadHeader",
        "EmptyCsv",
        "MalformedCsv",
        "MissingColumn",
        "NotText",
        "RaggedRow",
        "TooManyBytes",
        "UnclearDelimiter",
        "UnreadableTable",
      ],
      () => Effect.fail(unusable),
    ),
  )
})

/** Columns of a table, by name. */
export interface Columns {
  /** Interpretation of the file. */
  readonly spelling: Spelling
  readonly columns: ReadonlyArray<string>
  readonly rows: number
  /** `rows` x `columns.length`, row-major. */
  readonly values: Float64Array
}

export interface ColumnOptions extends Options {
  /** Requested columns in this order; default all. */
  readonly columns?: ReadonlyArray<string>
}

/**
 * Reads columns of numbers under a header, streamed. Fails with `ReadError`, and with EmptyCsv where there are no rows.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Table from "@nonconvex/datasets/Table"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y,z\n1,2,3\n4,5,6\n")) })
 * const reading = Table.readColumns("a.csv", { columns: ["z", "x"] })
 * const { rows, values } = await Effect.runPromise(Effect.provide(reading, files))
 * const found = [rows, values] // => [2, Float64Array.of(3, 1, 6, 4)]
 * ```
 */
export const readColumns = Effect.fn("Table.readColumns")(function* (
  path: string,
  { columns, ...options }: ColumnOptions = {},
): Effect.fn.Return<Columns, ReadError, FileSystem.FileSystem> {
  let unread: UnreadableTable | undefined
  const table = new NamedRows<MissingColumn>(path, (names) => {
    const numbers = columns ?? [...names.keys()]
    const missing = Header.missingColumn(path, names, numbers)
    return missing === undefined ? Result.succeed({ numbers }) : Result.fail(missing)
  })
  const spelling = yield* Records.readInto({ path, isOnce: true }, options, {
    begin: (how) => {
      table.begin(how)
      unread = Header.unreadColumn(path, how, (name) => columns?.includes(name) ?? true)
    },
    add: (record, row) => unread ?? table.add(record, row),
    addRow: (typed, row) => unread ?? table.addRow(typed, row),
  })
  return yield* Effect.fromResult(
    Result.map(table.finish(), (values) => ({
      spelling,
      columns: table.columns!,
      rows: table.rows,
      values,
    })),
  )
})

/**
 * Streams columns of a log: `choose` gets the names of the header, or the given ones, and selects. An empty cell is NaN, and a cell
 * with NaN or an infinity is infinite, in any row. A first column without a name is an index, and left out. Fails with `ReadError`,
 * with EmptyCsv on a log without rows, and with the error of `choose`.
 */
export const readLog = Effect.fn("Table.readLog")(function* <E>(
  path: string,
  { names: given, ...options }: Options & { readonly names?: ReadonlyArray<string> | undefined },
  choose: (names: ReadonlyArray<string>) => Result.Result<ReadonlyArray<string>, E>,
): Effect.fn.Return<Columns, ReadError | E, FileSystem.FileSystem> {
  const table = new NamedRows<MissingColumn | E>(path, (names) =>
    Result.flatMap(choose([...names.keys()].filter((name) => name !== Header.index)), (numbers) => {
      const missing = Header.missingColumn(path, names, numbers)
      return missing === undefined
        ? Result.succeed({ numbers, mayMiss: true, isLog: true })
        : Result.fail(missing)
    }),
  )
  const unnamed = given === undefined ? undefined : table.add(given, 0)
  if (unnamed !== undefined) return yield* Effect.fail(unnamed)
  const sink = { ...named(table, given), addRow: table.addRow }
  const spelling = yield* Records.readInto({ path, isOnce: true }, options, sink)
  const values = yield* Effect.fromResult(table.finish())
  return { spelling, columns: table.columns!, rows: table.rows, values }
})
