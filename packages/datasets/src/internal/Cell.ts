/** What a cell of a table says: a finite number, or why it says none. */
import type { BadCell } from "../CsvError.ts"

type Reason = BadCell["reason"]

/** What programs write for "no value"; compared in lower case. */
const missingWords = new Set(["", "?", "na", "n/a", "nan", "null", "none"])

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const decimalComma = /^[+-]?\d+,\d+$/
const infinity = /^[+-]?inf(inity)?$/i
const nonFinite = /^[+-]?(nan|inf(inity)?)$/i

export const isMissing = (cell: string): boolean => missingWords.has(cell.trim().toLowerCase())

/**
 * The decimal number in the cell, or the reason why there is none. Stricter than `Number`, for
 * which an empty cell is 0 and `0x10` is 16.
 */
export const toNumber = (cell: string): number | Reason => {
  const text = cell.trim()
  if (decimal.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : "not-finite"
  }
  if (isMissing(text)) return "missing"
  if (decimalComma.test(text)) return "decimal-comma"
  return infinity.test(text) ? "not-finite" : "not-a-number"
}

/** Whether a number stands in the cell, if only one with a decimal comma: it names no row or column. */
export const isNumber = (cell: string): boolean => {
  const read = toNumber(cell)
  return typeof read === "number" || read === "decimal-comma"
}

/** Whether the cell can only be a name: neither a number nor what stands for one or for none. */
export const isWord = (cell: string): boolean => toNumber(cell) === "not-a-number"

/** Whether the cell is what programs write of a number that ran away: NaN, or an infinity. */
export const isNonFinite = (cell: string): boolean => nonFinite.test(cell.trim())

/** Whether the cell may be part of a first row without names, by the loosest reading of numbers there is. */
export const mayBeData = (cell: string): boolean =>
  !Number.isNaN(Number(cell)) || isMissing(cell) || infinity.test(cell.trim()) || isNumber(cell)
