/** Formulas as they are printed, for claims that a function has their factors and powers: sums of products of powers. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Rational from "@nonconvex/numerics/Rational"
import * as Exact from "./exact/Exact.ts"
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
): ReadonlyArray<Margin.Comparison> =>
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

const exactConstants: Readonly<Record<string, Exact.Value>> = {
  e: Exact.exp(Exact.one),
  pi: Exact.pi,
  silver: Exact.add(Exact.one, Exact.sqrt(Exact.of(2))),
}

/**
 * `valueOf` in exact values; a change multiplies a term by what it makes of 1. Throws InvalidInput where a name stands that the point has not.
 */
export const exactlyOf = (
  sum: string,
  at: Readonly<Record<string, number>>,
  change: Change = (term) => term,
): Exact.Value =>
  Exact.sum(
    ...sum.split(" + ").map((term, k, terms) =>
      Exact.product(
        Exact.of(change(1, k, terms.length - 1)),
        ...term.split(" ").map((factor) => {
          const [base, exponent = "1"] = factor.split("^")
          const value = at[base!]
          return Exact.power(
            value === undefined ? (exactConstants[base!] ?? Exact.of(base!)) : Exact.of(value),
            Rational.parse(exponent)!,
          )
        }),
      ),
    ),
  )

/** The lesser of two values: an interval where they overlap. */
const least = (a: Exact.Value, b: Exact.Value): Exact.Value => {
  const order = Exact.compare(a, b)
  if (order !== undefined) return order <= 0 ? a : b
  const [x, y] = [Exact.interval(a), Exact.interval(b)]
  return { low: Math.min(x.low, y.low), high: Math.min(x.high, y.high) }
}

/** At least 1, as counts are. */
const counted = (value: Exact.Value): Exact.Value =>
  Exact.negate(least(Exact.of(-1), Exact.negate(value)))

/** The tolerance of `margins`. */
const slack = Exact.of("1e-12")

const within = (found: number, value: Exact.Value): Exact.Compared =>
  Exact.atMost(
    Exact.absolute(Exact.subtract(Exact.of(found), value)),
    Exact.multiply(slack, Exact.absolute(value)),
  )

/** Compares a count with the exact value rounded up. */
const countOf = (found: number, value: Exact.Value): Exact.Compared => {
  const count = Exact.of(found)
  const [from, to] = [counted(value), counted(Exact.add(value, Exact.one))]
  return Exact.worst(
    Exact.equal(count, Exact.of(Math.round(found))),
    Exact.atLeast(count, Exact.multiply(Exact.subtract(Exact.one, slack), from)),
    Exact.atMost(count, Exact.multiply(Exact.add(Exact.one, slack), to)),
  )
}

/** Comparisons of `margins`, formula by formula, as far as one fails: the number of a function, with its exact value. */
export const comparisons = <At extends Readonly<Record<string, number>>>(
  formulas: Readonly<Record<string, ReadonlyArray<Formula<At>>>>,
  at: At,
  change: Change,
): ReadonlyArray<Exact.Compared> =>
  Object.values(formulas)
    .flat()
    .filter((formula) => Margin.isViolated(margins({ formula: [formula] }, at, change)[0]!.margin))
    .map((formula) => {
      const isCount = "count" in formula
      const [of, ...sums] = isCount ? formula.count : formula
      const value = sums.map((each) => exactlyOf(each, at, change)).reduce(least)
      return isCount ? countOf(of(at), value) : within(of(at), value)
    })

/** Change to the terms of formulas, with the margin and the comparison that are taken. */
interface Against {
  readonly change: Change
  readonly of: (...margins: ReadonlyArray<Margin.Comparison>) => Margin.Comparison
  readonly exactly: (...compared: ReadonlyArray<Exact.Compared>) => Exact.Compared
}

/** Statement that all formulas hold as they are. */
export const holds: Against = { change: (term) => term, of: Margin.all, exactly: Exact.worst }

/** Change that every formula must reveal at once: the largest margin is taken, and the comparison that fails least. */
const betrayed = (change: Change): Against => ({ change, of: Margin.any, exactly: Exact.mildest })

export const controls = [
  { name: "the first terms twice", value: betrayed((x, k) => (k === 0 ? 2 * x : x)) },
  {
    name: "without the last terms",
    value: betrayed((x, k, last) => (k === last ? 0 : x)),
  },
] as const
