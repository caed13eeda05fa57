/** Rows of a file that nobody may see: read, summed exactly, and forgotten. */
import { CsvNumbers, type Csv } from "@nonconvex/datasets"
import { PrivateScatter, type Public } from "@nonconvex/dp-lowrank"
import { InvalidInput, Seam } from "@nonconvex/numerics"
import { Effect, Schema } from "effect"

/**
 * The file is no table of numbers. It says neither what is wrong nor where: the reader of the message is not the owner of the rows.
 */
export class UnusableTable extends Schema.TaggedError<UnusableTable>()("UnusableTable", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: no table of finite numbers below a row of names, every row of one length; check it where its rows may be seen`
  }
}

export interface Source {
  readonly path: string
  readonly delimiter: Csv.Delimiter
  readonly ignore: ReadonlyArray<string>
  readonly bound: Public.Bound
  readonly centre: Public.Centre | undefined
}

export interface PrivateTable {
  readonly columns: ReadonlyArray<string>
  readonly scatter: PrivateScatter
  /** Public where neighbours differ by a replaced row, and private else. */
  readonly rows: number
}

const looksNumeric = (name: string): boolean => name.trim() !== "" && Number.isFinite(Number(name))

/** Fails with MissingFile, UnreadableFile, UnusableTable, and InvalidInput for a centre of another length. */
export const read = Effect.fn("PrivateTable.read")(function* (source: Source) {
  const { bound, centre, delimiter, ignore, path } = source
  const { columns, rows, values } = yield* CsvNumbers.read(path, { delimiter, ignore }).pipe(
    Effect.catchTag(
      ["BadCell", "BadHeader", "EmptyCsv", "MalformedCsv", "MissingColumn", "RaggedRow"],
      () => Effect.fail(new UnusableTable({ path })),
    ),
  )
  // a file without names would have its first row printed
  if (columns.length === 0 || columns.some(looksNumeric)) return yield* new UnusableTable({ path })
  const dimension = columns.length
  const scatter = yield* Seam.attempt([InvalidInput], () =>
    PrivateScatter.make({ dimension, bound, ...(centre === undefined ? {} : { centre }) }),
  )
  yield* Seam.attempt([InvalidInput], () => scatter.add(values))
  return { columns, rows, scatter } satisfies PrivateTable
})
