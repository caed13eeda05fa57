/** A matrix with holes, whose first line and first column may be names. */
import type { BadCell } from "@nonconvex/datasets/CsvError"
import * as Tables from "@nonconvex/datasets/Table"
import { Effect, Result } from "effect"
import type { NamedTable } from "./CompleteInput.ts"
import { most, OneColumn, TooMany, WordAmongThree } from "./InputError.ts"

/** Names as the file has them, and numbers where it has none. */
const names = (given: ReadonlyArray<string> | undefined, count: number, kind: string) =>
  Array.from({ length: count }, (_, k) => {
    const name = given?.[k] ?? ""
    return name === "" ? `${kind} ${k + 1}` : name
  })

/** Of three columns a word may be part of a triplet. */
const perhapsTriplet = ({ width }: Tables.Grid, bad: BadCell): BadCell | WordAmongThree => {
  const { cell, column, path, reason, row } = bad
  if (width !== 3 || reason !== "not-a-number") return bad
  return new WordAmongThree({ path, row, column, cell })
}

export const read = Effect.fnUntraced(function* (cells: Tables.Grid, told: Tables.Names) {
  const matrix = yield* Effect.fromResult(Tables.fromGrid(cells, told))
  const { columns, path, rows } = matrix
  if (columns <= 1) return yield* new OneColumn({ path })
  const columnNames = names(matrix.columnNames, columns, "column")
  const { values } = yield* Effect.fromResult(
    Result.mapError(Tables.observed(matrix, columnNames), (bad) => perhapsTriplet(cells, bad)),
  )
  let holes = 0
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at]!)) holes++
  const observed = values.length - holes
  // before anything is made of them
  if (observed > most.observations) {
    return yield* new TooMany({ path, of: "observations", most: most.observations })
  }
  const known = new Float64Array(observed)
  const [rowOf, columnOf] = [new Uint32Array(observed), new Uint32Array(observed)]
  let count = 0
  for (let at = 0; at < values.length; at++) {
    if (Number.isNaN(values[at]!)) continue
    known[count] = values[at]!
    rowOf[count] = Math.floor(at / columns)
    columnOf[count++] = at % columns
  }
  return {
    table: { rows, columns, rowOf, columnOf, values: known },
    asked: { rowOf: new Uint32Array(0), columnOf: new Uint32Array(0) },
    rowNames: names(matrix.rowNames, rows, "row"),
    columnNames,
    read: {
      form: "matrix",
      header: matrix.columnNames !== undefined,
      rowNames: matrix.rowNames !== undefined,
      ...(matrix.spelling.format !== undefined && { format: matrix.spelling.format }),
    },
  } satisfies NamedTable
})
