/** Entries of a matrix with holes, whose first line and first column may be names. */
import { Effect, Result } from "effect"
import { BadCell } from "../CsvError.ts"
import type { Entries } from "../Entries.ts"
import { most, OneColumn, TooMany } from "../EntriesError.ts"
import * as Cell from "./Cell.ts"
import type { Grid } from "./Grid.ts"
import * as MatrixPlace from "./MatrixPlace.ts"
import { reals, wholes } from "./SharedArrays.ts"

/** Names in the file, or numbers without them. */
const names = (given: ReadonlyArray<string> | undefined, count: number, kind: string) =>
  Array.from({ length: count }, (_, k) => {
    const name = given?.[k] ?? ""
    return name === "" ? `${kind} ${k + 1}` : name
  })

/** Words of a column, and the place of each in its cells; NaN for a missing one. */
interface Coded {
  readonly words: ReadonlyArray<string>
  readonly codes: Float64Array
}

/** A column as categories, or its first bad cell where at least half of its cells are numbers or one is neither. */
const coded = (
  { cell, columnNames, from, path, rows, spelling, stride, values }: MatrixPlace.MatrixPlace,
  column: number,
  name: string,
): Result.Result<Coded, BadCell> => {
  const codes = new Float64Array(rows).fill(Number.NaN)
  const known = new Map<string, number>()
  let [numbers, words] = [0, 0]
  let first: BadCell | undefined
  for (let row = 0; row < rows; row++) {
    const value = values[from + row * stride + column]!
    const { line, text } = cell(row, column)
    const reason = Number.isNaN(value) ? Cell.toNumber(text, spelling) : value
    if (reason === "missing") continue
    if (typeof reason === "number") numbers++
    else {
      words++
      const isUnnamed = columnNames === undefined
      const bad = () =>
        new BadCell({ path, row: line, column: name, isUnnamed, cell: text, reason })
      if (reason !== "not-a-number") return Result.fail(bad())
      first ??= bad()
    }
    const word = text === "" ? String(value) : text
    const code = known.get(word) ?? known.size
    known.set(word, code)
    codes[row] = code
  }
  return numbers >= words
    ? Result.fail(first!)
    : Result.succeed({ words: [...known.keys()], codes })
}

/** Tests whether a column has a cell that holds neither a number nor a marker for a missing value. */
const hasOther = (
  { cell, from, rows, spelling, stride, values }: MatrixPlace.MatrixPlace,
  column: number,
): boolean => {
  for (let row = 0; row < rows; row++) {
    if (!Number.isNaN(values[from + row * stride + column]!)) continue
    const reason = Cell.toNumber(cell(row, column).text, spelling)
    if (typeof reason !== "number" && reason !== "missing") return true
  }
  return false
}

/** Columns with words, coded, by place. */
const categoriesOf = (
  matrix: MatrixPlace.MatrixPlace,
  columnNames: ReadonlyArray<string>,
): Result.Result<ReadonlyMap<number, Coded>, BadCell> => {
  const found = new Map<number, Coded>()
  for (let column = 0; column < matrix.columns; column++) {
    if (!hasOther(matrix, column)) continue
    const one = coded(matrix, column, columnNames[column]!)
    if (Result.isFailure(one)) return Result.fail(one.failure)
    found.set(column, one.success)
  }
  return Result.succeed(found)
}

/** Place of the matrix, where a first column of words that repeat is a category and names no rows. */
const placeOf = (cells: Grid, declared: MatrixPlace.Names): ReturnType<typeof MatrixPlace.find> =>
  Result.flatMap(MatrixPlace.find(cells, declared), (matrix) => {
    const { rowNames } = matrix
    const isNamed = cells.first[0] !== "" || matrix.columnNames === undefined
    const repeats = rowNames !== undefined && new Set(rowNames).size < rowNames.length
    return declared.rowNames === undefined && repeats && isNamed && !cells.isFirstShort
      ? MatrixPlace.find(cells, { ...declared, rowNames: false })
      : Result.succeed(matrix)
  })

/** The entries of the matrix in a grid. Fails with OneColumn, BadCell and TooMany, and as `Table.fromGrid`. */
export const fromGrid = Effect.fnUntraced(function* (cells: Grid, declared: MatrixPlace.Names) {
  const matrix = yield* Effect.fromResult(placeOf(cells, declared))
  const { columns, from, path, rows, stride, values } = matrix
  if (columns <= 1) return yield* new OneColumn({ path })
  const columnNames = names(matrix.columnNames, columns, "column")
  const categories = yield* Effect.fromResult(categoriesOf(matrix, columnNames))
  for (const [column, { codes }] of categories) {
    for (let row = 0; row < rows; row++) values[from + row * stride + column] = codes[row]!
  }
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
    categories: new Map([...categories].map(([column, { words }]) => [column, words] as const)),
    read: {
      form: "matrix",
      header: matrix.columnNames !== undefined,
      rowNames: matrix.rowNames !== undefined,
      ...(matrix.spelling.format !== undefined && { format: matrix.spelling.format }),
    },
  } satisfies Entries
})
