/** Table that `complete` reads, as described by its flags. */
import type { Entries } from "@nonconvex/datasets/Entries"
import { BadColumns } from "@nonconvex/datasets/EntriesFile"
import * as EntriesFile from "@nonconvex/datasets/EntriesFile"
import { Effect } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import type { Input } from "./CompleteFlags.ts"
import { NoHole, NothingObserved } from "./NothingToFill.ts"

/** The flags about the table. */
export type TableFlags = Pick<
  Input,
  "columns" | "header" | "rowNames" | "spelling" | "triplets" | "weights"
>

/** Entries of the table. Fails with Misfit and BadColumns where flags contradict each other, and as `EntriesFile.read`. */
export const readEntries = Effect.fnUntraced(function* (path: string, flags: TableFlags) {
  const { columns, header, rowNames, spelling, triplets, weights } = flags
  if ((triplets === true || columns !== undefined) && rowNames !== undefined) {
    return yield* new Misfit({ flag: "row-names", needs: "a matrix, not triplets" })
  }
  if (triplets === false && columns !== undefined) {
    return yield* new Misfit({ flag: "columns", needs: "triplets, without --no-triplets" })
  }
  const names = columns?.split(",").map((name) => name.trim())
  if (columns !== undefined && names?.length !== 3) return yield* new BadColumns({ columns })
  return yield* EntriesFile.read(path, {
    columns: names,
    header,
    rowNames,
    spelling,
    triplets,
    weights,
  })
}, reported)

/** The entries of a table that can be completed. Fails with NothingObserved and NoHole too. */
export const read = Effect.fnUntraced(function* (path: string, flags: TableFlags) {
  const entries = yield* readEntries(path, flags)
  const { values } = entries.table
  if (values.length < 2) {
    return yield* new NothingObserved({ path, observations: values.length })
  }
  yield* requireHole(path, entries)
  return entries
}, reported)

/** Fails with NoHole if no cell is missing. */
export const requireHole = Effect.fnUntraced(function* (
  path: string,
  { read: { form, rowNames }, table }: Entries,
) {
  const { columns, rows, values } = table
  if (values.length === rows * columns) {
    const perhapsTriplets = form === "matrix" && columns + Number(rowNames) === 3
    return yield* new NoHole({ path, form, rows, columns, perhapsTriplets })
  }
})
