/**
 * Numbers for exact confirmations: fractions where possible, otherwise intervals that are rounded outward.
 *
 * A calculation is written once; its value records whether it was exact.
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Interval from "@nonconvex/numerics/Interval"
import * as Rational from "@nonconvex/numerics/Rational"

export type Value = Rational.Rational | Interval.Interval

/**
 * Tests whether a value is still a fraction, and not an interval.
 *
 * @internal
 */
export const isFraction = (value: Value): value is Rational.Rational => "numerator" in value

/**
 * Interval of an exact value; a point where the fraction is a float64.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * Exact.interval(Exact.of("1/4")) // => { low: 0.25, high: 0.25 }
 * const { high, low } = Exact.interval(Exact.of("1/3"))
 * high > low // => true
 * ```
 */
export const interval = (value: Value): Interval.Interval =>
  isFraction(value) ? Interval.ofRational(value) : value

/**
 * A float64 as the fraction that it is, a text such as "-3", "0.25", "1e-3" or "1/6". Throws InvalidInput on anything else.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * Exact.of("1/6") // => { numerator: 1n, denominator: 6n }
 * Exact.of(0.75) // => { numerator: 3n, denominator: 4n }
 * ```
 */
export const of = (value: number | string): Value => {
  if (typeof value === "number") {
    return Number.isFinite(value)
      ? Rational.fromDouble(value)
      : invalid("Exact.of", "a finite number", { value })
  }
  return Rational.parse(value) ?? invalid("Exact.of", `a fraction, where "${value}" is none`, {})
}

export const zero: Value = Rational.zero
export const one: Value = Rational.one

/** Number of binary digits above which a fraction becomes an interval, because products of fractions double their length. */
const mostBits = 4096

const shortened = (value: Rational.Rational): Value =>
  Rational.bitsOf(value.numerator) + Rational.bitsOf(value.denominator) > mostBits
    ? Interval.ofRational(value)
    : value

const binary =
  (
    ofFractions: (a: Rational.Rational, b: Rational.Rational) => Rational.Rational,
    ofIntervals: (a: Interval.Interval, b: Interval.Interval) => Interval.Interval,
  ) =>
  (a: Value, b: Value): Value =>
    isFraction(a) && isFraction(b)
      ? shortened(ofFractions(a, b))
      : ofIntervals(interval(a), interval(b))

/** a + b. */
export const add = binary(Rational.add, Interval.add)
/** a - b. */
export const subtract = binary(Rational.subtract, Interval.subtract)
/** a b. */
export const multiply = binary(Rational.multiply, Interval.multiply)

/** a / b; all numbers if b is an interval that contains 0. Throws InvalidInput where b is the fraction 0. */
export const divide = (a: Value, b: Value): Value =>
  isFraction(b) && Rational.isZero(b)
    ? invalid("Exact.divide", "a divisor other than 0", {})
    : binary(Rational.divide, Interval.divide)(a, b)

/** -a. */
export const negate = (a: Value): Value => (isFraction(a) ? Rational.negate(a) : Interval.negate(a))

/** The sum of some values; 0 for none. */
export const sum = (...values: ReadonlyArray<Value>): Value => values.reduce(add, zero)

/** The product of some values; 1 for none. */
export const product = (...values: ReadonlyArray<Value>): Value => values.reduce(multiply, one)

/** a^2, which as an interval is nowhere below 0. */
export const square = (a: Value): Value => (isFraction(a) ? multiply(a, a) : Interval.square(a))

/** |a|. */
export const absolute = (a: Value): Value => {
  if (!isFraction(a)) return Interval.absolute(a)
  return a.numerator < 0n ? Rational.negate(a) : a
}

/** Integer square root; undefined if it is not an integer. */
const wholeRoot = (x: bigint): bigint | undefined => {
  if (x <= 0n) return x === 0n ? 0n : undefined
  let root = 1n << BigInt(Math.ceil(Rational.bitsOf(x) / 2))
  for (;;) {
    // Newton's method from above, which ends at the whole part of the root
    const next = (root + x / root) >> 1n
    if (next >= root) return root * root === x ? root : undefined
    root = next
  }
}

/** The square root: a fraction of squares. Throws InvalidInput on negative values. */
export const sqrt = (a: Value): Value => {
  if (isFraction(a)) {
    const [top, bottom] = [wholeRoot(a.numerator), wholeRoot(a.denominator)]
    if (top !== undefined && bottom !== undefined) return Rational.make(top, bottom)
  }
  return Interval.sqrt(interval(a))
}

const wholePower = (a: Value, exponent: number): Value => {
  if (exponent === 0) return one
  const root = wholePower(a, Math.floor(exponent / 2))
  const even = square(root)
  return exponent % 2 === 0 ? even : multiply(even, a)
}

/**
 * a to a rational power: by products and roots for integers and halves, otherwise by logarithms. Throws InvalidInput if a
 * cannot be raised to it.
 */
export const power = (a: Value, exponent: Rational.Rational): Value => {
  if (exponent.numerator < 0n) return divide(one, power(a, Rational.negate(exponent)))
  if (exponent.denominator === 1n) return wholePower(a, Number(exponent.numerator))
  if (exponent.denominator === 2n) {
    return wholePower(sqrt(a), Number(exponent.numerator))
  }
  return exp(multiply(exponent, log(a)))
}

/** An interval for e to a. */
export const exp = (a: Value): Value => Interval.exp(interval(a))

/** An interval for the natural logarithm. Throws InvalidInput where a is not positive. */
export const log = (a: Value): Value => Interval.log(interval(a))

const whole: Value = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** |x - y|^2 of float64 vectors, taken as they are; all numbers where an entry is not finite. */
export const squaredDistance = (x: Float64Array, y: Float64Array): Value => {
  const isFinite = x.every(Number.isFinite) && y.every(Number.isFinite)
  if (!isFinite) return whole
  return sum(...Array.from(x, (entry, i) => square(subtract(of(entry), of(y[i]!)))))
}

/** -1, 0 or 1 as a is certainly below, equal to or above b; undefined where their intervals overlap. */
export const compare = (a: Value, b: Value): number | undefined => {
  if (isFraction(a) && isFraction(b)) return Rational.compare(a, b)
  const [x, y] = [interval(a), interval(b)]
  if (Interval.isBelow(x, y)) return -1
  return Interval.isBelow(y, x) ? 1 : undefined
}
