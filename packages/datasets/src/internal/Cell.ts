/** Content of a cell: a finite number, or the reason why it holds none. */

import type { Decimal, Notation } from "./Notation.ts"

/** Reasons why a cell holds no number; `BadCell` has more, of classes. */
type Reason =
  | "missing"
  | "not-a-number"
  | "not-finite"
  | "nan"
  | "beyond-exact"
  | "decimal-comma"
  | "decimal-point"
  | "thousands-or-decimal"
  | "percentage"
  | "unit"

/** Words that programs write for a missing value, in lower case. */
const missingWords = new Set([
  "",
  "?",
  ".",
  "--",
  "na",
  "n/a",
  "n.a.",
  "#n/a",
  "<na>",
  "nan",
  "null",
  "none",
])

const infinity = /^[+-]?inf(inity)?$/i
const nonFinite = /^[+-]?(nan|inf(inity)?)$/i

/** Number with this decimal mark, optionally with the other mark between thousands. */
const patterns = {
  ".": {
    decimal: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
    grouped: /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?(e[+-]?\d+)?$/i,
    /** Pattern of a number that is invalid in the other notation. */
    certainlyGrouped: /^[+-]?\d{1,3}(,\d{3})+(,\d{3}|\.)/,
  },
  ",": {
    decimal: /^[+-]?(\d+(,\d+)?|,\d+)(e[+-]?\d+)?$/i,
    grouped: /^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?(e[+-]?\d+)?$/i,
    certainlyGrouped: /^[+-]?\d{1,3}(\.\d{3})+(\.\d{3}|,)/,
  },
} as const

/** One to three digits, a mark and three digits: ambiguous between a decimal number and thousands. */
const either = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/
const marked = /[.,]/

/** Spaces and apostrophes between thousands, as used in many countries, are unambiguous. */
const spaced = /^([+-]?[1-9]\d{0,2})((?:[ \u00a0\u2009\u202f'’]\d{3})+)(?!\d)/

/** Formats that have null for missing values, so NaN is not one. */
const haveNull: ReadonlySet<string> = new Set(["parquet", "arrow"])
const isNotANumber = (text: string): boolean => /^[+-]?nan$/i.test(text)

/** Tests whether an integer may change when stored in double precision. */
const isBeyondExact = (text: string): boolean =>
  /^-?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text))

const percentage = /^[+-]?[\d.,]+\s*%$/
const withUnit = /^[+-]?\p{Sc}\s*[+-]?[\d.,' ]+$|^[+-]?[\d.,' ]+\s*\p{Sc}$/u

export const isMissing = (cell: string): boolean => missingWords.has(cell.trim().toLowerCase())

/** Decimal points, and no separators of thousands that could be decimal commas. */
export const standard: Notation = { decimal: ".", groups: false }

const otherOf = { ".": ",", ",": "." } as const

/** With the signs of ASCII and without spaces between thousands. */
const normalised = (text: string): string =>
  text
    .replaceAll("\u2212", "-")
    .replace(spaced, (_all, head: string, tail: string) => head + tail.replaceAll(/\D/g, ""))

const finite = (text: string, decimal: Decimal): number | Reason => {
  const value = Number(decimal === "," ? text.replace(",", ".") : text)
  return Number.isFinite(value) ? value : "not-finite"
}

/**
 * Number in the cell, or the reason why there is none. Stricter than `Number`, for which an empty cell is 0 and `0x10` is
 * 16. Default notation: a decimal point.
 */
export const toNumber = (
  cell: string,
  { decimal, format, groups }: Notation = standard,
): number | Reason => {
  const trimmed = cell.trim()
  if (format !== undefined) {
    if (haveNull.has(format) && isNotANumber(trimmed)) return "nan"
    if (isBeyondExact(trimmed)) return "beyond-exact"
  }
  const [own, other] = [patterns[decimal], patterns[otherOf[decimal]]]
  if (own.decimal.test(trimmed)) return finite(trimmed, decimal)
  // a dash is a class too, such as that beside +
  if (trimmed === "-" || isMissing(trimmed)) return "missing"
  if (infinity.test(trimmed)) return "not-finite"
  const text = normalised(trimmed)
  if (own.decimal.test(text)) return finite(text, decimal)
  if (own.grouped.test(text)) {
    const isClear = groups || own.certainlyGrouped.test(text)
    return isClear ? finite(text.replaceAll(otherOf[decimal], ""), decimal) : "thousands-or-decimal"
  }
  if (other.decimal.test(text) || other.grouped.test(text)) {
    return decimal === "." ? "decimal-comma" : "decimal-point"
  }
  if (percentage.test(text)) return "percentage"
  return withUnit.test(text) ? "unit" : "not-a-number"
}

/** Notation revealed by a cell: its decimal mark, and whether the other mark separates thousands. */
export const notationOf = (cell: string): Notation | undefined => {
  const text = normalised(cell.trim())
  if (!marked.test(text) || either.test(text)) return undefined
  for (const decimal of [".", ","] as const) {
    const { certainlyGrouped, decimal: pattern, grouped } = patterns[decimal]
    if (pattern.test(text)) return { decimal, groups: false }
    if (grouped.test(text)) return { decimal, groups: certainlyGrouped.test(text) }
  }
  return undefined
}

/** Tests whether a cell holds a number in any notation, and hence names no row or column. */
export const isNumber = (cell: string): boolean => {
  const read = toNumber(cell)
  return typeof read === "number" || read === "decimal-comma" || read === "thousands-or-decimal"
}

/** Tests whether a cell can only be a name: not a number, with or without a unit, and not a marker for a missing value. */
export const isWord = (cell: string): boolean => toNumber(cell) === "not-a-number"

/** Tests whether a cell holds NaN or an infinity as programs write them. */
export const isNonFinite = (cell: string): boolean => nonFinite.test(cell.trim())

/** Tests whether a cell may belong to a first row without names, by the loosest reading of numbers. */
export const mayBeData = (cell: string): boolean =>
  !Number.isNaN(Number(cell)) || isMissing(cell) || infinity.test(cell.trim()) || isNumber(cell)

/** Like `mayBeData`, but also if another delimiter separates several numbers. */
export const mayBeRow = (cell: string): boolean => cell.split(/[\s,;|:]+/).every(mayBeData)
