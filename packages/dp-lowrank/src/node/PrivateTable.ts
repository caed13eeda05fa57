/** Private rows of a CSV file: read, summed exactly, and discarded. */
import { UnusableTable } from "@nonconvex/datasets/Csv"
import * as Table from "@nonconvex/datasets/Table"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, FileSystem, Stream } from "effect"
import type { Neighbours } from "../privacy/Target.ts"
import type { PrivateScatter } from "../release/PrivateScatter.ts"
import * as FirstLine from "./FirstLine.ts"

/**
 * Source: the file, and its neighbouring relation. The format is given, or determined from the first line, which has the
 * public names: its delimiter and encoding. The defaults are a comma, a decimal point and UTF-8.
 */
export interface Source extends Omit<Table.IntoOptions, "mayMiss"> {
  readonly path: string
  readonly neighbours: Neighbours
  /**
   * True if a cell may be empty; it then counts as the `fill` of its column, which does not depend on the other cells. Default
   * false.
   */
  readonly mayMiss?: boolean
  /**
   * Receives the fraction of the file read so far, from 0 to 1. It is called only at the end if the source is not a file on disk.
   */
  readonly onRead?: (share: number) => void
}

/** The rows of a file, in a sum. */
interface PrivateTable {
  readonly columns: ReadonlyArray<string>
  readonly scatter: PrivateScatter
  /** Public if neighbours differ by a replaced row, and private otherwise. */
  readonly rows: number
}

/** Destination of the rows. */
interface Begun extends Pick<PrivateTable, "scatter"> {
  /** Public number per column that replaces empty cells; default 0. */
  readonly fill?: ArrayLike<number>
}

const needs =
  "table of finite numbers below a row of names, with rows of equal length and at most 2^24 of them"

/** Adds rows of a file. Fails with UnusableTable on any error, because the reason would reveal something about the rows. */
const adding =
  ({ fill, scatter }: Begun, path: string, mayMiss: boolean) =>
  (rows: Float64Array): Effect.Effect<void, UnusableTable> =>
    Seam.attempt([InvalidInput], () => {
      if (mayMiss) {
        for (let at = 0; at < rows.length; at++) {
          if (Number.isNaN(rows[at]!)) rows[at] = fill?.[at % scatter.dimension] ?? 0
        }
      }
      scatter.add(rows)
    }).pipe(Effect.mapError(() => new UnusableTable({ path, needs })))

/** File system that reports how much of a file was read, where that is known. */
const telling = Effect.fnUntraced(function* (path: string, onRead: (share: number) => void) {
  const fs = yield* FileSystem.FileSystem
  const size = yield* fs.stat(path).pipe(
    Effect.map(({ size: bytes, type }) => (type === "File" ? Number(bytes) : 0)),
    Effect.orElseSucceed(() => 0),
  )
  let read = 0
  const stream: typeof fs.stream = (file, options) =>
    Stream.tap(fs.stream(file, options), (chunk) =>
      Effect.sync(() => {
        // of what was taken before
        if (size > 0) onRead(Math.min(1, read / size))
        read += chunk.length
      }),
    )
  return { ...fs, stream }
})

/**
 * Sums the rows of the file as they are read. `begin` receives the public column names before any row. It returns the sum to
 * add to, with any other result.
 *
 * If the number of rows is private, a file without rows is a valid table, since an error would reveal that number. Fails
 * with MissingFile, UnreadableFile, UnusableTable (which reveals nothing about the content), and as `begin` does.
 *
 * @example
 * ```ts import.meta.vitest
 * import { NodeServices } from "@effect/platform-node"
 * import { PrivateScatter, Public } from "@nonconvex/dp-lowrank"
 * import { readPrivateTable } from "@nonconvex/dp-lowrank/node"
 * import { Effect, FileSystem } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const fs = yield* FileSystem.FileSystem
 *   const path = yield* fs.makeTempFileScoped()
 *   yield* fs.writeFileString(path, "height,weight\n1.8,80\n1.6,60\n")
 *   const { columns, rows } = yield* readPrivateTable({ path, neighbours: "replace" }, ({ length }) =>
 *     Effect.succeed({ scatter: PrivateScatter.make({ dimension: length, bound: Public.bound(100) }) }),
 *   )
 *   return [columns, rows]
 * })
 * await program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.runPromise) // => [["height", "weight"], 2]
 * ```
 */
export const read = Effect.fn("PrivateTable.read")(function* <Made extends Begun, E, R>(
  { mayMiss = false, neighbours, onRead, path, ...said }: Source,
  begin: (columns: ReadonlyArray<string>) => Effect.Effect<Made, E, R>,
) {
  const told = said.names === undefined ? yield* FirstLine.spellingOf(path) : {}
  const spelled = {
    ...said,
    delimiter: said.delimiter ?? told.delimiter,
    encoding: said.encoding ?? told.encoding,
  }
  let begun: (Made & Pick<PrivateTable, "columns">) | undefined
  const reading = Table.readPrivateInto<E | UnusableTable, R>(
    path,
    { ...spelled, mayMiss, needs },
    (columns) =>
      Effect.map(begin(columns), (made) => {
        begun = { ...made, columns }
        return adding(made, path, mayMiss)
      }),
  )
  const { rows } = yield* onRead === undefined
    ? reading
    : Effect.provideServiceEffect(reading, FileSystem.FileSystem, telling(path, onRead))
  onRead?.(1)
  if (begun === undefined || (rows === 0 && neighbours === "replace")) {
    return yield* new UnusableTable({ path, needs })
  }
  return { ...begun, rows }
})
