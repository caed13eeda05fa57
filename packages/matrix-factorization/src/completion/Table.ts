import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"

/** Observed entries of a rows x columns table, each at most once: entry i is at (`rowOf[i]`, `columnOf[i]`), counted from 0. */
export interface Table {
  readonly rows: number
  readonly columns: number
  readonly rowOf: Uint32Array
  readonly columnOf: Uint32Array
  readonly values: Float64Array
}

/** The entries of one side of a table: those of row (or column) k are `starts[k]` to `starts[k + 1]`. */
export interface Compressed {
  readonly starts: Uint32Array
  /** The column (or row) of each entry. */
  readonly others: Uint32Array
  readonly values: Float64Array
}

/** A table as it is computed with: compressed both ways. */
export interface Observations {
  readonly rows: number
  readonly columns: number
  readonly count: number
  readonly byRow: Compressed
  readonly byColumn: Compressed
}

const compressed = (
  count: number,
  own: Uint32Array,
  others: Uint32Array,
  values: Float64Array,
): Compressed => {
  const starts = new Uint32Array(count + 1)
  for (const k of own) starts[k + 1]!++
  for (let k = 0; k < count; k++) starts[k + 1]! += starts[k]!
  const next = starts.slice()
  const sorted = { others: new Uint32Array(own.length), values: new Float64Array(own.length) }
  own.forEach((k, i) => {
    const place = next[k]!++
    sorted.others[place] = others[i]!
    sorted.values[place] = values[i]!
  })
  return { starts, ...sorted }
}

export const compress = ({ columnOf, columns, rowOf, rows, values }: Table): Observations => ({
  rows,
  columns,
  count: values.length,
  byRow: compressed(rows, rowOf, columnOf, values),
  byColumn: compressed(columns, columnOf, rowOf, values),
})

/** The entries of a table that are kept. */
export const subtable = (table: Table, keep: (entry: number) => boolean): Table => {
  const kept = new Uint32Array(table.values.length)
  let count = 0
  for (let i = 0; i < kept.length; i++) if (keep(i)) kept[count++] = i
  const list = kept.subarray(0, count)
  return {
    rows: table.rows,
    columns: table.columns,
    rowOf: list.map((i) => table.rowOf[i]!),
    columnOf: list.map((i) => table.columnOf[i]!),
    values: Float64Array.from(list, (i) => table.values[i]!),
  }
}

/** How many entries each row and each column has. */
export const countsOf = ({ byColumn, byRow }: Observations) => {
  const lengths = ({ starts }: Compressed) => starts.subarray(1).map((end, k) => end - starts[k]!)
  return { rows: lengths(byRow), columns: lengths(byColumn) }
}

/** Throws InvalidInput on a table that is none: see `completeTable`. */
export const requireTable = (operation: string, table: Table): void => {
  const { columnOf, columns, rowOf, rows, values } = table
  Require.count(operation, "rows", rows)
  Require.count(operation, "columns", columns)
  Require.vector(operation, "values", values, values.length)
  Require.length(operation, "rowOf", rowOf.length, values.length)
  Require.length(operation, "columnOf", columnOf.length, values.length)
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [rowOf[i]!, columnOf[i]!]
    if (row < rows && column < columns) continue
    invalid(operation, "every entry must be a row and a column of the table, from 0", {
      row,
      column,
      rows,
      columns,
    })
  }
  const { others, starts } = compressed(rows, rowOf, columnOf, values)
  for (let row = 0; row < rows; row++) {
    const sorted = others.slice(starts[row], starts[row + 1]).toSorted()
    const twice = sorted.findIndex((column, k) => column === sorted[k + 1])
    if (twice >= 0) {
      invalid(operation, "every entry must be given at most once", { row, column: sorted[twice]! })
    }
  }
}
