/** Formulas as they are printed: sums of products of powers. */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** A term in place of the k-th of a sum, of which the last one has the number `last`. */
export type Change = (term: number, k: number, last: number) => number

const constants: Readonly<Record<string, number>> = { e: Math.E, silver: 1 + Math.SQRT2 }

/** `3`, `-1/2` or `0.1`. */
const fraction = (text: string): number => {
  const [above, below = "1"] = text.split("/")
  return Number(above) / Number(below)
}

/**
 * The value of a sum at a point: `1/2 l D^2 + 2^1/2 delta` is (1/2) l D^2 + sqrt(2) delta. `e` is Euler's number, `silver` 1 + sqrt(2);
 * NaN where another name stands that the point has not.
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
