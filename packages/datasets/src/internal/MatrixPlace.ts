/** Place of a matrix in the grid of its file: below a header, and right of row names. */
import { Result } from "effect"
import { EmptyCsv, RaggedRow } from "../CsvError.ts"
import type { Spelling } from "../Spelling.ts"
import type { Grid } from "./Grid.ts"
import * as Header from "./Header.ts"

/**
 * Declared header and row names; the rest is detected.
 *
 * A first line with words and no number holds names. Numbers, such as years, are names too in two cases. The first cell is a
 * word with which no other line begins. Or the first cell is a word or empty, above row names. A first column holds names
 * where it has words and no number, or where the header leaves its corner empty over an index.
 */
export interface Names {
  readonly header?: boolean | undefined
  readonly rowNames?: boolean | undefined
}

/** Matrix stored in a larger array: the entry of row i and column j is `values[from + i * stride + j]`. */
export interface MatrixPlace {
  readonly path: string
  readonly spelling: Spelling
  readonly rows: number
  readonly columns: number
  /** From the first line, some perhaps empty; undefined if that holds numbers. */
  readonly columnNames: ReadonlyArray<string> | undefined
  /** From the first column, some perhaps empty; undefined if that holds numbers. */
  readonly rowNames: ReadonlyArray<string> | undefined
  /** NaN where a cell holds no number. */
  readonly values: Float64Array
  readonly from: number
  readonly stride: number
  /** The cell of an entry that holds no number: its text and its line in the file. */
  readonly cell: (row: number, column: number) => { readonly text: string; readonly line: number }
}

/** Finds the matrix in a grid. Fails as `Table.fromGrid`. */
export const find = (
  cells: Grid,
  { header, rowNames }: Names,
): Result.Result<MatrixPlace, EmptyCsv | RaggedRow> => {
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
  const beside = hasRowNames ? 1 : 0
  return Result.succeed({
    path,
    spelling,
    rows,
    columns: width - beside,
    columnNames: hasHeader ? first.slice(beside) : undefined,
    rowNames: hasRowNames ? left : undefined,
    values,
    from: above * width + beside,
    stride: width,
    cell: (row, column) => ({
      text: cells.text(row + above, column + beside) ?? "",
      line: line(row + above),
    }),
  })
}
