/** What `complete` reads: a matrix with holes, or triplets of row, column and value, as a table with names. */
import { MissingColumn } from "@nonconvex/datasets/CsvError"
import * as Frame from "@nonconvex/datasets/Frame"
import { Format } from "@nonconvex/datasets/Spelling"
import * as Tables from "@nonconvex/datasets/Table"
import type { Table } from "@nonconvex/matrix-factorization"
import { Effect, Schema } from "effect"
import { Misfit } from "../../cli/Failure.ts"
import * as Confidence from "./Confidence.ts"
import * as MatrixForm from "./MatrixForm.ts"
import { BadColumns, NoHole, NothingObserved } from "./InputError.ts"
import * as TripletForm from "./TripletForm.ts"

/** How a file was read. */
export const Reading = Schema.Struct({
  form: Schema.Literals(["matrix", "triplets"]),
  /** Whether the first line holds names. */
  header: Schema.Boolean,
  /** Whether the first column holds names; triplets have them always. */
  rowNames: Schema.Boolean,
  /** Of triplets, from 1: the columns of the file that hold row, column and value. */
  columns: Schema.optionalKey(Schema.Array(Schema.Int)),
  /** Of a file that is no text. */
  format: Schema.optionalKey(Format),
})
export type Reading = typeof Reading.Type

export interface NamedTable {
  readonly table: Table
  readonly rowNames: ReadonlyArray<string>
  readonly columnNames: ReadonlyArray<string>
  /** Entries that a triplet names without a value: they are what is asked for. */
  readonly asked: Pick<Table, "rowOf" | "columnOf">
  readonly read: Reading
}

/** What the user says of the file; what is undefined is told by the cells. */
export interface Options extends Required<Tables.Names> {
  readonly triplets: boolean | undefined
  /** Those of row, column and value, as `user,item,rating`. */
  readonly columns: string | undefined
  /** The column that says how much each triplet counts, or the file that says it of a matrix. */
  readonly weights: string | undefined
  readonly spelling: Tables.Options
}

/** The names of triplets without `--columns`, where one of the names in the first line is that of the weights: the first three others. */
const besideWeights = Effect.fnUntraced(function* (
  path: string,
  { rowNames, spelling, triplets, weights }: Options,
) {
  if (weights === undefined || rowNames !== undefined || triplets === false) return undefined
  const { names } = yield* Frame.headerOf(path, spelling)
  if (!names.includes(weights)) return undefined
  const others = names.filter((name) => name !== weights)
  return others.length < 3 ? undefined : others.slice(0, 3)
})

/** The table, and what is known of it by name. Fails with what is wrong with the file, and where. */
export const readNamed = Effect.fnUntraced(function* (path: string, options: Options) {
  const { columns, header, rowNames, spelling, triplets, weights } = options
  const isTold = triplets === true || columns !== undefined
  if (isTold && rowNames !== undefined) {
    return yield* new Misfit({ flag: "row-names", needs: "a matrix, and no triplets" })
  }
  if (triplets === false && columns !== undefined) {
    return yield* new Misfit({ flag: "columns", needs: "triplets, and no --no-triplets" })
  }
  const names = columns?.split(",").map((name) => name.trim())
  if (columns !== undefined && names?.length !== 3) return yield* new BadColumns({ columns })
  const beside = isTold ? undefined : yield* besideWeights(path, options)
  if (isTold || beside !== undefined) {
    return yield* TripletForm.read(path, spelling, { header, columns: names ?? beside, weights })
  }
  const cells = yield* Tables.grid(path, spelling)
  const mayBeTriplets = triplets === undefined && rowNames === undefined
  const listed = mayBeTriplets ? yield* TripletForm.fromGrid(cells, header) : undefined
  if (listed !== undefined && weights !== undefined) {
    return yield* new MissingColumn({ path, column: weights, available: cells.first })
  }
  const named: NamedTable = listed ?? (yield* MatrixForm.read(cells, { header, rowNames }))
  return weights === undefined
    ? named
    : yield* Confidence.weigh(named, weights, { ...spelling, header, rowNames })
})

export const read = Effect.fnUntraced(function* (path: string, options: Options) {
  const named: NamedTable = yield* readNamed(path, options)
  const { values } = named.table
  if (values.length < 2) {
    return yield* new NothingObserved({ path, observations: values.length })
  }
  yield* requireHole(path, named)
  return named
})

/** Fails with NoHole where nothing is to be filled. */
export const requireHole = Effect.fnUntraced(function* (
  path: string,
  { read: { form }, table }: NamedTable,
) {
  const { columns, rows, values } = table
  if (values.length === rows * columns) {
    const perhapsTriplets = form === "matrix" && columns === 3
    return yield* new NoHole({ path, form, rows, columns, perhapsTriplets })
  }
})
