/**
 * exp and log from IEEE + - * / and bit operations alone, so that their bits are the same on every engine.
 *
 * ECMAScript leaves Math.exp and Math.log to the engine. These are ports of fdlibm's e_exp.c and e_log.c (Sun Microsystems,
 * 1993), whose error is below one ulp.
 */
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
double[0] = 1
/** Index of the word that holds sign and exponent: 1 on little-endian machines. */
const high = words[1] === 0 ? 0 : 1
const low = 1 - high

const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

/** 2^k for -1022 <= k <= 1023. */
const powerOfTwo = (k: number): number => {
  words[low] = 0
  words[high] = (k + 1023) << 20
  return double[0]!
}

/** e^x; error below 1 ulp. */
export const exp = (x: number): number => {
  if (x !== x) return x
  if (x > 709.782712893384) return Infinity
  if (x < -745.1332191019411) return 0
  const magnitude = Math.abs(x)
  if (magnitude < 2 ** -28) return 1 + x
  let hi = x
  let lo = 0
  let k = 0
  if (magnitude > 0.5 * Math.LN2) {
    k = Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5))
    hi = x - k * ln2High
    lo = k * ln2Low
  }
  const r = hi - lo
  const t = r * r
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))))
  if (k === 0) return 1 - ((r * c) / (c - 2) - r)
  const y = 1 - (lo - (r * c) / (2 - c) - hi)
  // Two factors keep every intermediate power normal where the result is subnormal or close to the largest double.
  if (k > 1023) return y * 2 * powerOfTwo(k - 1)
  if (k < -1021) return y * powerOfTwo(k + 1000) * 2 ** -1000
  return y * powerOfTwo(k)
}

/** The natural logarithm; error below 1 ulp; -Infinity at 0 and NaN below. */
export const log = (x: number): number => {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  let k = 0
  let value = x
  if (value < 2.2250738585072014e-308) {
    value *= 2 ** 54
    k = -54
  }
  double[0] = value
  let top = words[high]!
  k += (top >> 20) - 1023
  top &= 0x000fffff
  const i = (top + 0x95f64) & 0x100000
  // Normalise to sqrt(1/2) <= value < sqrt(2).
  words[high] = top | (i ^ 0x3ff00000)
  k += i >> 20
  const f = double[0] - 1
  if ((0x000fffff & (2 + top)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * ln2High + k * ln2Low
    const small = f * f * (0.5 - (1 / 3) * f)
    return k === 0 ? f - small : k * ln2High - (small - k * ln2Low - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const remainder = odd + even
  if (((top - 0x6147a) | (0x6b851 - top)) > 0) {
    const half = 0.5 * f * f
    return k === 0
      ? f - (half - s * (half + remainder))
      : k * ln2High - (half - (s * (half + remainder) + k * ln2Low) - f)
  }
  return k === 0 ? f - s * (f - remainder) : k * ln2High - (s * (f - remainder) - k * ln2Low - f)
}

/** log(1 + x); error below 3 ulp; -Infinity at -1 and NaN below. */
export const log1p = (x: number): number => {
  const u = 1 + x
  if (u === 1) return x
  if (u === Infinity || !(u > 0)) return log(u)
  // Kahan: the error of log(u) that comes from rounding u cancels in the quotient, whose other factor is exact.
  return log(u) * (x / (u - 1))
}

/** e^x - 1; error below 5 ulp. */
export const expm1 = (x: number): number => {
  const u = exp(x)
  if (u === 1) return x
  if (Math.abs(x) > 1) return u - 1
  return (u - 1) * (x / log(u))
}
