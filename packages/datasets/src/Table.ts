/**
 * Tables of text, as every command reads them: one parser, one notion of a number, one rule for headers.
 *
 * A caller that asks for columns by name gets them from the first line (`readColumns`, `readInto`, `readPrivateInto`, and
 * `Csv.read` for a data set). A matrix may have names or not: `read` lets the cells tell, or the caller (see `Names`). Errors
 * name path, line and column; rows are lines of the file from 1.
 */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Effect, type FileSystem, Result } from "effect"
import {
  BadCell,
  EmptyCsv,
  MissingColumn,
  RaggedRow,
  type TextError,
  UnusableTable,
} from "./CsvError.ts"
import type { FileError } from "./FileError.ts"
import * as Cell from "./internal/Cell.ts"
import { firstBad, labels } from "./internal/FirstBad.ts"
import * as Grid from "./internal/Grid.ts"
import {
  type Consumer,
  type Handed,
  handOver,
  type IntoOptions,
  named,
  type ReadError,
} from "./internal/HandOver.ts"
import * as Header from "./internal/Header.ts"
import { NamedRows } from "./internal/NamedRows.ts"
import * as Records from "./internal/Records.ts"
import type { Notation, Options, Spelling } from "./Spelling.ts"
import type { UnreadableTable } from "./TypedError.ts"

export type { Grid } from "./internal/Grid.ts"
export type { Consumer, ContentError, Handed, IntoOptions, ReadError } from "./internal/HandOver.ts"
export type { Delimiter, Options, Spelling } from "./Spelling.ts"
export { isWord } from "./internal/Cell.ts"

/**
 * What reads the numbers of a file: the number in a cell, or why there is none.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Table } from "@nonconvex/datasets"
 *
 * Table.numbersIn({ decimal: ",", groups: true })("1.234,5") // => 1234.5
 * ```
 */
export const numbersIn =
  (notation: Notation) =>
  (cell: string): ReturnType<typeof Cell.toNumber> =>
    Cell.toNumber(cell, notation)

/** The number with a decimal point in a cell, or why there is none. */
export const toNumber = numbersIn(Cell.standard)

/**
 * What the user says of the first line and the first column; what is left open is told by the cells.
 *
 * A first line holds names where it has words and no number. Numbers, such as years, are names too: beside a word in the first
 * cell that no other line begins with, and beside a word or nothing over names of rows. A first column holds names where it has
 * words and no number, or where the header leaves its corner empty over an index.
 */
export interface Names {
  readonly header?: boolean | undefined
  readonly rowNames?: boolean | undefined
}

/** A matrix of numbers, with holes where a cell holds none, and the names that the file gives its rows and columns. */
export interface Table {
  readonly path: string
  /** How the file was read. */
  readonly spelling: Spelling
  readonly rows: number
  readonly columns: number
  /** `rows` x `columns`, row-major; NaN where a cell holds no number. */
  readonly values: Float64Array
  /** As the first line has them, some perhaps empty; undefined where that holds numbers. */
  readonly columnNames: ReadonlyArray<string> | undefined
  /** As the first column has them, some perhaps empty; undefined where that holds numbers. */
  readonly rowNames: ReadonlyArray<string> | undefined
  /** The cell of a place in `values` that holds no number: its text and its line in the file. */
  readonly cell: (row: number, column: number) => { readonly text: string; readonly line: number }
}

/** All cells of a file, before anyone has said what they mean. Fails with FileError, EmptyCsv, TextError and RaggedRow. */
export const grid = Effect.fn("Table.grid")(
  (
    path: string,
    options: Options = {},
  ): Effect.Effect<Grid.Grid, Grid.ReadError, FileSystem.FileSystem> =>
    Grid.read(path, options, { needsAll: true }),
)

/**
 * The cells as a matrix. Fails with EmptyCsv where there is a header alone, and with RaggedRow where a first line is one cell
 * short that names no columns over names of rows.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Table } from "@nonconvex/datasets"
 * import { Effect, FileSystem, Result, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode(",x,y\na,1,2\nb,3,4\n")) })
 * const grid = await Effect.runPromise(Effect.provide(Table.grid("a.csv"), files))
 * const { columnNames, rowNames, values } = Result.getOrThrow(Table.fromGrid(grid))
 * const found = [columnNames, rowNames, values] // => [["x", "y"], ["a", "b"], Float64Array.of(1, 2, 3, 4)]
 * ```
 */
export const fromGrid = (
  cells: Grid.Grid,
  { header, rowNames }: Names = {},
): Result.Result<Table, EmptyCsv | RaggedRow> => {
  const { first, isFirstShort, isLeftNumbers, line, path, records, spelling, values, width } = cells
  const hasHeader = spelling.format !== undefined || (header ?? Header.isHeader(cells))
  const above = hasHeader ? 1 : 0
  const rows = records - above
  if (rows === 0) return Result.fail(new EmptyCsv({ path, missing: "data" }))
  // a corner that was left out says nothing
  const corner = hasHeader && !isFirstShort ? first[0] : undefined
  // numbers name rows under an empty corner alone, and are not written out for anything else
  const mayName = rowNames ?? (width > 1 && (!isLeftNumbers || corner === ""))
  const left = !mayName ? [] : hasHeader ? cells.below : [first[0]!, ...cells.below]
  const hasRowNames = rowNames ?? (mayName && Header.hasRowNames(corner, left))
  if (isFirstShort && !(hasHeader && hasRowNames)) {
    return Result.fail(new RaggedRow({ path, row: line(1), expected: width - 1, found: width }))
  }
  const columns = hasRowNames ? width - 1 : width
  return Result.succeed({
    path,
    spelling,
    rows,
    columns,
    values: hasRowNames ? withoutFirstColumn(cells, above) : values.subarray(above * width),
    columnNames: hasHeader ? first.slice(width - columns) : undefined,
    rowNames: hasRowNames ? left : undefined,
    cell: (row, column) => ({
      text: cells.text(row + above, column + width - columns) ?? "",
      line: line(row + above),
    }),
  })
}

const withoutFirstColumn = ({ records, values, width }: Grid.Grid, above: number): Float64Array => {
  const out = new Float64Array((records - above) * (width - 1))
  for (let i = above; i < records; i++) {
    out.set(values.subarray(i * width + 1, (i + 1) * width), (i - above) * (width - 1))
  }
  return out
}

/**
 * Reads a matrix; its text is not held, so that memory is that of the numbers. Fails with FileError, EmptyCsv, TextError and
 * RaggedRow. Cells without a number are no error here: see `allNumbers` and `observed`.
 */
export const read = Effect.fn("Table.read")(function* (
  path: string,
  options: Options & Names = {},
): Effect.fn.Return<Table, Grid.ReadError, FileSystem.FileSystem> {
  return yield* Effect.fromResult(fromGrid(yield* grid(path, options), options))
})

/**
 * Hands over the cells of each record as text, streamed, for whoever gives them a meaning of their own; says how the file is written.
 * Fails with what `add` says of a record, with FileError, and with TextError.
 */
export const readRecords = Effect.fn("Table.readRecords")(
  <Problem>(
    path: string,
    options: Options,
    sink: Records.Sink<Problem>,
  ): Effect.Effect<Spelling, Problem | FileError | TextError, FileSystem.FileSystem> =>
    Records.readInto({ path }, options, sink),
)

/**
 * The table, where every cell holds a number. Fails with BadCell on the first that does not.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Table } from "@nonconvex/datasets"
 * import { Effect, FileSystem, Result, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\n1,2\n3,NA\n")) })
 * const table = await Effect.runPromise(Effect.provide(Table.read("a.csv"), files))
 * Result.getOrThrow(Result.flip(Table.allNumbers(table))).column // => "y"
 * ```
 */
export const allNumbers = (table: Table): Result.Result<Table, BadCell> => {
  const bad = firstBad(table, labels(table), () => false)
  return bad === undefined ? Result.succeed(table) : Result.fail(bad)
}

/**
 * The table, where every cell holds a number or a word for "no value", such as nothing, NA, NaN or ?. Fails with BadCell on the
 * first that does not; `columnNames` are what it calls the columns.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Table } from "@nonconvex/datasets"
 * import { Effect, FileSystem, Result, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\n1,2\n3,NA\n")) })
 * const table = await Effect.runPromise(Effect.provide(Table.read("a.csv"), files))
 * Result.getOrThrow(Table.observed(table)).values // => Float64Array.of(1, 2, 3, Number.NaN)
 * ```
 */
export const observed = (
  table: Table,
  columnNames: ReadonlyArray<string> = labels(table),
): Result.Result<Table, BadCell> => {
  const bad = firstBad(table, columnNames, (reason) => reason === "missing")
  return bad === undefined ? Result.succeed(table) : Result.fail(bad)
}

/**
 * Reads numbers under a header, streamed, and hands the rows over as they come: what is read need not fit into memory. `begin`
 * gets the names of the columns that are not ignored, before any row, and whether a line of text has them. A first column without a name is an index, and left out. A header
 * alone has no rows, which is no error here. Fails with `ReadError`, and with what `begin` and the consumer fail with.
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
 * As `readInto`, of rows that whoever reads the messages may not see: whatever is wrong with the content is UnusableTable, which
 * says what a table `needs` and nothing of this one. So is a first line that may be a row of data, whose cells `begin` would take
 * for public names, and one of which no column is left.
 *
 * No row may decide how the others are read: what the options do not say is a comma, a decimal point and UTF-8.
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
  /** How the file was read. */
  readonly spelling: Spelling
  readonly columns: ReadonlyArray<string>
  readonly rows: number
  /** `rows` x `columns.length`, row-major. */
  readonly values: Float64Array
}

export interface ColumnOptions extends Options {
  /** The columns that are wanted, in this order; default all of them. */
  readonly columns?: ReadonlyArray<string>
}

/** Reads columns of numbers under a header, streamed. Fails with `ReadError`, and with EmptyCsv where there are no rows. */
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
 * Reads columns of a log, streamed: `choose` sees the names of the header, or those given, and says which. A cell without a value is NaN, and one
 * that says NaN or an infinity is infinite, in any row. A first column without a name is an index, and left out. Fails with `ReadError`, with EmptyCsv where there are no rows, and with what
 * `choose` finds wrong.
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
