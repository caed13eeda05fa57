/** e^x, e^x - 1 and the hyperbolic functions: ports of fdlibm's e_exp.c, s_expm1.c, e_sinh.c, e_cosh.c and s_tanh.c. */
import { smallPower } from "./Words.ts"

const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

/** e^x; error below 1 ulp. */
export const exp = (x: number): number => {
  if (!(x <= 709.782712893384 && x >= -745.1332191019411)) return x > 0 ? Infinity : x < 0 ? 0 : x
  const magnitude = Math.abs(x)
  let hi = x
  let lo = 0
  let k = 0
  if (magnitude > 0.5 * Math.LN2) {
    k = (Math.LOG2E * x + (x < 0 ? -0.5 : 0.5)) | 0
    hi = x - k * ln2High
    lo = k * ln2Low
  } else if (magnitude < 2 ** -28) {
    return 1 + x
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
  if (k > 1023) return y * 2 * smallPower(k - 1)
  if (k < -1021) return y * smallPower(k + 1000) * 2 ** -1000
  return y * smallPower(k)
}

/** e^x - 1; error below 1 ulp. */
export const expm1 = (argument: number): number => {
  const magnitude = Math.abs(argument)
  if (!(magnitude >= 2 ** -54)) return argument
  if (argument > 709.782712893384) return Infinity
  if (argument < -38.816242) return -1
  let x = argument
  let c = 0
  let k = 0
  if (magnitude > 0.5 * Math.LN2) {
    k = magnitude < 1.5 * Math.LN2 ? Math.sign(x) : (Math.LOG2E * x + (x < 0 ? -0.5 : 0.5)) | 0
    const hi = x - k * ln2High
    const lo = k * ln2Low
    x = hi - lo
    c = hi - x - lo
  }
  const half = 0.5 * x
  const square = x * half
  const r =
    1 +
    square *
      (-0.03333333333333313 +
        square *
          (0.0015873015872548146 +
            square *
              (-7.93650757867488e-5 +
                square * (4.008217827329362e-6 + square * -2.0109921818362437e-7))))
  const t = 3 - r * half
  let e = square * ((r - t) / (6 - x * t))
  if (k === 0) return x - (x * e - square)
  e = x * (e - c) - c - square
  return scaledLessOne(x, e, k)
}

/** 2^k (1 + x - e) - 1 of whole k other than 0, without the cancellation. */
const scaledLessOne = (x: number, e: number, k: number): number => {
  if (k === -1) return 0.5 * (x - e) - 0.5
  if (k === 1) return x < -0.25 ? -2 * (e - (x + 0.5)) : 1 + 2 * (x - e)
  if (k <= -2 || k > 56) {
    const y = 1 - (e - x)
    return (k === 1024 ? y * 2 * 2 ** 1023 : y * smallPower(k)) - 1
  }
  const small = smallPower(-k)
  return (k < 20 ? 1 - small - (e - x) : x - (e + small) + 1) * smallPower(k)
}

/** The hyperbolic tangent; error below 2.5 ulp. */
export const tanh = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude >= 2 ** -28)) return x
  if (magnitude >= 22) return Math.sign(x)
  const t = expm1(magnitude >= 1 ? 2 * magnitude : -2 * magnitude)
  const z = magnitude >= 1 ? 1 - 2 / (t + 2) : -t / (t + 2)
  return x < 0 ? -z : z
}

/** The hyperbolic sine; error below 2 ulp. */
export const sinh = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude >= 2 ** -28)) return x
  const half = x < 0 ? -0.5 : 0.5
  if (magnitude < 22) {
    const t = expm1(magnitude)
    return half * (magnitude < 1 ? 2 * t - (t * t) / (t + 1) : t + t / (t + 1))
  }
  return halfOfLarge(magnitude, half)
}

/** The hyperbolic cosine; error below 2 ulp. */
export const cosh = (x: number): number => {
  const magnitude = Math.abs(x)
  if (magnitude < 0.5 * Math.LN2) {
    const t = expm1(magnitude)
    const w = 1 + t
    return 1 + (t * t) / (w + w)
  }
  if (magnitude < 22) {
    const t = exp(magnitude)
    return 0.5 * t + 0.5 / t
  }
  return halfOfLarge(magnitude, 0.5)
}

/** `half` times e^x, also where e^x overflows and its half does not. */
const halfOfLarge = (x: number, half: number): number => {
  if (x < 709) return half * exp(x)
  const w = exp(0.5 * x)
  return half * w * w
}
