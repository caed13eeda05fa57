/** What `complete` reads: a matrix with holes, or triplets of row, column and value, as a table with names. */
import * as Tables from "@nonconvex/datasets/Table"
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

/** What the user says of the file; what is undefined is told by the cells. */
export interface Options extends Required<Tables.Names> {
  readonly triplets: boolean | undefined
  readonly spelling: Tables.Options
}

export const read = Effect.fnUntraced(function* (
  path: string,
  { header, rowNames, spelling, triplets }: Options,
) {
  if (triplets === true && rowNames !== undefined) {
    return yield* new Misfit({ flag: "row-names", needs: "a matrix, and no --triplets" })
  }
  const cells = yield* Tables.grid(path, spelling)
  const isTriplets = triplets ?? (rowNames === undefined && TripletForm.isCertain(cells))
  const named: NamedTable = isTriplets
    ? yield* TripletForm.read(cells, header)
    : yield* MatrixForm.read(cells, { header, rowNames })
  const { columns, entries, rows } = named.table
  if (entries.length === rows * columns) {
    return yield* new NoHole({
      path,
      form: named.read.form,
      rows,
      columns,
      perhapsTriplets: !isTriplets && cells.width === 3,
    })
  }
  return named
})
