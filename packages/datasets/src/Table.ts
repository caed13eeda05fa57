/**
 * Text tables for all commands: one parser, one definition of numbers, and one rule for headers.
 *
 * Callers that request columns by name take the names from the first line (`readColumns`, `readInto`, `readPrivateInto`, `readPrivateCells`, and
 * `Csv.read` for a data set). A matrix may have names or not: `read` detects them unless the caller declares them (see
 * `Names`). Errors give path, line and column; lines are counted from 1.
 */
import { Effect, type FileSystem, Result } from "effect"
import type { BadCell, EmptyCsv, RaggedRow, TextError } from "./CsvError.ts"
import type { FileError } from "./FileError.ts"
import { firstBad, labels } from "./internal/FirstInvalidCell.ts"
import * as Grid from "./internal/Grid.ts"
import * as MatrixPlace from "./internal/MatrixPlace.ts"
import type { Names } from "./internal/MatrixPlace.ts"
import * as Records from "./internal/Records.ts"
import type { Options, Spelling } from "./Spelling.ts"

export type { ContentError, IntoOptions } from "./internal/RowSink.ts"
export type { Options, Spelling } from "./Spelling.ts"
export type { Names } from "./internal/MatrixPlace.ts"
export { isWord } from "./internal/Cell.ts"
export {
  type Columns,
  type PrivateColumn,
  readColumns,
  readInto,
  readLog,
  readPrivateCells,
  readPrivateInto,
} from "./internal/Streamed.ts"

/** Matrix of numbers, with holes for cells without a number, and the names of rows and columns in the file. */
export interface Table {
  readonly path: string
  /** Interpretation of the file. */
  readonly spelling: Spelling
  readonly rows: number
  readonly columns: number
  /** `rows` x `columns`, row-major; NaN where a cell holds no number. */
  readonly values: Float64Array
  /** From the first line, some perhaps empty; undefined if that holds numbers. */
  readonly columnNames: ReadonlyArray<string> | undefined
  /** From the first column, some perhaps empty; undefined if that holds numbers. */
  readonly rowNames: ReadonlyArray<string> | undefined
  /** The cell of a place in `values` that holds no number: its text and its line in the file. */
  readonly cell: (row: number, column: number) => { readonly text: string; readonly line: number }
}

/** Cells of a file, before any interpretation. Fails with FileError, EmptyCsv, TextError and RaggedRow. */
export const grid = Effect.fn("Table.grid")(
  (
    path: string,
    options: Options = {},
  ): Effect.Effect<Grid.Grid, Grid.ReadError, FileSystem.FileSystem> =>
    Grid.read(path, options, { needsAll: true }),
)

/** The cells as a matrix. Fails with EmptyCsv on a header alone, and with RaggedRow on a first line that is one cell short and names no columns. */
const fromGrid = (
  cells: Grid.Grid,
  names: Names = {},
): Result.Result<Table, EmptyCsv | RaggedRow> =>
  Result.map(MatrixPlace.find(cells, names), ({ from, stride, ...matrix }) => ({
    ...matrix,
    values:
      stride === matrix.columns ? matrix.values.subarray(from) : withoutNames(matrix, from, stride),
  }))

const withoutNames = (
  { columns, rows, values }: Pick<Table, "columns" | "rows" | "values">,
  from: number,
  stride: number,
): Float64Array => {
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    const start = from + i * stride
    out.set(values.subarray(start, start + columns), i * columns)
  }
  return out
}

const placed = (table: Table): MatrixPlace.MatrixPlace => ({
  ...table,
  from: 0,
  stride: table.columns,
})

/**
 * Reads a matrix without keeping its text, so memory is that of the numbers. Fails with FileError, EmptyCsv, TextError and
 * RaggedRow. Cells without a number are not an error here: see `allNumbers` and `observed`.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Table from "@nonconvex/datasets/Table"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\n1,2\n3,NA\n")) })
 * const { columnNames, values } = await Effect.runPromise(Effect.provide(Table.read("a.csv"), files))
 * const found = [columnNames, values] // => [["x", "y"], Float64Array.of(1, 2, 3, Number.NaN)]
 * ```
 */
export const read = Effect.fn("Table.read")(function* (
  path: string,
  options: Options & Names = {},
): Effect.fn.Return<Table, Grid.ReadError, FileSystem.FileSystem> {
  return yield* Effect.fromResult(fromGrid(yield* grid(path, options), options))
})

/**
 * Streams the cells of each record as text to a consumer; returns the detected format. Fails with the error that `add` returns for a
 * record, with FileError, and with TextError.
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
 * import * as Table from "@nonconvex/datasets/Table"
 * import { Effect, FileSystem, Result, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("x,y\n1,2\n3,NA\n")) })
 * const table = await Effect.runPromise(Effect.provide(Table.read("a.csv"), files))
 * Result.getOrThrow(Result.flip(Table.allNumbers(table))).column // => "y"
 * ```
 */
export const allNumbers = (table: Table): Result.Result<Table, BadCell> => {
  const bad = firstBad(placed(table), labels(table), () => false)
  return bad === undefined ? Result.succeed(table) : Result.fail(bad)
}

/**
 * Requires that every cell holds a number or a marker for a missing value, such as nothing, NA, NaN or ?. Fails with BadCell
 * on the first cell without a number; `columnNames` are the names of columns in errors.
 */
export const observed = (
  table: Table,
  columnNames: ReadonlyArray<string> = labels(table),
): Result.Result<Table, BadCell> => {
  const bad = firstBad(placed(table), columnNames, (reason) => reason === "missing")
  return bad === undefined ? Result.succeed(table) : Result.fail(bad)
}
