/** Columns of a table with declared types: numbers or texts, and null where a value is missing. */

import type { Unread } from "../Notation.ts"

/** Value of a column in a row. A 64-bit integer is a bigint. */
export type Value = number | bigint | string | null | undefined

/** Exact float64 numbers, from `from` on and `stride` apart; the texts of all cells if one is not exact or not a number. */
export type Cells =
  | {
      readonly numbers: Float64Array
      readonly from: number
      readonly stride: number
      readonly isNull: Uint8Array | undefined
    }
  | { readonly texts: ReadonlyArray<string | null> }

export interface Column {
  readonly name: string
  /** Type of the column; texts may look like numbers, such as postal codes. */
  readonly kind: "number" | "text"
  readonly cells: Cells
}

export interface Columns {
  readonly rows: number
  readonly columns: ReadonlyArray<Column>
  /** Columns that are not read, and why. */
  readonly unread?: ReadonlyArray<Unread>
}

/** Error of a file, thrown by its reader. */
export class Refused extends Error {
  readonly reason: string
  readonly remedy: string
  readonly column: string | undefined

  constructor(reason: string, remedy: string, column?: string) {
    super(reason)
    this.reason = reason
    this.remedy = remedy
    this.column = column
  }
}

/**
 * Splits columns into those that `of` accepts and those for which it throws Refused; throws the first refusal if no column
 * is left.
 */
export const sorted = <From, To>(
  columns: ReadonlyArray<From>,
  of: (column: From) => To,
): { readonly found: ReadonlyArray<To>; readonly unread: ReadonlyArray<Unread> } => {
  const [found, unread]: [Array<To>, Array<Unread>] = [[], []]
  for (const each of columns) {
    try {
      found.push(of(each))
    } catch (error) {
      if (!(error instanceof Refused) || error.column === undefined) throw error
      const { column, reason, remedy } = error
      if (columns.length === unread.length + 1) throw error
      unread.push({ column, reason, remedy })
    }
  }
  return { found, unread }
}

/** Limit of a table in memory: a gigabyte of numbers, and of unpacked content. */
export const most = { cells: 2 ** 27, bytes: 2 ** 30 } as const

/** Throws Refused for a table whose declared size exceeds the limit, before memory is allocated. */
export const requireSize = (rows: number, columns: number): void => {
  if (rows * columns <= most.cells) return
  throw new Refused(
    `it claims ${rows} rows of ${columns} columns; the limit is ${most.cells} cells`,
    "give fewer rows or columns",
  )
}

/**
 * Text that JavaScript parses to the same number, -0 included. A double beyond 2^53 is written with an exponent, so that it
 * does not look like an integer with all its digits.
 */
const written = (value: number | bigint): string => {
  if (Object.is(value, -0)) return "-0"
  const isLarge = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER
  return isLarge && Number.isFinite(value) ? value.toExponential() : String(value)
}

const textOf = (value: Value): string | null =>
  value === null || value === undefined ? null : typeof value === "string" ? value : written(value)

/** Cells of a column of `rows` values, each read at most twice. */
export const cellsOf = (rows: number, at: (row: number) => Value): Cells => {
  const numbers = new Float64Array(rows)
  let isNull: Uint8Array | undefined
  for (let row = 0; row < rows; row++) {
    const value = at(row)
    if (value === null || value === undefined) {
      isNull ??= new Uint8Array(rows)
      isNull[row] = 1
      continue
    }
    const number = Number(value)
    const isExact = typeof value === "number" || Number.isSafeInteger(number)
    if (typeof value === "string" || !isExact) {
      return { texts: Array.from({ length: rows }, (_, k) => textOf(at(k))) }
    }
    numbers[row] = number
  }
  return { numbers, from: 0, stride: 1, isNull }
}

/** Text of a cell as in a table of text; empty for null. */
export const cellAt = ({ cells }: Column, row: number): string => {
  if ("texts" in cells) return cells.texts[row] ?? ""
  return cells.isNull?.[row] === 1 ? "" : written(cells.numbers[cells.from + row * cells.stride]!)
}

/** Finite number that the text of `cellAt` would give; undefined for other cells. */
export const finiteAt = ({ cells }: Column, row: number): number | undefined => {
  if ("texts" in cells || cells.isNull?.[row] === 1) return undefined
  const number = cells.numbers[cells.from + row * cells.stride]!
  return Number.isFinite(number) ? number : undefined
}

const unnamedIndex = /^__index_level_\d+__$/

/**
 * Columns as pandas would write them as text. The index of the rows comes first, without a name if it has none. `notes` is the
 * JSON metadata of pandas.
 */
export const withIndexFirst = (
  columns: ReadonlyArray<Column>,
  notes: string | null | undefined,
): ReadonlyArray<Column> => {
  const index = columns.find(({ name }) => name === indexIn(notes))
  if (index === undefined) return columns
  const named = unnamedIndex.test(index.name) ? { ...index, name: "" } : index
  return [named, ...columns.filter((column) => column !== index)]
}

/** Name of the only index column; a counting index of pandas is not a column. */
const indexIn = (notes: string | null | undefined): string | undefined => {
  try {
    const { index_columns: indices } = JSON.parse(notes ?? "{}") as { index_columns?: unknown }
    const [only, ...others] = Array.isArray(indices) ? (indices as ReadonlyArray<unknown>) : []
    return typeof only === "string" && others.length === 0 ? only : undefined
  } catch {
    return undefined
  }
}
