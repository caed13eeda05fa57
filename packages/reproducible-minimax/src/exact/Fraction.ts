/** Fractions of whole numbers of any length. */
import * as Elementary from "@nonconvex/numerics/Elementary"

export interface Fraction {
  readonly numerator: bigint
  /** Above 0. */
  readonly denominator: bigint
}

export const magnitude = (x: bigint): bigint => (x < 0n ? -x : x)

export const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [magnitude(a), magnitude(b)]
  while (y > 0n) [x, y] = [y, x % y]
  return x
}

/** In lowest terms; the denominator must not be 0. */
export const fraction = (numerator: bigint, denominator: bigint): Fraction => {
  const common = gcd(numerator, denominator) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / common, denominator: denominator / common }
}

/** Binary digits of the magnitude. */
export const bitsOf = (x: bigint): number => (x === 0n ? 0 : magnitude(x).toString(16).length * 4)

/** The double next to a fraction, to its last digit or the one before. */
export const toNumber = ({ denominator, numerator }: Fraction): number => {
  const shift = 64 + bitsOf(denominator) - bitsOf(numerator)
  const quotient =
    shift > 0
      ? (numerator << BigInt(shift)) / denominator
      : numerator / (denominator << BigInt(-shift))
  // in two steps, of which neither overflows
  const half = Math.trunc(shift / 2)
  return Number(quotient) * Elementary.powerOfTwo(-half) * Elementary.powerOfTwo(half - shift)
}
