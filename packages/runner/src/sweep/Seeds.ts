/** Root seeds as people write them: `0..9`, `1,4,7`, `0..4,9`. */
import { Schema } from "effect"

/** Integers from `first` to `last`, both among them. */
interface Interval {
  readonly first: number
  readonly last: number
}

const one = /^(-?\d+)(?:\.\.(-?\d+))?$/

/** The intervals of a text, or a description of its error. Expands nothing. */
const read = (text: string): ReadonlyArray<Interval> | string => {
  const intervals: Array<Interval> = []
  for (const part of text.split(",")) {
    const [, from, to = from] = one.exec(part.trim()) ?? []
    if (from === undefined) {
      return `expected integers such as 0..9 or 1,4,7, found "${part.trim()}"`
    }
    const [first, last] = [Number(from), Number(to)]
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
      return `${part.trim()} exceeds 2^53, the limit of exact integers`
    }
    if (first > last) return `${part.trim()} is an empty range: write ${last}..${first}`
    intervals.push({ first, last })
  }
  const sorted = intervals.toSorted((a, b) => a.first - b.first)
  const twin = sorted.find(({ first }, k) => k > 0 && first <= sorted[k - 1]!.last)
  return twin === undefined ? intervals : `${twin.first} is given twice`
}

/**
 * Text that lists root seeds without repetition.
 *
 * @internal
 */
export const Seeds = Schema.String.check(
  Schema.makeFilter((text) => {
    const found = read(text)
    return typeof found === "string" ? found : true
  }),
)

/** Intervals of a text that `Seeds` accepts; none for other texts. */
const intervals = (text: string): ReadonlyArray<Interval> => {
  const found = read(text)
  return typeof found === "string" ? [] : found
}

/** Counts seeds without listing them. */
export const count = (text: string): bigint =>
  intervals(text).reduce((sum, { first, last }) => sum + BigInt(last) - BigInt(first) + 1n, 0n)

/**
 * The seeds in the order of the text.
 *
 * @internal
 */
export const list = (text: string): ReadonlyArray<number> =>
  intervals(text).flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, k) => first + k),
  )
