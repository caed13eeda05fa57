import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"

/** Observed entries of a rows x columns table, each at most once; entry i is at (`rowOf[i]`, `columnOf[i]`), counted from 0. */
export interface Table {
  readonly rows: number
  readonly columns: number
  readonly rowOf: Uint32Array
  readonly columnOf: Uint32Array
  readonly values: Float64Array
  /** Weight of each entry, above 0; default equal. Only their ratios matter. */
  readonly confidence?: Float64Array
}

/** The entries of a table by rows or by columns: row (or column) k has entries `starts[k]` to `starts[k + 1]`. */
export interface Compressed {
  readonly starts: Uint32Array
  /** The column (or row) of each entry. */
  readonly others: Uint32Array
  readonly values: Float64Array
  /** Weight of each entry, where the weights differ. */
  readonly confidence: Float64Array | undefined
}

/** A table in the form for computations: compressed by rows and by columns. */
export interface Observations {
  readonly rows: number
  readonly columns: number
  readonly count: number
  readonly byRow: Compressed
  readonly byColumn: Compressed
}

/** Offsets at which the entries of each of `count` rows (or columns) begin in a compressed layout. */
const startsOf = (count: number, own: Uint32Array): Uint32Array => {
  const starts = new Uint32Array(count + 1)
  for (let i = 0; i < own.length; i++) starts[own[i]! + 1]!++
  for (let k = 0; k < count; k++) starts[k + 1]! += starts[k]!
  return starts
}

/** Each value is copied once. */
const compressed = (
  count: number,
  own: Uint32Array,
  others: Uint32Array,
  { confidence, values }: Table,
  entries: Uint32Array | undefined,
): Compressed => {
  const chosen = entries?.map((i) => own[i]!) ?? own
  const starts = startsOf(count, chosen)
  const [next, again] = [starts.slice(), confidence && starts.slice()]
  const sorted = {
    others: new Uint32Array(chosen.length),
    values: new Float64Array(chosen.length),
    confidence: confidence && new Float64Array(chosen.length),
  }
  const { others: to, values: at } = sorted
  // in one loop, the question would cost it half of its time again
  if (entries === undefined)
    for (let i = 0; i < own.length; i++) {
      const place = next[own[i]!]!++
      to[place] = others[i]!
      at[place] = values[i]!
    }
  else
    for (let k = 0; k < entries.length; k++) {
      const place = next[chosen[k]!]!++
      to[place] = others[entries[k]!]!
      at[place] = values[entries[k]!]!
    }
  if (confidence !== undefined)
    for (let k = 0; k < chosen.length; k++)
      sorted.confidence![again![chosen[k]!]!++] = confidence[entries?.[k] ?? k]!
  return { starts, ...sorted }
}

/** A table, or some of its entries. */
export const compress = (table: Table, entries?: Uint32Array): Observations => {
  const { columnOf, columns, rowOf, rows, values } = table
  return {
    rows,
    columns,
    count: (entries ?? values).length,
    byRow: compressed(rows, rowOf, columnOf, table, entries),
    byColumn: compressed(columns, columnOf, rowOf, table, entries),
  }
}

/** The table of some entries. */
export const subtable = (table: Table, entries: Uint32Array): Table => ({
  rows: table.rows,
  columns: table.columns,
  rowOf: entries.map((i) => table.rowOf[i]!),
  columnOf: entries.map((i) => table.columnOf[i]!),
  values: Float64Array.from(entries, (i) => table.values[i]!),
  ...(table.confidence && {
    confidence: Float64Array.from(entries, (i) => table.confidence![i]!),
  }),
})

/** Sum of values from one index to another. */
const sumOf = (values: Float64Array, from: number, to: number): number => {
  let sum = 0
  for (let e = from; e < to; e++) sum += values[e]!
  return sum
}

/** Weighted number of entries of each row and each column. */
export const countsOf = ({ byColumn, byRow }: Observations) => {
  const counts = ({ confidence, starts }: Compressed) => {
    const out = new Float64Array(starts.length - 1)
    for (let k = 0; k < out.length; k++) {
      const [from, to] = [starts[k]!, starts[k + 1]!]
      out[k] = confidence === undefined ? to - from : sumOf(confidence, from, to)
    }
    return out
  }
  return { rows: counts(byRow), columns: counts(byColumn) }
}

/** The table with weights rescaled to mean 1. */
export const normalised = (table: Table): Table => {
  const { confidence, values } = table
  if (confidence === undefined) return table
  // the sum of large ones may be none
  const [, largest] = rangeOf(confidence)
  const parts = confidence.map((each) => each / largest)
  const mean = sumOf(parts, 0, values.length) / values.length
  return { ...table, confidence: parts.map((each) => each / mean) }
}

/** Smallest ratio of two weights at which both still matter in double precision. */
const apart = 1e-12

const rangeOf = (values: Float64Array): readonly [least: number, largest: number] =>
  values.reduce<readonly [number, number]>(
    ([least, largest], value) => [Math.min(least, value), Math.max(largest, value)],
    [Infinity, 0],
  )

/** Throws InvalidInput on an invalid table, except for duplicate entries: see `completeTable`. */
export const requireTable = (operation: string, table: Table): void => {
  const { columnOf, columns, confidence, rowOf, rows, values } = table
  Require.count(operation, "rows", rows)
  Require.count(operation, "columns", columns)
  for (const [name, list] of Object.entries({ rowOf, columnOf, values }))
    Require.object(operation, name, list)
  Require.vector(operation, "values", values, values.length)
  Require.length(operation, "rowOf", rowOf.length, values.length)
  Require.length(operation, "columnOf", columnOf.length, values.length)
  if (confidence !== undefined) {
    Require.vector(operation, "confidence", confidence, values.length)
    for (const each of confidence) Require.positive(operation, "confidence", each)
    const [least, largest] = rangeOf(confidence)
    if (least < apart * largest) {
      invalid(
        operation,
        `the weights of two entries may differ by a factor of at most 1 / ${apart}`,
        { least, largest },
      )
    }
  }
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [rowOf[i]!, columnOf[i]!]
    if (row < rows && column < columns) continue
    invalid(operation, "every entry must name a row and a column of the table, counted from 0", {
      row,
      column,
      rows,
      columns,
    })
  }
}

/** Throws InvalidInput on duplicate entries. */
export const requireDistinct = (
  operation: string,
  { byRow: { others, starts }, columns, rows }: Observations,
): void => {
  /** Last row with an entry in each column, counted from 1. */
  const lastRow = new Uint32Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let e = starts[row]!; e < starts[row + 1]!; e++) {
      const column = others[e]!
      if (lastRow[column] === row + 1) {
        invalid(operation, "every entry must be given at most once", { row, column })
      }
      lastRow[column] = row + 1
    }
  }
}
