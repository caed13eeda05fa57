/** Fractions of integers of any length, in lowest terms. */
import * as Elementary from "./Elementary.ts"

export interface Rational {
  readonly numerator: bigint
  /** Above 0. */
  readonly denominator: bigint
}

/** The absolute value. */
export const magnitude = (x: bigint): bigint => (x < 0n ? -x : x)

const largestSafe = BigInt(Number.MAX_SAFE_INTEGER)

/** The greatest common divisor, at least 0. */
export const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [magnitude(a), magnitude(b)]
  // as the denominator of every double
  const isPowerOfTwo = y > 0n && (y & (y - 1n)) === 0n
  if (isPowerOfTwo && x > 0n) {
    const lowestBit = x & -x
    return lowestBit < y ? lowestBit : y
  }
  while (y > largestSafe) [x, y] = [y, x % y]
  if (y === 0n) return x
  // the remainders of numbers that a double holds are exact
  let [divisor, rest] = [Number(y), Number(x % y)]
  while (rest > 0) [divisor, rest] = [rest, divisor % rest]
  return BigInt(divisor)
}

/** The fraction in lowest terms; the denominator must not be 0. */
export const make = (numerator: bigint, denominator: bigint): Rational => {
  const common = gcd(numerator, denominator) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / common, denominator: denominator / common }
}

export const zero: Rational = { numerator: 0n, denominator: 1n }
export const one: Rational = { numerator: 1n, denominator: 1n }

/** a + b. */
export const add = (a: Rational, b: Rational): Rational =>
  make(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)

/** -a. */
export const negate = (a: Rational): Rational => ({ ...a, numerator: -a.numerator })

/** a - b. */
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b))

/** a b. */
export const multiply = (a: Rational, b: Rational): Rational =>
  make(a.numerator * b.numerator, a.denominator * b.denominator)

/** b must not be 0. */
export const divide = (a: Rational, b: Rational): Rational =>
  make(a.numerator * b.denominator, a.denominator * b.numerator)

/** -1, 0 or 1 as a is below, equal to or above b. */
export const compare = (a: Rational, b: Rational): number => {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Tests whether the fraction is 0. */
export const isZero = (a: Rational): boolean => a.numerator === 0n

/** "3", "-1/6". */
export const toText = ({ denominator, numerator }: Rational): string =>
  denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`

/** Binary digits of the magnitude, up to the next multiple of four; 0 for 0. */
export const bitsOf = (x: bigint): number => (x === 0n ? 0 : magnitude(x).toString(16).length * 4)

/** Nearest double, or one of its neighbours. */
export const toNumber = ({ denominator, numerator }: Rational): number => {
  const shift = 64 + bitsOf(denominator) - bitsOf(numerator)
  const quotient =
    shift > 0
      ? (numerator << BigInt(shift)) / denominator
      : numerator / (denominator << BigInt(-shift))
  // in two steps, of which neither overflows
  const half = Math.trunc(shift / 2)
  return Number(quotient) * Elementary.powerOfTwo(-half) * Elementary.powerOfTwo(half - shift)
}

/** Maximum number of digits and size of exponents; longer text is rejected before any arithmetic. */
const longest = 4096
const largestExponent = 400

const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

const parseDecimal = (text: string): Rational | undefined => {
  const [, sign, whole, part = "", power = "0"] = decimal.exec(text) ?? []
  if (whole === undefined) return undefined
  const exponent = Number(power) - part.length
  if (Math.abs(Number(power)) > largestExponent) return undefined
  const digits = BigInt(`${sign}${whole}${part}`)
  return exponent >= 0
    ? make(digits * 10n ** BigInt(exponent), 1n)
    : make(digits, 10n ** BigInt(-exponent))
}

/**
 * Reads "3", "-0.25", "1e-3", "1/6" and "0.1/0.3", exactly; undefined for anything else.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Rational from "@nonconvex/numerics/Rational"
 *
 * Rational.toText(Rational.parse("0.125")!) // => "1/8"
 * ```
 */
export const parse = (text: string): Rational | undefined => {
  if (text.length > longest) return undefined
  const parts = text.split("/")
  const [top, bottom = one] = parts.map((part) => parseDecimal(part.trim()))
  if (parts.length > 2 || top === undefined || parts.length !== (bottom === one ? 1 : 2)) {
    return undefined
  }
  return isZero(bottom) ? undefined : divide(top, bottom)
}

/** Exact fraction of a double, with a power of two as denominator. The double must be finite. */
export const fromDouble = (x: number): Rational => {
  let shift = 0n
  let value = x
  while (!Number.isInteger(value)) {
    value *= 2
    shift++
  }
  return make(BigInt(value), 1n << shift)
}

/**
 * First convergent of the continued fraction of x, starting from its integer part, that lies within `tolerance` of it. A
 * fraction with a smaller denominator that is not a convergent may also lie within it. Both arguments are finite, and the
 * tolerance is positive.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Rational from "@nonconvex/numerics/Rational"
 *
 * Rational.toText(Rational.near(Math.PI, 0.002)) // => "22/7"
 * ```
 */
export const near = (x: number, tolerance: number): Rational => {
  const exact = fromDouble(x)
  const within = (a: Rational) => Math.abs(toNumber(subtract(a, exact))) <= tolerance
  let [before, last] = [
    { numerator: 1n, denominator: 0n },
    { numerator: floor(exact), denominator: 1n },
  ]
  let rest = subtract(exact, last)
  while (!within(last)) {
    const next = divide(one, rest)
    const term = floor(next)
    const numerator = term * last.numerator + before.numerator
    const denominator = term * last.denominator + before.denominator
    before = last
    last = { numerator, denominator }
    rest = subtract(next, make(term, 1n))
  }
  return last
}

const floor = ({ denominator, numerator }: Rational): bigint => {
  const quotient = numerator / denominator
  return numerator % denominator < 0n ? quotient - 1n : quotient
}
