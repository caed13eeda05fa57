/**
 * Encoding of columns as numbers, learned only from training rows. Words become one column per category, or their rank.
 * Missing values become the median or the most frequent value, with a column that marks them. The learned encoding is plain
 * data and is stored with the model.
 */
import { Result } from "effect"
import { BadCell } from "./CsvError.ts"
import * as Frame from "./Frame.ts"
import {
  Encoded,
  type Feature,
  type LearnOptions,
  type Learned,
  type LeftOut,
} from "./internal/LearnedEncoder.ts"
import * as Column from "./internal/Column.ts"

export { Encoded } from "./internal/LearnedEncoder.ts"

/** Maximum number of categories of a column that get a feature of their own, the most frequent first. */
const mostCategories = 100

const idName =
  /(^|[\s_.-])(id|ids|idx|index|key|no|nr|number|row|uuid|guid)$|^id([\s_.-]|$)|[a-z]I[dD]$/i

/** Minimum number of rows for which nearly distinct words are taken as row names. */
const leastToName = 10

/** Share of distinct words above which a column counts as text. */
const mostWords = 1 / 3

/** Share of dates among the words of a date column. */
const mostlyDates = 0.9

const date =
  /^(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3\d{4})([T ]\s*\d{1,2}:\d{2}.*)?$/

const medianOf = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2
}

const present = (column: Frame.Column, rows: ArrayLike<number>): ReadonlyArray<number> =>
  Array.from(rows).filter((row) => Frame.has(column, row))

const isConsecutive = (values: ReadonlyArray<number>): boolean =>
  values.every((value, i) => value === values[0]! + i)

/** Tests whether all numbers are distinct; a Set is limited to 2^24 elements. */
const areDistinct = (values: ReadonlyArray<number>): boolean => {
  const sorted = Float64Array.from(values).toSorted()
  return sorted.every((value, k) => k === 0 || value !== sorted[k - 1])
}

/** Reason why a column of numbers that are not all equal is useless. */
const uselessNumbers = ({ name, values }: Column.Numbers, rows: ArrayLike<number>) => {
  if (rows.length < leastToName) return undefined
  const all = [...values]
  if (isConsecutive(all) && (idName.test(name) || all[0] === 0 || all[0] === 1)) return "row number"
  const isWhole = all.every((value) => Number.isInteger(value))
  return idName.test(name) && isWhole && areDistinct(all) ? "identifier" : undefined
}

const learnNumbers = (
  column: Column.Numbers,
  rows: ArrayLike<number>,
  isKept: boolean,
): Encoded | LeftOut["because"] => {
  const there = present(column, rows)
  const values = there.map((row) => column.values[row]!)
  if (values.length === 0) return "empty"
  const marksMissing = values.length < rows.length
  if (!isKept && !marksMissing && values.every((value) => value === values[0])) return "constant"
  const useless = isKept ? undefined : uselessNumbers(column, rows)
  if (useless !== undefined) return useless
  return { _tag: "Number", column: column.name, fill: medianOf(values), marksMissing }
}

const frequencies = (column: Column.Words, rows: ReadonlyArray<number>) => {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const word = column.words[column.codes[row]!]!
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

/** Reason why a column of words that are not all equal is useless. */
const uselessWords = (counts: ReturnType<typeof frequencies>, rows: number) => {
  const dates = counts.filter(([word]) => date.test(word.trim())).length
  if (dates >= mostlyDates * counts.length) return "dates"
  if (rows < leastToName || counts.length < leastToName) return undefined
  if (counts.length > 0.9 * rows) return "identifier"
  return counts.length > mostWords * rows ? "text" : undefined
}

const learnWords = (
  column: Column.Words,
  rows: ArrayLike<number>,
  order: readonly [string, ...string[]] | undefined,
  isKept: boolean,
): Encoded | LeftOut["because"] => {
  const there = present(column, rows)
  if (there.length === 0) return "empty"
  const { name } = column
  const marksMissing = there.length < rows.length
  if (order !== undefined) {
    const places = there.map((row) => order.indexOf(column.words[column.codes[row]!]!))
    return { _tag: "Ordinal", column: name, order, fill: medianOf(places), marksMissing }
  }
  const counts = frequencies(column, there)
  if (!isKept && !marksMissing && counts.length === 1) return "constant"
  const useless = isKept ? undefined : uselessWords(counts, there.length)
  if (useless !== undefined) return useless
  const [first, ...others] = counts.slice(0, mostCategories).map(([word]) => word)
  const categories = [first!, ...others].toSorted() as [string, ...string[]]
  return { _tag: "OneHot", column: name, categories, fill: first!, marksMissing }
}

/** A word of an ordinal column that is missing from its order. Rows are those of the frame. */
const outside = (
  { lines, path }: Frame.Frame,
  column: Column.Words,
  order: ReadonlyArray<string>,
): BadCell | undefined => {
  const known = new Set(order)
  const row = column.codes.findIndex((code) => code >= 0 && !known.has(column.words[code]!))
  if (row < 0) return undefined
  const cell = column.words[column.codes[row]!]!
  return new BadCell({ path, row: lines[row]!, column: column.name, cell, reason: "not-a-class" })
}

/** Learns the encoding of all columns but `target` from the rows. Fails with BadCell for a word outside its order. */
export const learn = (
  frame: Frame.Frame,
  target: string,
  rows: ArrayLike<number>,
  { keep = new Set(), ordinal = new Map() }: LearnOptions = {},
): Result.Result<Learned, BadCell> => {
  const encoder: Array<Encoded> = []
  const leftOut: Array<LeftOut> = []
  const missing = new Map<string, number>()
  const pooled = new Map<string, number>()
  for (const column of frame.columns.values()) {
    const { name } = column
    if (name === target) continue
    const order = ordinal.get(name)
    const stranger =
      order !== undefined && column._tag === "Words" ? outside(frame, column, order) : undefined
    if (stranger !== undefined) return Result.fail(stranger)
    const found =
      column._tag === "Numbers"
        ? learnNumbers(column, rows, keep.has(name))
        : learnWords(column, rows, order, keep.has(name))
    if (typeof found === "string") leftOut.push({ column: name, because: found })
    else encoder.push(found)
    if (column._tag === "Words" && typeof found !== "string" && found._tag === "OneHot") {
      const all = frequencies(column, present(column, rows)).length
      if (all > found.categories.length) pooled.set(name, all)
    }
    const holes = rows.length - present(column, rows).length
    if (holes > 0 && typeof found !== "string") missing.set(name, holes)
  }
  return Result.succeed({ encoder, leftOut, missing, pooled })
}

const featuresOf = (encoded: Encoded): ReadonlyArray<Feature> => {
  const own =
    encoded._tag === "OneHot"
      ? encoded.categories.map((word) => ({ name: `${encoded.column}=${word}`, hasUnit: false }))
      : [{ name: encoded.column, hasUnit: true }]
  return encoded.marksMissing
    ? [...own, { name: `${encoded.column} is missing`, hasUnit: false }]
    : own
}

/** Features in order: a numeric or ordinal column keeps its name; a category has the names of column and category. */
export const features = (encoder: ReadonlyArray<Encoded>): ReadonlyArray<Feature> =>
  encoder.flatMap(featuresOf)

/** Values that the training rows do not contain. */
export interface Unknowns {
  /** Words by column, with the number of rows that contain them. */
  readonly words: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Missing cells by column, where these were filled. */
  readonly filled: ReadonlyMap<string, number>
}

interface Applied {
  /** Row-major, `rows.length` x `features(encoder).length`. */
  readonly features: Float64Array
  readonly unknowns: Unknowns
}

const add = <Key>(counts: Map<Key, number>, key: Key): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1)

/**
 * Features of the rows. The frame must have the encoder's columns: numbers for numeric ones, words for others. A word that
 * is not a category has zeros in all of them.
 */
export const apply = (
  encoder: ReadonlyArray<Encoded>,
  frame: Frame.Frame,
  rows: ArrayLike<number>,
): Applied => {
  const width = features(encoder).length
  const out = new Float64Array(rows.length * width)
  const words = new Map<string, Map<string, number>>()
  const filled = new Map<string, number>()
  let first = 0
  for (const encoded of encoder) {
    const column = frame.columns.get(encoded.column)!
    const places = new Map(
      (encoded._tag === "OneHot"
        ? encoded.categories
        : encoded._tag === "Ordinal"
          ? encoded.order
          : []
      ).map((word, place) => [word, place]),
    )
    const own = featuresOf(encoded).length
    for (let i = 0; i < rows.length; i++) {
      const at = i * width + first
      const value = valueOf(encoded, column, rows[i]!, places)
      if (value === "missing" && encoded.marksMissing) out[at + own - 1] = 1
      if (value === "missing") add(filled, encoded.column)
      if (typeof value === "object") {
        const unknown = words.get(encoded.column) ?? new Map<string, number>()
        words.set(encoded.column, unknown)
        add(unknown, value.unknown)
      }
      if (encoded._tag === "OneHot") {
        const place =
          value === "missing" && !encoded.marksMissing ? places.get(encoded.fill)! : value
        if (typeof place === "number") out[at + place] = 1
      } else out[at] = typeof value === "number" ? value : encoded.fill
    }
    first += own
  }
  return { features: out, unknowns: { words, filled } }
}

/** Number in a row or rank of its word, or the reason why there is none. */
const valueOf = (
  encoded: Encoded,
  column: Frame.Column,
  row: number,
  places: ReadonlyMap<string, number>,
): number | "missing" | { readonly unknown: string } => {
  if (!Frame.has(column, row)) return "missing"
  if (encoded._tag === "Number") return (column as Column.Numbers).values[row]!
  const word = Frame.word(column, row)!
  return places.get(word) ?? { unknown: word }
}
