/** Rows of a file that nobody may see: read, summed exactly, and forgotten. */
import * as CsvNumbers from "@nonconvex/datasets/CsvNumbers"
import type * as Csv from "@nonconvex/datasets/Csv"
import { type Neighbours, PrivateScatter, type Public } from "@nonconvex/dp-lowrank"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Effect, Schema } from "effect"

/**
 * The file is no table of numbers, or has too many rows. It says neither what is wrong nor where: the reader of the message is not the owner of the rows.
 */
export class UnusableTable extends Schema.TaggedError<UnusableTable>()("UnusableTable", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: no table of finite numbers below a row of names, every row of one length and no more than 2^24 of them; check it where its rows may be seen`
  }
}

export interface Source {
  readonly path: string
  readonly delimiter: Csv.Delimiter
  readonly ignore: ReadonlyArray<string>
  readonly neighbours: Neighbours
  readonly bound: Public.Bound
  readonly centre: Public.Centre | undefined
}

export interface PrivateTable {
  readonly columns: ReadonlyArray<string>
  readonly scatter: PrivateScatter
  /** Public where neighbours differ by a replaced row, and private else. */
  readonly rows: number
}

const missing = /^(?:na|n\/a|nan|null|none|\?|[-+]?inf(?:inity)?)$/i

/** Whether it may be a cell of a first row without names: a number, of any size, or the lack of one. */
const looksLikeData = (name: string): boolean =>
  !Number.isNaN(Number(name)) || missing.test(name.trim())

/** Rows that are summed at once: as many as pay for the passes over the sum, and no more than fit into 64 MB. */
const rowsAtOnce = (dimension: number): number =>
  Math.min(4096, Math.max(64, Math.floor(2 ** 22 / dimension)))

/** Sums rows of a file in blocks; `finish` sums what is left. Both fail with UnusableTable. */
export const summing = (scatter: PrivateScatter, path: string) => {
  const buffer = new Float64Array(rowsAtOnce(scatter.dimension) * scatter.dimension)
  let used = 0
  const flush = () => {
    scatter.add(buffer.subarray(0, used))
    used = 0
  }
  const add = (values: Float64Array) => {
    for (let at = 0; at < values.length;) {
      const count = Math.min(values.length - at, buffer.length - used)
      buffer.set(values.subarray(at, at + count), used)
      at += count
      used += count
      if (used === buffer.length) flush()
    }
  }
  // which of the two reasons it is would be something about the rows
  const refused = Effect.mapError(() => new UnusableTable({ path }))
  return {
    add: (values: Float64Array) => refused(Seam.attempt([InvalidInput], () => add(values))),
    finish: refused(Seam.attempt([InvalidInput], flush)),
  }
}

/**
 * Sums the rows of the file as they are read; `prepare` sees the names of the columns, which are public, before any row.
 *
 * A file without rows is a table where the number of rows is private, or whoever sees it refused would know that number. Fails with
 * MissingFile, UnreadableFile, UnusableTable, InvalidInput for a centre of another length, and as `prepare`.
 */
export const read = Effect.fn("PrivateTable.read")(function* <E>(
  source: Source,
  prepare: (columns: ReadonlyArray<string>) => Effect.Effect<void, E>,
) {
  const { bound, centre, delimiter, ignore, neighbours, path } = source
  let begun:
    | {
        readonly columns: ReadonlyArray<string>
        readonly scatter: PrivateScatter
        readonly sum: ReturnType<typeof summing>
      }
    | undefined
  const begin = Effect.fnUntraced(function* (columns: ReadonlyArray<string>) {
    // a file without names would have its first row printed
    if (columns.length === 0 || columns.some(looksLikeData)) {
      return yield* new UnusableTable({ path })
    }
    yield* prepare(columns)
    const dimension = columns.length
    const scatter = yield* Seam.attempt([InvalidInput], () =>
      PrivateScatter.make({ dimension, bound, ...(centre === undefined ? {} : { centre }) }),
    )
    const sum = summing(scatter, path)
    begun = { columns, scatter, sum }
    return sum.add
  })
  const { rows } = yield* CsvNumbers.readInto(path, { delimiter, ignore }, begin).pipe(
    Effect.catchTag(
      ["BadCell", "BadHeader", "EmptyCsv", "MalformedCsv", "MissingColumn", "RaggedRow"],
      () => Effect.fail(new UnusableTable({ path })),
    ),
  )
  if (begun === undefined || (rows === 0 && neighbours === "replace")) {
    return yield* new UnusableTable({ path })
  }
  const { columns, scatter, sum } = begun
  yield* sum.finish
  return { columns, scatter, rows } satisfies PrivateTable
})
