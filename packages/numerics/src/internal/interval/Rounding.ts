/** Float64 arithmetic rounded to either side: sums, products, quotients and square roots with the sign of their error. */

import * as Elementary from "../../Elementary.ts"

/** Two float64 numbers that bracket the exact result. */
export interface Bracket {
  readonly low: number
  readonly high: number
}

const cell = new Float64Array(1)
const bits = new BigInt64Array(cell.buffer)

/** The least float64 above x; Infinity stays. */
export const up = (x: number): number => {
  if (Number.isNaN(x) || x === Infinity) return x
  if (x === 0) return Number.MIN_VALUE
  cell[0] = x
  bits[0]! += x > 0 ? 1n : -1n
  return cell[0]
}

/** The largest float64 below x; -Infinity stays. */
export const down = (x: number): number => -up(-x)

/** Bracket of a rounded result: exact - rounded has the sign of `error`, which is NaN if unknown. */
const bracket = (rounded: number, error: number): Bracket => {
  if (error === 0) return { low: rounded, high: rounded }
  // a finite result beyond the largest float64 rounds to an infinity, whose neighbour inside is finite
  return { low: error > 0 ? rounded : down(rounded), high: error < 0 ? rounded : up(rounded) }
}

/** Tests whether an infinity is an end of an interval rather than a result; sums and products with it are exact. */
const isUnbounded = (a: number, b: number): boolean => !Number.isFinite(a) || !Number.isFinite(b)

/** a + b: the error of Knuth's two-sum is exact, but for overflow. The ends must not be opposite infinities. */
export const sum = (a: number, b: number): Bracket => {
  const s = a + b
  if (isUnbounded(a, b)) return { low: s, high: s }
  const part = s - a
  return bracket(s, a - (s - part) + (b - part))
}

/** Range of magnitudes in which products and their errors neither overflow nor lose digits. */
const [smallest, largest] = [Elementary.powerOfTwo(-960), Elementary.powerOfTwo(960)]

const isOrdinary = (x: number): boolean => Math.abs(x) > smallest && Math.abs(x) < largest

/** a b - p for the rounded product p, exactly: Dekker and Veltkamp, all three numbers being ordinary. */
const productError = (a: number, b: number, p: number): number => {
  const [x, y] = [134217729 * a, 134217729 * b]
  const [aHigh, bHigh] = [x - (x - a), y - (y - b)]
  const [aLow, bLow] = [a - aHigh, b - bHigh]
  return aLow * bLow - (p - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

/** a b, where 0 times an infinity is 0, since an infinite end is not a value. */
export const product = (a: number, b: number): Bracket => {
  if (a === 0 || b === 0) return { low: 0, high: 0 }
  const p = a * b
  if (isUnbounded(a, b)) return { low: p, high: p }
  const isKnown = isOrdinary(a) && isOrdinary(b) && isOrdinary(p)
  return bracket(p, isKnown ? productError(a, b, p) : Number.NaN)
}

/** a / b for b other than 0; of two infinities 0, as of any number by an infinity. */
export const quotient = (a: number, b: number): Bracket => {
  if (a === 0 || Math.abs(b) === Infinity) return { low: 0, high: 0 }
  const q = a / b
  if (Math.abs(a) === Infinity) return { low: q, high: q }
  if (!(isOrdinary(a) && isOrdinary(b) && isOrdinary(q))) return bracket(q, Number.NaN)
  const p = q * b
  // a and p are neighbours, so that their difference is exact
  const rest = isOrdinary(p) ? a - p - productError(q, b, p) : Number.NaN
  return bracket(q, b > 0 ? rest : -rest)
}

/** The square root of a number that is not negative. */
export const root = (a: number): Bracket => {
  const s = Math.sqrt(a)
  if (a === 0 || a === Infinity) return { low: s, high: s }
  const p = s * s
  const isKnown = isOrdinary(a) && isOrdinary(s) && isOrdinary(p)
  return bracket(s, isKnown ? a - p - productError(s, s, p) : Number.NaN)
}
