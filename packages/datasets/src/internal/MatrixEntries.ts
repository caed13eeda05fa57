/** Entries of a matrix with holes, whose first line and first column may be names. */
import { Effect } from "effect"
import type { BadCell } from "../CsvError.ts"
import type { Entries } from "../Entries.ts"
import { most, OneColumn, TooMany, WordAmongThree } from "../EntriesError.ts"
import { firstBad } from "./FirstInvalidCell.ts"
import type { Grid } from "./Grid.ts"
import * as MatrixPlace from "./MatrixPlace.ts"
import { reals, wholes } from "./SharedArrays.ts"

/** Names in the file, or numbers without them. */
const names = (given: ReadonlyArray<string> | undefined, count: number, kind: string) =>
  Array.from({ length: count }, (_, k) => {
    const name = given?.[k] ?? ""
    return name === "" ? `${kind} ${k + 1}` : name
  })

/** Accepts a word in a table of three columns, which may be part of a triplet. */
const perhapsTriplet = ({ width }: Grid, bad: BadCell): BadCell | WordAmongThree => {
  const { cell, column, path, reason, row } = bad
  if (width !== 3 || reason !== "not-a-number") return bad
  return new WordAmongThree({ path, row, column, cell })
}

/** The entries of the matrix in a grid. Fails with OneColumn, BadCell, WordAmongThree and TooMany, and as `Table.fromGrid`. */
export const fromGrid = Effect.fnUntraced(function* (cells: Grid, declared: MatrixPlace.Names) {
  const matrix = yield* Effect.fromResult(MatrixPlace.find(cells, declared))
  const { columns, from, path, rows, stride, values } = matrix
  if (columns <= 1) return yield* new OneColumn({ path })
  const columnNames = names(matrix.columnNames, columns, "column")
  const bad = firstBad(matrix, columnNames, (reason) => reason === "missing")
  if (bad !== undefined) return yield* perhapsTriplet(cells, bad)
  let observed = 0
  for (let row = 0; row < rows; row++) {
    const start = from + row * stride
    for (let at = start; at < start + columns; at++) if (!Number.isNaN(values[at]!)) observed++
  }
  // before anything is made of them
  if (observed > most.observations) {
    return yield* new TooMany({ path, of: "observations", most: most.observations })
  }
  const known = reals(observed)
  const [rowOf, columnOf] = [wholes(observed), wholes(observed)]
  let count = 0
  for (let row = 0; row < rows; row++) {
    const start = from + row * stride
    for (let column = 0; column < columns; column++) {
      const value = values[start + column]!
      if (Number.isNaN(value)) continue
      known[count] = value
      rowOf[count] = row
      columnOf[count++] = column
    }
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
  } satisfies Entries
})
