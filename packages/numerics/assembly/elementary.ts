/** exp and log with the bits of `Elementary.ts` (fdlibm, Sun Microsystems 1993), and exp of two numbers at once. */
import * as Of from "./constants"
import { number } from "./constants"

const ln2High: f64 = 6.9314718036912381649e-1
const ln2Low: f64 = 1.90821492927058770002e-10
const log2e: f64 = 1.4426950408889634
const ln2: f64 = 0.6931471805599453

const c1: f64 = 1.66666666666666019037e-1
const c2: f64 = -2.77777777770155933842e-3
const c3: f64 = 6.61375632143793436117e-5
const c4: f64 = -1.6533902205465251539e-6
const c5: f64 = 4.13813679705723846039e-8

/** 2^k for -1022 <= k <= 1023. */
@inline
function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>((<i64>(k + 1023)) << 52)
}

/** e^x. */
export function exp(x: f64): f64 {
  if (x != x) return x
  if (x > 709.782712893383973096) return Infinity
  if (x < -745.13321910194110842) return 0
  const magnitude = abs(x)
  if (magnitude < 3.725290298461914e-9) return 1 + x
  let hi = x
  let lo: f64 = 0
  let k = 0
  if (magnitude > 0.5 * ln2) {
    const whole = trunc(log2e * x + (x < 0 ? -0.5 : 0.5))
    k = <i32>whole
    hi = x - whole * ln2High
    lo = whole * ln2Low
  }
  const r = hi - lo
  const t = r * r
  const c = r - t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * c5))))
  if (k == 0) return 1 - ((r * c) / (c - 2) - r)
  const y = 1 - (lo - (r * c) / (2 - c) - hi)
  if (k > 1023) return y * 2 * powerOfTwo(k - 1)
  if (k < -1021) return y * powerOfTwo(k + 1000) * 9.332636185032189e-302
  return y * powerOfTwo(k)
}

/** e^x / 2^k of both lanes, where `whole` is k as `exp` chooses it. */
@inline
function reduced(x: v128, whole: v128): v128 {
  const hi = f64x2.sub(x, f64x2.mul(whole, number(Of.ln2High)))
  const lo = f64x2.mul(whole, number(Of.ln2Low))
  const r = f64x2.sub(hi, lo)
  const t = f64x2.mul(r, r)
  let c = f64x2.add(number(Of.exp4), f64x2.mul(t, number(Of.exp5)))
  c = f64x2.add(number(Of.exp3), f64x2.mul(t, c))
  c = f64x2.add(number(Of.exp2nd), f64x2.mul(t, c))
  c = f64x2.add(number(Of.exp1), f64x2.mul(t, c))
  c = f64x2.sub(r, f64x2.mul(t, c))
  // With k = 0, lo is 0 and hi is r, and the quotient of `exp` for that case is this one with both signs changed.
  const quotient = f64x2.div(f64x2.mul(r, c), f64x2.sub(number(Of.two), c))
  return f64x2.sub(number(Of.one), f64x2.sub(f64x2.sub(lo, quotient), hi))
}

/** e^x of both lanes, the bits of `exp`. */
@inline
export function exp2(x: v128): v128 {
  const magnitude = f64x2.abs(x)
  const usual = v128.andnot(
    f64x2.le(magnitude, number(Of.usual)),
    f64x2.lt(magnitude, number(Of.tiny)),
  )
  if (!i64x2.all_true(usual)) return unusual(x)
  const half = v128.or(number(Of.aHalf), v128.and(x, i64x2.splat(i64.MIN_VALUE)))
  const nearest = f64x2.trunc(f64x2.add(f64x2.mul(number(Of.log2e), x), half))
  const whole = v128.and(nearest, f64x2.gt(magnitude, number(Of.halfLn2)))
  return f64x2.mul(reduced(x, whole), power(i32x4.trunc_sat_f64x2_s_zero(whole)))
}

/** A lane is tiny, not a number, or its power close to the ends of the range. */
function unusual(x: v128): v128 {
  return f64x2.replace_lane(
    f64x2.splat(exp(f64x2.extract_lane(x, 0))), 1, exp(f64x2.extract_lane(x, 1)),
  )
}

/** 2^k of the two low lanes of integers. */
@inline
function power(k: v128): v128 {
  return i64x2.shl(i64x2.extend_low_i32x4_s(i32x4.add(k, i32x4.splat(1023))), 52)
}

/** The natural logarithm. */
export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN
  if (x == Infinity) return x
  let k = 0
  let value = x
  if (value < 2.2250738585072014e-308) {
    value *= 18014398509481984
    k = -54
  }
  const bits = reinterpret<i64>(value)
  let top = <i32>(bits >> 32)
  k += (top >> 20) - 1023
  top &= 0x000fffff
  const i = (top + 0x95f64) & 0x100000
  k += i >> 20
  const f = reinterpret<f64>((bits & 0xffffffff) | ((<i64>(top | (i ^ 0x3ff00000))) << 32)) - 1
  const d = <f64>k
  if ((0x000fffff & (2 + top)) < 3) {
    if (f == 0) return k == 0 ? 0 : d * ln2High + d * ln2Low
    const small = f * f * (0.5 - (1.0 / 3.0) * f)
    return k == 0 ? f - small : d * ln2High - (small - d * ln2Low - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)))
  const remainder = odd + even
  if (((top - 0x6147a) | (0x6b851 - top)) > 0) {
    const half = 0.5 * f * f
    return k == 0
      ? f - (half - s * (half + remainder))
      : d * ln2High - (half - (s * (half + remainder) + d * ln2Low) - f)
  }
  return k == 0 ? f - s * (f - remainder) : d * ln2High - (s * (f - remainder) - d * ln2Low - f)
}
