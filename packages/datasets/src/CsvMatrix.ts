/** A matrix of numbers from a CSV file; names of its columns and rows where the file has them. */
import { Effect } from "effect"
import { toNumber } from "./internal/Cell.ts"
import { BadCell, type CsvError, EmptyCsv, RaggedRow } from "./CsvError.ts"
import * as CsvRecords from "./internal/Records.ts"

export type { Options } from "./internal/Records.ts"

export interface CsvMatrix {
  readonly rows: number
  readonly columns: number
  /** `rows` x `columns`, row-major. */
  readonly values: Float64Array
  /** The first line, where it holds no numbers. */
  readonly columnNames?: ReadonlyArray<string>
  /** The first column, where it holds no numbers. */
  readonly rowNames?: ReadonlyArray<string>
}

const isNumber = (cell: string | undefined): boolean => typeof toNumber(cell ?? "") === "number"

const assemble = (
  path: string,
  records: ReadonlyArray<CsvRecords.CsvRecord>,
): Effect.Effect<CsvMatrix, CsvError> => {
  const first = records[0]?.cells
  if (first === undefined) return Effect.fail(new EmptyCsv({ path, missing: "everything" }))
  const hasColumnNames = !first.some(isNumber)
  const body = hasColumnNames ? records.slice(1) : records
  if (body.length === 0) return Effect.fail(new EmptyCsv({ path, missing: "data" }))
  const width = body[0]!.cells.length
  const skip = width > 1 && body.every(({ cells }) => !isNumber(cells[0])) ? 1 : 0
  const columns = width - skip
  // a header may leave out the column of the names of the rows
  if (hasColumnNames && first.length !== width && first.length !== columns) {
    const { row } = records[0]!
    return Effect.fail(new RaggedRow({ path, row, expected: width, found: first.length }))
  }
  const names = hasColumnNames ? first.slice(first.length - columns) : undefined
  const values = new Float64Array(body.length * columns)
  for (const [i, { cells, row }] of body.entries()) {
    if (cells.length !== width) {
      return Effect.fail(new RaggedRow({ path, row, expected: width, found: cells.length }))
    }
    for (let j = 0; j < columns; j++) {
      const cell = cells[j + skip]!
      const number = toNumber(cell)
      if (typeof number !== "number") {
        const column = names?.[j] ?? String(j + skip + 1)
        return Effect.fail(new BadCell({ path, row, column, cell, reason: number }))
      }
      values[i * columns + j] = number
    }
  }
  return Effect.succeed({
    rows: body.length,
    columns,
    values,
    ...(names === undefined ? {} : { columnNames: names }),
    ...(skip === 0 ? {} : { rowNames: body.map(({ cells }) => cells[0]!) }),
  })
}

/** Reads the file. Fails with the errors of `CsvError`. */
export const read = Effect.fn("CsvMatrix.read")(function* (
  path: string,
  options: CsvRecords.Options = {},
) {
  return yield* assemble(path, yield* CsvRecords.read(path, options))
})
