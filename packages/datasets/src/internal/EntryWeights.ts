/** Weights of the entries of a matrix, in a table of their own. */
import { Effect } from "effect"
import type { Entries } from "../Entries.ts"
import { BadWeight, OtherWeights } from "../EntriesError.ts"
import type { Options } from "../Spelling.ts"
import * as Tables from "../Table.ts"
import { reals } from "./SharedArrays.ts"

/** The difference between a table and that of its weights, if there is any. */
const difference = ({ columnNames, read, rowNames, table }: Entries, weights: Tables.Table) => {
  const { columns, rows } = table
  if (weights.rows !== rows || weights.columns !== columns) {
    return `it has ${weights.rows} x ${weights.columns} weights for ${rows} x ${columns} entries`
  }
  const isOther = (own: ReadonlyArray<string>, given: ReadonlyArray<string> | undefined) =>
    given?.findIndex((name, k) => name !== "" && name !== own[k]) ?? -1
  const column = read.header ? isOther(columnNames, weights.columnNames) : -1
  if (column >= 0) return `its column ${column + 1} has a different name`
  const row = read.rowNames ? isOther(rowNames, weights.rowNames) : -1
  return row >= 0 ? `its row ${row + 1} has a different name` : undefined
}

/**
 * Sets the weights of the entries of a table in place, from another file; weight 0 makes an entry missing. Missing entries
 * need no weight. Fails with BadWeight and OtherWeights, and as reading a table.
 */
export const weigh = Effect.fnUntraced(function* (
  named: Entries,
  path: string,
  options: Options & Tables.Names,
) {
  const weights = yield* Tables.read(path, options)
  const reason = difference(named, weights)
  if (reason !== undefined) return yield* new OtherWeights({ path, reason })
  const { columnOf, columns, rowOf, values } = named.table
  let kept = 0
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [rowOf[i]!, columnOf[i]!]
    const weight = weights.values[row * columns + column]!
    if (!(weight >= 0)) {
      const { line, text } = weights.cell(row, column)
      return yield* new BadWeight({
        path,
        row: line,
        column: named.columnNames[column]!,
        cell: text,
      })
    }
    // in their place, over those that are left out
    if (weight === 0) continue
    rowOf[kept] = row
    columnOf[kept] = column
    values[kept++] = values[i]!
  }
  const confidence = reals(kept)
  for (let i = 0; i < kept; i++) {
    confidence[i] = weights.values[rowOf[i]! * columns + columnOf[i]!]!
  }
  return {
    ...named,
    table: {
      ...named.table,
      rowOf: rowOf.subarray(0, kept),
      columnOf: columnOf.subarray(0, kept),
      values: values.subarray(0, kept),
      confidence,
    },
  } satisfies Entries
})
