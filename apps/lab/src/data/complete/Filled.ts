/** The values of a filled table: observed ones as they were, the others as they are predicted. */
import {
  completeRow,
  type Fit,
  predict,
  type RowModel,
  type Table,
} from "@nonconvex/matrix-factorization"

/** The entries of each row. */
const byRow = ({ rowOf, rows, values }: Table) => {
  const starts = new Uint32Array(rows + 1)
  for (const row of rowOf) starts[row + 1]!++
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!
  const next = starts.slice()
  const entries = new Uint32Array(values.length)
  rowOf.forEach((row, i) => {
    entries[next[row]!++] = i
  })
  return (row: number) => entries.subarray(starts[row], starts[row + 1])
}

/** Rows generated on demand, so that they need not fit into memory together. */
function* rowsBy(table: Table, predicted: (row: number, entries: Uint32Array) => Float64Array) {
  const entriesOf = byRow(table)
  for (let row = 0; row < table.rows; row++) {
    const entries = entriesOf(row)
    const filled = predicted(row, entries)
    for (const i of entries) filled[table.columnOf[i]!] = table.values[i]!
    yield filled
  }
}

/** The rows of a table that was fitted. */
export const rowsOf = (table: Table, fit: Fit): Iterable<Float64Array> =>
  rowsBy(table, (row) =>
    Float64Array.from({ length: table.columns }, (_, column) => predict(fit, row, column)),
  )

/** Rows of a table with the model's columns, given by their observed entries. */
export const newRowsOf = (table: Table, model: RowModel): Iterable<Float64Array> =>
  rowsBy(table, (_row, entries) => {
    const of = <A>(values: ArrayLike<A>) => Array.from(entries, (i) => values[i]!)
    const confidence = table.confidence && Float64Array.from(of(table.confidence))
    return completeRow(model, of(table.columnOf), Float64Array.from(of(table.values)), confidence)
  })
