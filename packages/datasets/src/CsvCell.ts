/** What a cell of a CSV file says: a finite number, or why not. */
import type { BadCell } from "./CsvError.ts"

type Reason = BadCell["reason"]

/** What programs write for "no value"; compared in lower case. */
const missingWords = new Set(["", "?", "na", "n/a", "nan", "null", "none"])

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const infinity = /^[+-]?inf(inity)?$/i

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
  return infinity.test(text) ? "not-finite" : "not-a-number"
}
