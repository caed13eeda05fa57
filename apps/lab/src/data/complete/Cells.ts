/** What the cells of a table hold: numbers, words, or nothing. */
import * as CsvGrid from "@nonconvex/datasets/CsvGrid"
import { BadCell } from "@nonconvex/datasets/CsvError"
import { Effect } from "effect"
import { DecimalComma } from "./InputError.ts"

/** The lines of a file, each as long as the first. */
export type Records = ReadonlyArray<CsvGrid.CsvRecord>

const decimalComma = /^[+-]?\d+,\d+$/

const isCommaNumber = (cell: string): boolean => decimalComma.test(cell)

/** A number that cannot be read is one all the same: it names no row or column. */
export const isNumber = (cell: string): boolean =>
  typeof CsvGrid.number(cell) === "number" || isCommaNumber(cell)

export const isWord = (cell: string): boolean =>
  CsvGrid.number(cell) === "not-a-number" && !isCommaNumber(cell)

/** The number in a cell, nothing where it is missing, or what is wrong with it. */
export const value = (
  path: string,
  row: number,
  column: string,
  cell: string,
): Effect.Effect<number | undefined, BadCell | DecimalComma> => {
  const read = CsvGrid.number(cell)
  if (typeof read === "number") return Effect.succeed(read)
  if (read === "missing") return Effect.undefined
  return isCommaNumber(cell)
    ? Effect.fail(new DecimalComma({ path, row, column, cell }))
    : Effect.fail(new BadCell({ path, row, column, cell, reason: read }))
}
