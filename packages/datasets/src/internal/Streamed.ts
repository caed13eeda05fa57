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
  type RowsRead,
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
  ): Effect.Effect<RowsRead, ReadError | E, R | FileSystem.FileSystem> =>
    handOver({ path }, options, begin),
)

/** Errors that would reveal the content of a private file. */
const contentErrors = [
  "BadArchive",
  "BadArray",
  "BadCell",
  "BadEncoding",
  "BadHeader",
  "MalformedCsv",
  "NotText",
  "RaggedRow",
  "TooManyBytes",
  "UnclearDelimiter",
  "UnreadableTable",
] as const

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
  RowsRead,
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
    Effect.catchTag([...contentErrors, "EmptyCsv", "MissingColumn"], () => Effect.fail(unusable)),
  )
})

/** Column of a private table, and whether its cells are texts or numbers. */
export interface PrivateColumn {
  readonly column: string
  readonly as: "text" | "number"
}

/** Requested columns of a private table. */
interface PrivateOptions extends Omit<IntoOptions, "ignore"> {
  /** Requested columns; one may be requested several times. */
  readonly columns: ReadonlyArray<PrivateColumn>
  /** Expected content, for the message of a file with other content. */
  readonly needs: string
}

/**
 * Passes the requested cells of each private row to `add`, in the order of the request: texts as they are, and numbers, with NaN for
 * a missing one. If `add` returns false, the rows are unusable. Returns the names of all columns and the number of rows. Errors in the content become UnusableTable, as in `readPrivateInto`; the names of columns
 * are public, so that it fails with MissingColumn too.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Table from "@nonconvex/datasets/Table"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\na,2\nb,4\n")) })
 * const found: Array<unknown> = []
 * const columns = [{ column: "y", as: "number" }, { column: "x", as: "text" }] as const
 * const reading = Table.readPrivateCells("a.csv", { columns, needs: "rows" }, (cells) => found.push(cells) > 0)
 * await Effect.runPromise(Effect.provide(reading, files)) // => { columns: ["x", "y"], rows: 2 }
 * found // => [[2, "a"], [4, "b"]]
 * ```
 */
export const readPrivateCells = Effect.fn("Table.readPrivateCells")(function* (
  path: string,
  { columns, mayMiss = false, names: given, needs, ...options }: PrivateOptions,
  add: (cells: ReadonlyArray<string | number>) => boolean,
): Effect.fn.Return<
  { readonly columns: ReadonlyArray<string>; readonly rows: number },
  FileError | BackendUnavailable | MissingColumn | UnusableTable,
  FileSystem.FileSystem
> {
  const unusable = new UnusableTable({ path, needs })
  const wanted = new Set(columns.map(({ column }) => column))
  let isNamed = given !== undefined
  let all: ReadonlyArray<string> = []
  let unread: UnreadableTable | undefined
  const table = new NamedRows<MissingColumn | UnusableTable>(path, (names, notation) => {
    all = [...names.keys()].filter((name) => name !== Header.index)
    if (!isNamed && all.some(Cell.mayBeRow)) return Result.fail(unusable)
    const missing = Header.missingColumn(path, names, wanted)
    if (missing !== undefined) return Result.fail(missing)
    const places = columns.map(({ as, column }) => ({ as, at: names.get(column)! }))
    return Result.succeed({
      numbers: [],
      also: (record) => {
        const cells: Array<string | number> = []
        for (const { as, at } of places) {
          const cell = as === "text" ? record[at]! : Cell.toNumber(record[at]!, notation)
          if (as === "number" && typeof cell === "string" && !(mayMiss && cell === "missing")) {
            return unusable
          }
          cells.push(as === "number" && typeof cell === "string" ? Number.NaN : cell)
        }
        return add(cells) ? undefined : unusable
      },
    })
  })
  const rows = named(table, given)
  const unnamed = given === undefined ? undefined : table.add(given, 0)
  const sink = {
    begin: (spelling: Spelling): void => {
      isNamed ||= spelling.format !== undefined
      unread = Header.unreadColumn(path, spelling, (name) => wanted.has(name))
      rows.begin(spelling)
    },
    add: (cells: ReadonlyArray<string>, row: number) => unnamed ?? unread ?? rows.add(cells, row),
  }
  yield* Records.readInto({ path, isFixed: true }, options, sink).pipe(
    Effect.catchTag([...contentErrors], () => Effect.fail(unusable)),
  )
  return table.columns === undefined ? yield* unusable : { columns: all, rows: table.rows }
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
