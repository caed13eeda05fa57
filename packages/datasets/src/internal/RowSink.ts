/** Rows of numbers that are handed over as they are read. */
import { Effect, type FileSystem, Result } from "effect"
import {
  type BadCell,
  type BadHeader,
  EmptyCsv,
  type MissingColumn,
  type RaggedRow,
  type TextError,
} from "../CsvError.ts"
import type { FileError } from "../FileError.ts"
import type { Options, Spelling } from "../Spelling.ts"
import type { UnreadableTable } from "../TypedError.ts"
import * as Header from "./Header.ts"
import { NamedRows } from "./NamedRows.ts"
import * as Records from "./Records.ts"

/** Errors in the content of a file, as opposed to its access. */
export type ContentError = BadCell | BadHeader | EmptyCsv | MissingColumn | RaggedRow | TextError

/** Errors when reading columns by name. */
export type ReadError = FileError | ContentError

/** Consumer of the rows of a file in blocks of `count` x `columns.length` numbers, row-major, valid only during the call. */
export type Consumer<E, R> = (values: Float64Array) => Effect.Effect<void, E, R>

export interface IntoOptions extends Options {
  /** Columns to skip: identifiers, dates, texts. */
  readonly ignore?: ReadonlyArray<string>
  /** Column names of a file whose first line has none; default that line. */
  readonly names?: ReadonlyArray<string>
  /** True if a cell may be empty or NA, read as NaN; default false. */
  readonly mayMiss?: boolean
}

/** Summary of rows that were handed over. */
export interface RowsRead {
  readonly rows: number
  /** Interpretation of the file. */
  readonly spelling: Spelling
}

/** Sink of the records under a header: given names replace those of a typed file, and a first column without a name is an index. */
export const named = <Problem>(
  table: NamedRows<Problem>,
  given: ReadonlyArray<string> | undefined,
) => {
  let isText = true
  return {
    begin: (spelling: Spelling): void => {
      isText = spelling.format === undefined
      table.begin(spelling)
    },
    add: (cells: ReadonlyArray<string>, row: number) => {
      if (!isText && row === 0 && given !== undefined) return undefined
      return table.add(table.columns === undefined ? Header.indexed(cells) : cells, row)
    },
  }
}

/** Reads the rows and hands them over, as `Table.readInto`. */
export const handOver = Effect.fnUntraced(function* <E, R>(
  treatment: Records.Treatment,
  { ignore = [], mayMiss = false, names: given, ...options }: IntoOptions,
  begin: (columns: ReadonlyArray<string>, isText: boolean) => Effect.Effect<Consumer<E, R>, E, R>,
): Effect.fn.Return<RowsRead, ReadError | E, R | FileSystem.FileSystem> {
  const { path } = treatment
  const left = new Set([...ignore, Header.index])
  let isText = true
  let unread: UnreadableTable | undefined
  let absent: ReadonlySet<string> = new Set()
  const table = new NamedRows<MissingColumn>(path, (names) => {
    const missing = Header.missingColumn(
      path,
      names,
      ignore.filter((name) => !absent.has(name)),
    )
    return missing === undefined
      ? Result.succeed({ numbers: [...names.keys()].filter((name) => !left.has(name)), mayMiss })
      : Result.fail(missing)
  })
  const unnamed = given === undefined ? undefined : table.add(given, 0)
  if (unnamed !== undefined) return yield* Effect.fail(unnamed)
  let consume: Consumer<E, R> | undefined
  const flush = Effect.gen(function* () {
    if (table.columns === undefined) return
    consume ??= yield* begin(table.columns, isText)
    const values = table.take()
    if (values.length > 0) yield* consume(values)
  })
  const rows = named(table, given)
  const beginRows = (spelling: Spelling): void => {
    isText = spelling.format === undefined
    unread = Header.unreadColumn(path, spelling, (name) => !left.has(name))
    absent = new Set(spelling.unread?.map(({ column }) => column))
    rows.begin(spelling)
  }
  const add = (cells: ReadonlyArray<string>, row: number) => unread ?? rows.add(cells, row)
  const addRow = (columns: Parameters<typeof table.addRow>[0], row: number) =>
    unread ?? table.addRow(columns, row)
  const sink = { begin: beginRows, add, addRow, flush }
  const spelling = yield* Records.readInto(treatment, options, sink)
  if (table.columns === undefined) return yield* new EmptyCsv({ path, missing: "everything" })
  return { rows: table.rows, spelling }
})
