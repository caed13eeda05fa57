/** Rows of a CSV file that nobody may see: read, summed exactly, and forgotten. */
import { UnusableTable } from "@nonconvex/datasets/CsvError"
import * as Table from "@nonconvex/datasets/Table"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect } from "effect"
import type { Neighbours } from "../privacy/Target.ts"
import type { PrivateScatter } from "../release/PrivateScatter.ts"

/** Which file, and between which data sets it is private. */
interface Source {
  readonly path: string
  /** What separates cells; default a comma. */
  readonly delimiter?: Table.Delimiter
  /** Columns to leave out; default none. */
  readonly ignore?: ReadonlyArray<string>
  readonly neighbours: Neighbours
}

/** The rows of a file, in a sum. */
interface PrivateTable {
  readonly columns: ReadonlyArray<string>
  readonly scatter: PrivateScatter
  /** Public where neighbours differ by a replaced row, and private else. */
  readonly rows: number
}

const needs =
  "table of finite numbers below a row of names, every row of one length and no more than 2^24 of them"

/** Adds rows of a file. Fails with UnusableTable, whatever is wrong: which of the reasons it is would be something about the rows. */
const adding =
  (scatter: PrivateScatter, path: string) =>
  (rows: Float64Array): Effect.Effect<void, UnusableTable> =>
    Seam.attempt([InvalidInput], () => scatter.add(rows)).pipe(
      Effect.mapError(() => new UnusableTable({ path, needs })),
    )

/**
 * Sums the rows of the file as they are read; `begin` sees the names of the columns, which are public, before any row, and gives the sum
 * that they are added to, with whatever else it makes.
 *
 * A file without rows is a table where the number of rows is private, or whoever sees it refused would know that number. Fails with
 * MissingFile, UnreadableFile, UnusableTable, which says nothing of the content, and as `begin`.
 */
export const read = Effect.fn("PrivateTable.read")(function* <
  Begun extends Pick<PrivateTable, "scatter">,
  E,
  R,
>(
  { neighbours, path, ...options }: Source,
  begin: (columns: ReadonlyArray<string>) => Effect.Effect<Begun, E, R>,
) {
  let begun: (Begun & Pick<PrivateTable, "columns">) | undefined
  const { rows } = yield* Table.readPrivateInto<E | UnusableTable, R>(
    path,
    { ...options, needs },
    (columns) =>
      Effect.map(begin(columns), (made) => {
        begun = { ...made, columns }
        return adding(made.scatter, path)
      }),
  )
  if (begun === undefined || (rows === 0 && neighbours === "replace")) {
    return yield* new UnusableTable({ path, needs })
  }
  return { ...begun, rows }
})
