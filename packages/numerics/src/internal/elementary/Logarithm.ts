/** Logarithms and their kin: ports of fdlibm's e_log.c, s_log1p.c, e_log2.c, e_log10.c, s_asinh.c and e_atanh.c. */
import { exp } from "./Exponential.ts"
import { highOf, smallPower, upper } from "./Words.ts"

const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10
const smallestNormal = 2.2250738585072014e-308

/** (log(1 + f) - f + f^2/2) / s, where s = f / (2 + f), of sqrt(1/2) <= 1 + f < sqrt(2), is this and f^2/2. */
const remainderOf = (s: number): number => {
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  return odd + even
}

/** The natural logarithm; error below 1 ulp; -Infinity at 0 and NaN below. */
export const log = (x: number): number => {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  const isSubnormal = x < smallestNormal
  const value = isSubnormal ? x * 2 ** 54 : x
  const word = highOf(value)
  const top = word & 0x000fffff
  const i = (top + 0x95f64) & 0x100000
  // Normalise to sqrt(1/2) <= value < sqrt(2).
  const k = (word >> 20) - 1023 + (i >> 20) - (isSubnormal ? 54 : 0)
  const f = value * smallPower(1023 - (word >> 20) - (i >> 20)) - 1
  // No function of its own: one that is called too seldom to be inlined would make an object of each number that this returns.
  if ((0x000fffff & (2 + top)) < 3) {
    const small = f * f * (0.5 - (1 / 3) * f)
    return k * ln2High - (small - k * ln2Low - f)
  }
  const s = f / (2 + f)
  const remainder = remainderOf(s)
  if (((top - 0x6147a) | (0x6b851 - top)) > 0) {
    const half = 0.5 * f * f
    return k * ln2High - (half - (s * (half + remainder) + k * ln2Low) - f)
  }
  return k * ln2High - (s * (f - remainder) - k * ln2Low - f)
}

/** log(1 + x); error below 1 ulp; -Infinity at -1 and NaN below. */
export const log1p = (x: number): number => {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN
  if (x === Infinity || Math.abs(x) < 2 ** -54) return x
  let k = 0
  let f = x
  let c = 0
  if (!(x > -0.2928932188134525 && x < 0.4142135623730951)) {
    const u = 1 + x
    const word = highOf(u) + (0x3ff00000 - 0x3fe6a09e)
    k = (word >> 20) - 1023
    // What rounding took from 1 + x, relative to it.
    if (k < 54) c = (k >= 2 ? 1 - (u - x) : x - (u - 1)) / u
    f = u * smallPower(-k) - 1
  }
  const half = 0.5 * f * f
  const s = f / (2 + f)
  return s * (half + remainderOf(s)) + (k * ln2Low + c) - half + f + k * ln2High
}

/** A double of 1 + f in [sqrt(1/2), sqrt(2)) and its power of two: log(1 + f) = high + low, and high times 21 bits is exact. */
const split = { k: 0, high: 0, low: 0 }

const splitLog = (x: number): void => {
  const isSubnormal = x < smallestNormal
  const value = isSubnormal ? x * 2 ** 54 : x
  const word = highOf(value) + (0x3ff00000 - 0x3fe6a09e)
  split.k = (word >> 20) - 1023 - (isSubnormal ? 54 : 0)
  const f = value * smallPower(1023 - (word >> 20)) - 1
  const half = 0.5 * f * f
  const s = f / (2 + f)
  split.high = upper(f - half)
  split.low = f - split.high - half + s * (half + remainderOf(s))
}

/** The logarithm to base 2, exact at powers of two; error below 1 ulp; -Infinity at 0 and NaN below. */
export const log2 = (x: number): number => {
  if (!(x > 0) || x === Infinity) return log(x)
  splitLog(x)
  const { k, high, low } = split
  const main = high * 1.4426950407214463
  const rest = (low + high) * 1.6751713164886512e-10 + low * 1.4426950407214463
  const sum = k + main
  return rest + (k - sum + main) + sum
}

/** The logarithm to base 10, exact at powers of ten; error below 1 ulp; -Infinity at 0 and NaN below. */
export const log10 = (x: number): number => {
  if (!(x > 0) || x === Infinity) return log(x)
  splitLog(x)
  const { k, high, low } = split
  const main = high * 0.4342944818781689
  const whole = k * 0.30102999566361177
  const sum = whole + main
  const rest =
    k * 3.694239077158931e-13 + (low + high) * 2.5082946711645275e-11 + low * 0.4342944818781689
  return rest + (whole - sum + main) + sum
}

/** The inverse of the hyperbolic sine; error below 2 ulp. */
export const asinh = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude >= 2 ** -28) || magnitude === Infinity) return x
  const square = magnitude * magnitude
  const value =
    magnitude > 2 ** 28
      ? log(magnitude) + Math.LN2
      : magnitude > 2
        ? log(2 * magnitude + 1 / (Math.sqrt(square + 1) + magnitude))
        : log1p(magnitude + square / (1 + Math.sqrt(1 + square)))
  return x < 0 ? -value : value
}

/** The inverse of the hyperbolic tangent; error below 2 ulp; NaN outside [-1, 1]. */
export const atanh = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude >= 2 ** -28)) return x
  const twice = 2 * magnitude
  const value =
    0.5 *
    log1p(magnitude < 0.5 ? twice + (twice * magnitude) / (1 - magnitude) : twice / (1 - magnitude))
  return x < 0 ? -value : value
}

/** log(1 + e^x), without overflow. */
export const softplus = (x: number): number => (x < 0 ? log1p(exp(x)) : log1p(exp(-x)) + x)
