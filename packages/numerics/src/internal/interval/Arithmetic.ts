/** The operations of intervals that IEEE arithmetic rounds correctly. */
import { invalid } from "../../InvalidInput.ts"
import * as Rounding from "./Rounding.ts"
import * as Rational from "../../Rational.ts"

export interface Interval {
  readonly low: number
  /** At least `low`. */
  readonly high: number
}

/** Interval between two ends. Throws InvalidInput if they are in the wrong order or NaN, or if no number is between them. */
export const make = (low: number, high: number): Interval =>
  low <= high && low < Infinity && high > -Infinity
    ? { low, high }
    : invalid("Interval.make", "low <= high, with a number between them", { low, high })

/**
 * Interval of one number. Throws InvalidInput if it is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Interval from "@nonconvex/numerics/Interval"
 *
 * Interval.point(0.5) // => { low: 0.5, high: 0.5 }
 * ```
 */
export const point = (x: number): Interval => make(x, x)

/**
 * The smallest interval of float64 numbers that holds the fraction.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Interval from "@nonconvex/numerics/Interval"
 * import * as Rational from "@nonconvex/numerics/Rational"
 *
 * Interval.ofRational(Rational.make(3n, 4n)) // => { low: 0.75, high: 0.75 }
 * // two neighbours among the float64 numbers from 1/4 to 1/2
 * Interval.width(Interval.ofRational(Rational.make(1n, 3n))) // => 2 ** -54
 * ```
 */
export const ofRational = (value: Rational.Rational): Interval => {
  const near = Rational.toNumber(value)
  if (!Number.isFinite(near)) {
    return near > 0
      ? { low: Number.MAX_VALUE, high: Infinity }
      : { low: -Infinity, high: -Number.MAX_VALUE }
  }
  let [low, high] = [near, near]
  while (Rational.compare(Rational.fromDouble(low), value) > 0) low = Rounding.down(low)
  while (Rational.compare(Rational.fromDouble(high), value) < 0) high = Rounding.up(high)
  return { low, high }
}

/** -a. */
export const negate = ({ high, low }: Interval): Interval => ({ low: 0 - high, high: 0 - low })

/**
 * a + b.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Interval from "@nonconvex/numerics/Interval"
 *
 * Interval.add(Interval.make(1, 2), Interval.make(10, 20)) // => { low: 11, high: 22 }
 * // no float64 is the sum of these two, so the ends are the neighbours of it
 * Interval.width(Interval.add(Interval.point(1), Interval.point(2 ** -60))) // => 2 ** -52
 * ```
 */
export const add = (a: Interval, b: Interval): Interval => ({
  low: Rounding.sum(a.low, b.low).low,
  high: Rounding.sum(a.high, b.high).high,
})

/** a - b, of two unknown numbers also where a and b are the same interval. */
export const subtract = (a: Interval, b: Interval): Interval => add(a, negate(b))

/** Hull of the results of an operation at the four pairs of ends. */
const overEnds = (
  operation: (x: number, y: number) => Rounding.Bracket,
  a: Interval,
  b: Interval,
): Interval => {
  const all = [
    operation(a.low, b.low),
    operation(a.low, b.high),
    operation(a.high, b.low),
    operation(a.high, b.high),
  ]
  return {
    low: Math.min(...all.map(({ low }) => low)),
    high: Math.max(...all.map(({ high }) => high)),
  }
}

/** a b. */
export const multiply = (a: Interval, b: Interval): Interval => overEnds(Rounding.product, a, b)

/** a / b; all numbers where b holds 0. */
export const divide = (a: Interval, b: Interval): Interval =>
  b.low <= 0 && b.high >= 0 ? { low: -Infinity, high: Infinity } : overEnds(Rounding.quotient, a, b)

/** The magnitudes of the numbers of a. */
export const absolute = (a: Interval): Interval => {
  if (a.low >= 0) return a
  return a.high <= 0 ? negate(a) : { low: 0, high: Math.max(-a.low, a.high) }
}

/** The square, which is not the product of two unknown numbers. */
export const square = (a: Interval): Interval => {
  const { high, low } = absolute(a)
  return {
    low: Math.max(0, Rounding.product(low, low).low),
    high: Rounding.product(high, high).high,
  }
}

/** Square roots of the nonnegative part of a. Throws InvalidInput if all of a is negative. */
export const sqrt = (a: Interval): Interval => {
  if (a.high < 0) return invalid("Interval.sqrt", "a number that is not negative", { ...a })
  return { low: Rounding.root(Math.max(0, a.low)).low, high: Rounding.root(a.high).high }
}

/** The smallest interval that holds both. */
export const hull = (a: Interval, b: Interval): Interval => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
})

/** Distance of the ends, rounded up. */
export const width = ({ high, low }: Interval): number => Rounding.sum(high, -low).high

/** Tests whether every number of a is less than every number of b. */
export const isBelow = (a: Interval, b: Interval): boolean => a.high < b.low

/** Tests whether the outer interval contains the inner one. */
export const isWithin = (inner: Interval, outer: Interval): boolean =>
  outer.low <= inner.low && inner.high <= outer.high

/** Tests whether the interval contains the exact fraction. */
export const contains = ({ high, low }: Interval, value: Rational.Rational): boolean =>
  (low === -Infinity || Rational.compare(Rational.fromDouble(low), value) <= 0) &&
  (high === Infinity || Rational.compare(Rational.fromDouble(high), value) >= 0)
