/** Exponential and logarithm as enclosures: series in intervals with bounded remainders. */
import * as Elementary from "../../Elementary.ts"
import { invalid } from "../../InvalidInput.ts"
import { add, divide, type Interval, multiply, point, square, subtract } from "./Arithmetic.ts"
import * as Rounding from "./Rounding.ts"

/** ln 2 = high + low: the high part has 32 binary digits, so that its product with an exponent is exact (fdlibm). */
const ln2High = 6.9314718036912381649e-1
const ln2Low: Interval = {
  low: Rounding.down(1.90821492927058770002e-10),
  high: Rounding.up(1.90821492927058770002e-10),
}

const timesLn2 = (k: number): Interval => add(point(k * ln2High), multiply(point(k), ln2Low))

/** x 2^k in two steps, the first of which stays in the normal range. */
const scaled = (x: Interval, k: number): Interval => {
  const half = Math.trunc(k / 2)
  const first = multiply(x, point(Elementary.powerOfTwo(half)))
  return multiply(first, point(Elementary.powerOfTwo(k - half)))
}

/** Number of terms of the series of exp, and the remainder for |r| <= 0.35: r^18 / 18! e^0.35 < 2e-24. */
const expTerms = 17
const expRest: Interval = { low: -2e-24, high: 2e-24 }

const expOf = (x: number): Interval => {
  // beyond these exp has no ordinary float64
  if (x > 710) return { low: Number.MAX_VALUE, high: Infinity }
  if (x < -746) return { low: 0, high: Number.MIN_VALUE }
  const k = Math.round(x / ln2High)
  // the high part first: x minus it is nearly exact
  const r = subtract(subtract(point(x), point(k * ln2High)), multiply(point(k), ln2Low))
  let sum: Interval = point(1)
  for (let i = expTerms; i > 0; i--) {
    sum = add(point(1), divide(multiply(r, sum), point(i)))
  }
  const { high, low } = scaled(add(sum, expRest), k)
  return { low: Math.max(0, low), high }
}

/** e to a, by its Taylor series after a reduction by ln 2. */
export const exp = (a: Interval): Interval => ({
  low: expOf(a.low).low,
  high: expOf(a.high).high,
})

/** Number of terms of the series of atanh(s) / s, and the remainder for s^2 <= 0.0295: s^24 / 25 / (1 - s^2) < 2e-20. */
const logTerms = 12
const logRest: Interval = { low: 0, high: 2e-20 }

const cell = new Float64Array(1)
const words = new BigUint64Array(cell.buffer)

/** x = m 2^k with m between sqrt(1/2) and sqrt 2; x is positive and finite. */
const split = (x: number): readonly [m: number, k: number] => {
  const isTiny = x < Elementary.powerOfTwo(-1000)
  cell[0] = isTiny ? x * Elementary.powerOfTwo(60) : x
  const exponent = Number(words[0]! >> 52n) - 1023
  const m = cell[0] * Elementary.powerOfTwo(-exponent)
  const k = isTiny ? exponent - 60 : exponent
  return m > Math.SQRT2 ? [m / 2, k + 1] : [m, k]
}

const logOf = (x: number): Interval => {
  if (x <= 0) return { low: -Infinity, high: -Infinity }
  if (x === Infinity) return { low: Infinity, high: Infinity }
  const [m, k] = split(x)
  const s = divide(subtract(point(m), point(1)), add(point(m), point(1)))
  const s2 = square(s)
  let sum: Interval = point(0)
  for (let i = logTerms - 1; i >= 0; i--) {
    sum = add(divide(point(1), point(2 * i + 1)), multiply(s2, sum))
  }
  return add(multiply(multiply(point(2), s), add(sum, logRest)), timesLn2(k))
}

/**
 * Natural logarithms of the positive part of a, by the series of atanh((m - 1) / (m + 1)). Throws InvalidInput if it has no
 * positive part.
 */
export const log = (a: Interval): Interval => {
  if (a.high <= 0) return invalid("Interval.log", "a positive number", { ...a })
  return { low: logOf(a.low).low, high: logOf(a.high).high }
}
