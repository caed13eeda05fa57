/** The first cell of a matrix that lacks its number. */
import { BadCell } from "../CsvError.ts"
import * as Cell from "./Cell.ts"
import type { MatrixPlace } from "./MatrixPlace.ts"

/** Names of the columns in messages: their names, else their positions in the file from 1, such as `column 2`. */
export const labels = ({
  columnNames,
  columns,
  rowNames,
}: Pick<MatrixPlace, "columnNames" | "columns" | "rowNames">): ReadonlyArray<string> =>
  columnNames ??
  Array.from({ length: columns }, (_, j) => `column ${j + (rowNames === undefined ? 1 : 2)}`)

/** The first place without a number, in the order of the file, that `isFine` does not let pass. */
export const firstBad = (
  matrix: MatrixPlace,
  columnNames: ReadonlyArray<string>,
  isFine: (reason: BadCell["reason"]) => boolean,
): BadCell | undefined => {
  const { columns, from, path, rows, spelling, stride, values } = matrix
  for (let row = 0; row < rows; row++) {
    const start = from + row * stride
    for (let column = 0; column < columns; column++) {
      if (!Number.isNaN(values[start + column]!)) continue
      const { line, text } = matrix.cell(row, column)
      const reason = Cell.toNumber(text, spelling)
      if (typeof reason === "number" || isFine(reason)) continue
      const [name, isUnnamed] = [columnNames[column]!, matrix.columnNames === undefined]
      return new BadCell({ path, row: line, column: name, isUnnamed, cell: text, reason })
    }
  }
  return undefined
}
