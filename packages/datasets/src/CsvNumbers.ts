/** Old names of `Table.readInto` and `Table.readColumns`. */
import { Effect } from "effect"
import { EmptyCsv } from "./CsvError.ts"
import * as Table from "./Table.ts"

export { type Consumer, type IntoOptions as Options, readInto, type ReadError } from "./Table.ts"

export interface Matrix {
  readonly columns: ReadonlyArray<string>
  readonly rows: number
  /** `rows` x `columns.length`, row-major. */
  readonly values: Float64Array
}

/** Reads the file as one matrix. Fails as `readInto`, and with EmptyCsv on a file without rows. */
export const read = Effect.fn("CsvNumbers.read")(function* (
  path: string,
  options: Table.IntoOptions = {},
) {
  const blocks: Array<Float64Array> = []
  let columns: ReadonlyArray<string> = []
  const { rows } = yield* Table.readInto(path, options, (names) => {
    columns = names
    return Effect.succeed((values) => Effect.sync(() => blocks.push(values)))
  })
  if (rows === 0) return yield* new EmptyCsv({ path, missing: "data" })
  const values = new Float64Array(rows * columns.length)
  let at = 0
  for (const block of blocks) {
    values.set(block, at)
    at += block.length
  }
  return { columns, rows, values } satisfies Matrix
})
