/** Where a matrix holds no number that must. */
import { BadCell } from "../CsvError.ts"
import type { Table } from "../Table.ts"
import * as Cell from "./Cell.ts"

/** What messages call the columns: their names, else their positions in the file from 1, such as `column 2`. */
export const labels = ({ columnNames, columns, rowNames }: Table): ReadonlyArray<string> =>
  columnNames ??
  Array.from({ length: columns }, (_, j) => `column ${j + (rowNames === undefined ? 1 : 2)}`)

/** The first place without a number, in the order of the file, that `isFine` does not let pass. */
export const firstBad = (
  table: Table,
  columnNames: ReadonlyArray<string>,
  isFine: (reason: BadCell["reason"]) => boolean,
): BadCell | undefined => {
  const { columns, path, spelling, values } = table
  for (let at = 0; at < values.length; at++) {
    if (!Number.isNaN(values[at]!)) continue
    const [row, column] = [Math.floor(at / columns), at % columns]
    const { line, text } = table.cell(row, column)
    const reason = Cell.toNumber(text, spelling)
    if (typeof reason === "number" || isFine(reason)) continue
    const [name, isUnnamed] = [columnNames[column]!, table.columnNames === undefined]
    return new BadCell({ path, row: line, column: name, isUnnamed, cell: text, reason })
  }
  return undefined
}
