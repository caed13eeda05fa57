/** Powers and roots: ports of fdlibm's e_pow.c and s_cbrt.c, and of musl's hypot.c. */
import { highOf, ofHigh, smallPower, upper } from "./Words.ts"

/** x * x, of an expression that shall be written once. */
export const square = (x: number): number => x * x

/** 2^k for whole k, exactly; 0 below the smallest double and Infinity above the largest. */
export const powerOfTwo = (k: number): number => {
  if (k > 1023) return Infinity
  return k < -1074 ? 0 : smallPower(k)
}

/**
 * x^y as defined by ECMAScript: 1 or -1 to an infinite power is NaN. The error is below 1 ulp. It is below 0.501 ulp if y is
 * an integer up to 2^20 and x^y lies within 2^-900 and 2^900.
 */
export const pow = (x: number, y: number): number => {
  if (y === 2) return x * x
  if (y === 1) return x
  if (y === 0) return 1
  if (y === -1) return 1 / x
  if (x !== x || y !== y) return NaN
  const base = Math.abs(x)
  if (base === 1 && (y === Infinity || y === -Infinity)) return NaN
  const isOdd = y % 2 === 1 || y % 2 === -1
  if (base === 0 || base === Infinity || base === 1) {
    const size = y < 0 ? 1 / base : base
    if (x > 0 || Object.is(x, 0)) return size
    if (isOdd) return -size
    return base === 1 && !Number.isInteger(y) ? NaN : size
  }
  if (y === Infinity || y === -Infinity) return base > 1 === y > 0 ? Infinity : 0
  if (x > 0) return y === 0.5 ? Math.sqrt(x) : ofPositive(x, y)
  if (!Number.isInteger(y)) return NaN
  return isOdd ? -ofPositive(base, y) : ofPositive(base, y)
}

/**
 * x^n for integer n as first + second, to 80 bits: products of pairs, by the binary digits of n. NaN if a part of it may
 * leave the range of exact arithmetic.
 */
const wholePower = (x: number, n: number): number => {
  let [baseFirst, baseSecond, first, second] = [x, 0, 1, 0]
  for (let left = Math.abs(n); ;) {
    if (left % 2 === 1) {
      const product = first * baseFirst
      second = lostOfProduct(first, baseFirst, product) + (first * baseSecond + second * baseFirst)
      first = product
    }
    left = Math.floor(left / 2)
    if (left === 0) break
    const squared = baseFirst * baseFirst
    baseSecond = lostOfProduct(baseFirst, baseFirst, squared) + 2 * baseFirst * baseSecond
    baseFirst = squared
  }
  if (!(first > 2 ** -900 && first < 2 ** 900)) return NaN
  if (n > 0) return first + second
  const inverse = 1 / first
  const product = inverse * first
  return (
    inverse + inverse * (1 - product - lostOfProduct(inverse, first, product) - inverse * second)
  )
}

/** Rounding error of x * y. */
const lostOfProduct = (x: number, y: number, product: number): number => {
  const [xFirst, yFirst] = [upper(x), upper(y)]
  const [xSecond, ySecond] = [x - xFirst, y - yFirst]
  return xFirst * yFirst - product + xFirst * ySecond + xSecond * yFirst + xSecond * ySecond
}

/** x^y for positive x other than 1, both finite: log2(x) to 80 bits as first + second, times y. */
const ofPositive = (x: number, y: number): number => {
  if (Math.abs(y) > 2 ** 64) return x > 1 === y > 0 ? Infinity : 0
  if (Math.abs(y) <= 2 ** 20 && Number.isInteger(y)) {
    const whole = wholePower(x, y)
    if (whole === whole) return whole
  }
  const isSubnormal = x < 2.2250738585072014e-308
  const value = isSubnormal ? x * 2 ** 53 : x
  const word = highOf(value)
  const digits = word & 0x000fffff
  // Normalise to 1 or 1.5, times sqrt(3/4) to sqrt(3/2).
  const isLarge = digits > 0x3988e && digits < 0xbb67a
  const exponent = (word >> 20) - 1023 + (digits >= 0xbb67a ? 1 : 0)
  const a = value * smallPower(-exponent)
  const n = isSubnormal ? exponent - 53 : exponent
  const centre = isLarge ? 1.5 : 1
  const u = a - centre
  const v = 1 / (a + centre)
  const s = u * v
  const sHigh = upper(s)
  const tHigh = upper(a + centre)
  const tLow = a - (tHigh - centre)
  const sLow = v * (u - sHigh * tHigh - sHigh * tLow)
  const z = s * s
  const r =
    z *
      z *
      (0.5999999999999946 +
        z *
          (0.4285714285785502 +
            z *
              (0.33333332981837743 +
                z * (0.272728123808534 + z * (0.23066074577556175 + z * 0.20697501780033842))))) +
    sLow * (sHigh + s)
  const squared = sHigh * sHigh
  const cube = upper(3 + squared + r)
  const cubeLow = r - (cube - 3 - squared)
  const p = sHigh * cube
  const q = sLow * cube + cubeLow * s
  const pHigh = upper(p + q)
  const pLow = q - (pHigh - p)
  const zHigh = 0.9617967009544373 * pHigh
  const zLow =
    -7.028461650952758e-9 * pHigh + pLow * 0.9617966939259756 + (isLarge ? 1.350039202129749e-8 : 0)
  const shift = isLarge ? 0.5849624872207642 : 0
  const first = upper(zHigh + zLow + shift + n)
  const second = zLow - (first - n - shift - zHigh)
  const yHigh = upper(y)
  const low = (y - yHigh) * first + y * second
  return exp2(yHigh * first, low)
}

/** 2^(high + low), where low is the rounding error of a product. */
const exp2 = (high: number, low: number): number => {
  const sum = high + low
  if (sum >= 1024 && (sum > 1024 || low + 8.008566259537294e-17 > sum - high)) return Infinity
  if (sum <= -1075 && (sum < -1075 || low <= sum - high)) return 0
  const n = Math.abs(sum) > 0.5 ? Math.trunc(sum + (sum < 0 ? -0.5 : 0.5)) : 0
  const rest = high - n
  const t = upper(low + rest)
  const u = t * 0.6931471824645996
  const v = (low - (t - rest)) * Math.LN2 + t * -1.904654299957768e-9
  const z = u + v
  const w = v - (z - u)
  const squared = z * z
  const c =
    z -
    squared *
      (0.16666666666666602 +
        squared *
          (-0.0027777777777015593 +
            squared *
              (6.613756321437934e-5 +
                squared * (-1.6533902205465252e-6 + squared * 4.1381367970572385e-8))))
  const value = 1 - ((z * c) / (c - 2) - (w + z * w) - z)
  if (n > 1023) return value * 2 * smallPower(n - 1)
  return n < -1021 ? value * smallPower(n + 1000) * 2 ** -1000 : value * smallPower(n)
}

/** The cube root; error below 0.7 ulp. */
export const cbrt = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude > 0) || magnitude === Infinity) return x
  const isSubnormal = magnitude < 2.2250738585072014e-308
  const word = highOf(isSubnormal ? magnitude * 2 ** 54 : magnitude)
  const rough = ofHigh(Math.trunc(word / 3) + (isSubnormal ? 696219795 : 715094163))
  const r = rough * rough * (rough / magnitude)
  const near =
    rough *
    (1.87595182427177 +
      r * (-1.8849797954337717 + r * 1.6214297201053545) +
      r * r * r * (-0.758397934778766 + r * 0.14599619288661245))
  // Rounded to 23 bits, so that its squared is exact.
  const c = near * (2 ** 30 + 1)
  const t = c - (c - near)
  const quotient = magnitude / (t * t)
  const root = t + t * ((quotient - t) / (t + t + quotient))
  return x < 0 ? -root : root
}

/** Length of (x, y) without intermediate underflow or overflow; error below 1 ulp. */
export const hypot = (x: number, y: number): number => {
  let a = Math.abs(x)
  let b = Math.abs(y)
  if (a === Infinity || b === Infinity) return Infinity
  if (!(a >= b)) [a, b] = [b, a]
  if (b === 0) return a
  if (a > 2 ** 65 * b) return a + b
  const scale = a > 2 ** 510 ? 2 ** -700 : b < 2 ** -450 ? 2 ** 700 : 1
  a *= scale
  b *= scale
  const sum = lostOfSquare(b) + lostOfSquare(a) + b * b + a * a
  return Math.sqrt(sum) / scale
}

/** Rounding error of x * x. */
const lostOfSquare = (x: number): number => {
  const first = upper(x)
  const second = x - first
  return first * first - x * x + (2 * first + second) * second
}
