/** Weights of the entries of a matrix, in a table of their own. */
import * as Tables from "@nonconvex/datasets/Table"
import { Effect } from "effect"
import type { NamedTable } from "./CompleteInput.ts"
import { BadWeight, OtherWeights } from "./InputError.ts"

/** What a table of weights differs in, if in anything. */
const difference = ({ columnNames, read, rowNames, table }: NamedTable, weights: Tables.Table) => {
  const { columns, rows } = table
  if (weights.rows !== rows || weights.columns !== columns) {
    return `it has ${weights.rows} x ${weights.columns} weights for ${rows} x ${columns} entries`
  }
  const isOther = (own: ReadonlyArray<string>, given: ReadonlyArray<string> | undefined) =>
    given?.findIndex((name, k) => name !== "" && name !== own[k]) ?? -1
  const column = read.header ? isOther(columnNames, weights.columnNames) : -1
  if (column >= 0) return `its column ${column + 1} has another name`
  const row = read.rowNames ? isOther(rowNames, weights.rowNames) : -1
  return row >= 0 ? `its row ${row + 1} has another name` : undefined
}

/**
 * The table whose entries count as much as those of another file say; an entry of weight 0 is a hole. Where there is no value, there need be no
 * weight. Fails with BadWeight and OtherWeights, and as reading a table.
 */
export const weigh = Effect.fnUntraced(function* (
  named: NamedTable,
  path: string,
  options: Tables.Options & Tables.Names,
) {
  const weights = yield* Tables.read(path, options)
  const reason = difference(named, weights)
  if (reason !== undefined) return yield* new OtherWeights({ path, reason })
  const { columnOf, columns, rowOf, values } = named.table
  const kept: Array<number> = []
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
    if (weight > 0) kept.push(i)
  }
  const place = Uint32Array.from(kept)
  return {
    ...named,
    table: {
      ...named.table,
      rowOf: place.map((i) => rowOf[i]!),
      columnOf: place.map((i) => columnOf[i]!),
      values: Float64Array.from(place, (i) => values[i]!),
      confidence: Float64Array.from(
        place,
        (i) => weights.values[rowOf[i]! * columns + columnOf[i]!]!,
      ),
    },
  } satisfies NamedTable
})
