/** Kinds of columns: numbers, categories, one value, or a key of the rows. */
import type { Table } from "./Table.ts"

/** Number of different words of a column whose values are the places of words. */
export type Levels = ReadonlyMap<number, number>

export const columnKinds = ["number", "category", "constant", "key", "empty"] as const
export type ColumnKind = (typeof columnKinds)[number]

/** Column as a vector with NaN for the missing cells. */
export const columnsOf = ({
  columnOf,
  columns,
  rowOf,
  rows,
  values,
}: Table): ReadonlyArray<Float64Array> => {
  const out = Array.from({ length: columns }, () => new Float64Array(rows).fill(Number.NaN))
  for (let i = 0; i < values.length; i++) out[columnOf[i]!]![rowOf[i]!] = values[i]!
  return out
}

/** Least number of values that a key has: of fewer any may rise. */
const fewest = 10

/** Slope and value at row 0 of whole numbers that rise by the same step from row to row; undefined for others. */
export const progressionOf = (
  column: Float64Array,
): { readonly start: number; readonly step: number } | undefined => {
  let [first, last, seen] = [-1, -1, 0]
  for (let i = 0; i < column.length; i++) {
    if (Number.isNaN(column[i]!)) continue
    if (first < 0) first = i
    last = i
    seen++
  }
  if (seen < fewest) return undefined
  const step = (column[last]! - column[first]!) / (last - first)
  const start = column[first]! - step * first
  const isExact = Number.isInteger(step) && Number.isInteger(start) && step !== 0
  const fits = column.every((value, i) => Number.isNaN(value) || value === start + step * i)
  return isExact && fits ? { start, step } : undefined
}

/** Tests for whole numbers without a hole that rise from row to row, or that number the rows in another order. */
const areNumbersOfRows = (column: Float64Array): boolean => {
  if (column.length < fewest || !column.every(Number.isInteger)) return false
  const sorted = column.toSorted()
  const range = sorted.at(-1)! - sorted[0]!
  if (sorted.some((value, i) => i > 0 && value === sorted[i - 1]!)) return false
  const rises = column.every((value, i) => i === 0 || value > column[i - 1]!)
  return range === column.length - 1 || (rises && range <= 10 * column.length)
}

/** The kind of a column of numbers, or of a category with so many levels. */
export const kindOf = (column: Float64Array, levels: number | undefined): ColumnKind => {
  const seen = column.filter((value) => !Number.isNaN(value))
  if (seen.length === 0) return "empty"
  if (seen.every((value) => value === seen[0])) return "constant"
  if (levels !== undefined) {
    return seen.length >= fewest && levels === seen.length ? "key" : "category"
  }
  return progressionOf(column) !== undefined || areNumbersOfRows(column) ? "key" : "number"
}
