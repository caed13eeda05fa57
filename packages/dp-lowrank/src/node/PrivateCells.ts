/** Private rows of a file, tallied exactly and discarded. */
import { type MissingColumn, UnusableTable } from "@nonconvex/datasets/Csv"
import type { FileError } from "@nonconvex/datasets/FileError"
import * as Table from "@nonconvex/datasets/Table"
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Effect, type FileSystem } from "effect"
import { mostRows } from "../privacy/Target.ts"
import type { PrivateTallies } from "../statistics/PrivateTallies.ts"
import { columnOf } from "../statistics/Statistic.ts"
import * as FirstLine from "./FirstLine.ts"
import type { Source } from "./PrivateTable.ts"

const needs =
  "table below a row of names, with finite numbers in the columns of means and edges, rows of equal length and at most 2^24 of them"

/**
 * Adds the rows of the file to the tallies as they are read. The result has the names of all columns, and the number of rows, which is
 * public if neighbours differ by a replaced row, and private otherwise. If it is private, a file without rows is a valid table.
 *
 * Fails with MissingFile, UnreadableFile, MissingColumn, and UnusableTable (which reveals nothing about the content).
 *
 * @example
 * ```ts import.meta.vitest
 * import { NodeServices } from "@effect/platform-node"
 * import { PrivateTallies, Public, StatisticsPlan } from "@nonconvex/dp-lowrank"
 * import { readPrivateTallies } from "@nonconvex/dp-lowrank/node"
 * import { Effect, FileSystem } from "effect"
 *
 * const neighbours = "replace"
 * const height = { kind: "mean", column: "height", range: Public.range(0, 3) } as const
 * const program = Effect.gen(function* () {
 *   const fs = yield* FileSystem.FileSystem
 *   const path = yield* fs.makeTempFileScoped()
 *   yield* fs.writeFileString(path, "name,height\nann,1.8\nbob,1.6\n")
 *   const tallies = PrivateTallies.make(StatisticsPlan.make({ statistics: [height], epsilon: 1, neighbours }))
 *   return yield* readPrivateTallies({ path, neighbours }, tallies)
 * })
 * const found = program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.runPromise)
 * await found // => { columns: ["name", "height"], rows: 2 }
 * ```
 */
export const read = Effect.fn("PrivateCells.read")(function* (
  { neighbours, path, ...said }: Omit<Source, "ignore" | "onRead">,
  tallies: PrivateTallies,
): Effect.fn.Return<
  { readonly columns: ReadonlyArray<string>; readonly rows: number },
  FileError | BackendUnavailable | MissingColumn | UnusableTable,
  FileSystem.FileSystem
> {
  const told = said.names === undefined ? yield* FirstLine.spellingOf(path) : {}
  const columns = tallies.plan.parts.flatMap(({ statistic }) => columnOf(statistic) ?? [])
  let left = mostRows
  const found = yield* Table.readPrivateCells(
    path,
    {
      ...said,
      delimiter: said.delimiter ?? told.delimiter,
      encoding: said.encoding ?? told.encoding,
      columns,
      needs,
    },
    (cells) => {
      if (left-- === 0) return false
      let next = 0
      tallies.add(
        tallies.plan.parts.map(({ statistic }) =>
          columnOf(statistic) === undefined ? undefined : cells[next++],
        ),
      )
      return true
    },
  )
  if (found.rows === 0 && neighbours === "replace") return yield* new UnusableTable({ path, needs })
  return found
})
