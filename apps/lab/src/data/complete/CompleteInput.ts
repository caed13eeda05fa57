/** What `complete` reads: a matrix with holes, or triplets of row, column and value, as a table with names. */
import type * as Csv from "@nonconvex/datasets/Csv"
import * as CsvGrid from "@nonconvex/datasets/CsvGrid"
import type { Table } from "@nonconvex/matrix-factorization"
import { Effect, Schema } from "effect"
import { Misfit } from "../../cli/Failure.ts"
import { NoHole } from "./InputError.ts"
import * as MatrixForm from "./MatrixForm.ts"
import * as TripletForm from "./TripletForm.ts"

/** How a file was read. */
export const Reading = Schema.Struct({
  form: Schema.Literals(["matrix", "triplets"]),
  /** Whether the first line holds names. */
  header: Schema.Boolean,
  /** Whether the first column holds names; triplets have them always. */
  rowNames: Schema.Boolean,
})
export type Reading = typeof Reading.Type

export interface NamedTable {
  readonly table: Table
  readonly rowNames: ReadonlyArray<string>
  readonly columnNames: ReadonlyArray<string>
  readonly read: Reading
  /** Whether the last column has no name: without a value too, it is a delimiter at the end of each line. */
  readonly isDelimited: boolean
}

interface Options extends MatrixForm.Told {
  /** Told by the cells where it is absent. */
  readonly triplets: boolean | undefined
  readonly delimiter: Csv.Delimiter
}

export const read = Effect.fnUntraced(function* (
  path: string,
  { delimiter, header, rowNames, triplets }: Options,
) {
  if (triplets === true && rowNames !== undefined) {
    return yield* new Misfit({ flag: "row-names", needs: "a matrix, and no --triplets" })
  }
  const records = yield* CsvGrid.read(path, { delimiter })
  const isTriplets = triplets ?? (rowNames === undefined && TripletForm.isCertain(records))
  const named: NamedTable = isTriplets
    ? yield* TripletForm.read(path, records, header)
    : yield* MatrixForm.read(path, records, { header, rowNames })
  const { columns, entries, rows } = named.table
  if (entries.length === rows * columns) {
    return yield* new NoHole({
      path,
      form: named.read.form,
      rows,
      columns,
      perhapsTriplets: !isTriplets && records[0]!.cells.length === 3,
    })
  }
  return named
})
