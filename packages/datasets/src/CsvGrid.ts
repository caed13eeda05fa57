/** The cells of a CSV file as text, for files with holes or names among the numbers; every row as long as the first. */
import { Effect } from "effect"
import { EmptyCsv, RaggedRow } from "./CsvError.ts"
import * as CsvRecords from "./internal/Records.ts"

export { toNumber as number } from "./internal/Cell.ts"
export type { CsvRecord, Options } from "./internal/Records.ts"

/** Reads the file; blank lines are skipped. Fails on a missing, malformed, empty or ragged file. */
export const read = Effect.fn("CsvGrid.read")(function* (
  path: string,
  options: CsvRecords.Options = {},
) {
  const records = yield* CsvRecords.read(path, options)
  const [first] = records
  if (first === undefined) return yield* new EmptyCsv({ path, missing: "everything" })
  const expected = first.cells.length
  const ragged = records.find(({ cells }) => cells.length !== expected)
  if (ragged !== undefined) {
    const { cells, row } = ragged
    return yield* new RaggedRow({ path, row, expected, found: cells.length })
  }
  return records
})
