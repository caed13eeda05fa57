/** Formulas as they are printed, for claims that a function has their factors and powers: sums of products of powers. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Margin from "./Margin.ts"

/** A term in place of the k-th of a sum, of which the last one has the number `last`. */
export type Change = (term: number, k: number, last: number) => number

const constants: Readonly<Record<string, number>> = {
  e: Math.E,
  pi: Math.PI,
  silver: 1 + Math.SQRT2,
}

/** `3`, `-1/2` or `0.1`. */
const fraction = (text: string): number => {
  const [above, below = "1"] = text.split("/")
  return Number(above) / Number(below)
}

/**
 * The value of a sum at a point, its terms changed by `change` (default: as they are). `e`, `pi` and `silver`,
 * 1 + sqrt(2), are known; NaN where another name stands that the point has not.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Powers } from "@nonconvex/evidence"
 *
 * // r D^2 / 2 + sqrt(2 delta)
 * Powers.valueOf("1/2 r D^2 + 2^1/2 delta^1/2", { r: 3, D: 2, delta: 8 }) // => 10
 * ```
 */
export const valueOf = (
  sum: string,
  at: Readonly<Record<string, number>>,
  change: Change = (term) => term,
): number =>
  sum
    .split(" + ")
    .map((term) =>
      term.split(" ").reduce((product, factor) => {
        const [base, power = "1"] = factor.split("^")
        return (
          product *
          Elementary.pow(at[base!] ?? constants[base!] ?? fraction(base!), fraction(power))
        )
      }, 1),
    )
    .map((term, k, terms) => change(term, k, terms.length - 1))
    .reduce((total, term) => total + term, 0)

/** A function, and sums of powers the least of which is its value; a count is rounded up, and at least 1. */
export type Formula<At> =
  | readonly [of: (at: At) => number, ...sums: ReadonlyArray<string>]
  | { readonly count: readonly [of: (at: At) => number, ...sums: ReadonlyArray<string>] }

/** The margin of each formula at a point, its terms changed by `change`: to 1e-12 relative, and to the rounding of a count. */
export const margins = <At extends Readonly<Record<string, number>>>(
  formulas: Readonly<Record<string, ReadonlyArray<Formula<At>>>>,
  at: At,
  change: Change,
): ReadonlyArray<number> =>
  Object.values(formulas)
    .flat()
    .map((formula) => {
      const [of, ...sums] = "count" in formula ? formula.count : formula
      const value = Math.min(...sums.map((sum) => valueOf(sum, at, change)))
      if (!("count" in formula)) return Margin.equal(of(at), value, { relative: 1e-12 })
      return Margin.all(
        Margin.holds(Number.isInteger(of(at))),
        Margin.atLeast(of(at), Math.max(1, value), 1e-12),
        Margin.atMost(of(at), Math.max(1, value + 1), 1e-12),
      )
    })

/** What is done to the terms of formulas, and which of their margins is taken. */
export interface Against {
  readonly change: Change
  readonly of: (...margins: ReadonlyArray<number>) => number
}

/** That all formulas hold as they are. */
export const holds: Against = { change: (term) => term, of: Margin.all }

/** Changes that every formula must betray at once: the largest margin is taken. */
export const fails: readonly [
  readonly [name: string, against: Against],
  readonly [name: string, against: Against],
] = [
  ["the first terms twice", { change: (x, k) => (k === 0 ? 2 * x : x), of: Math.max }],
  ["without the last terms", { change: (x, k, last) => (k === last ? 0 : x), of: Math.max }],
]
