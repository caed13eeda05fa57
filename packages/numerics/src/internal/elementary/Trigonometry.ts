/** Sine, cosine and the inverse sine: ports of fdlibm's k_sin.c, k_cos.c, e_rem_pio2.c and e_asin.c. */
import { powerOfTwo } from "./Power.ts"
import { highOf, upper } from "./Words.ts"

/** x - n pi/2 as first + second, in [-pi/4, pi/4], and n modulo 4. */
const reduced = { n: 0, first: 0, second: 0 }

/** Like `reduced`: by three parts of pi/2 with 33 bits each, whose products with n are exact, or in integers if x is large. */
const reduce = (x: number): void => {
  if (Math.abs(x) > 1647099) return reduceLarge(x)
  const n = Math.round(x * 0.6366197723675814)
  const exponent = exponentOf(x)
  let r = x - n * 1.5707963267341256
  let w = n * 6.077100506506192e-11
  let first = r - w
  if (exponent - exponentOf(first) > 16) {
    let before = r
    w = n * 6.077100506303966e-11
    r = before - w
    w = n * 2.0222662487959506e-21 - (before - r - w)
    first = r - w
    if (exponent - exponentOf(first) > 49) {
      before = r
      w = n * 2.0222662487111665e-21
      r = before - w
      w = n * 8.4784276603689e-32 - (before - r - w)
      first = r - w
    }
  }
  reduced.n = n & 3
  reduced.first = first
  reduced.second = r - first - w
}

const exponentOf = (x: number): number => (highOf(x) >> 20) & 0x7ff

/** 2/pi in units of 2^-1280. */
const twoOverPi = BigInt(
  "0x" +
    "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921c" +
    "fe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980f" +
    "ef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d08" +
    "56033046fc7b6babf0cfbc209af4361d",
)
/** pi/2 in units of 2^-160. */
const halfPi = BigInt("0x1921fb54442d18469898cc51701b839a252049c11")

/** As reduce, for |x| of 2^20 and more, which is an integer times a power of two above 2^-33. */
const reduceLarge = (x: number): void => {
  const exponent = exponentOf(x) - 1075
  const digits = BigInt(Math.abs(x) / powerOfTwo(exponent))
  // |x| 2/pi in units of 2^-240, of which the whole turns are dropped; its error is below 2^-200.
  const shift = BigInt(exponent - 1040)
  const product = digits * twoOverPi
  const quarters = BigInt.asUintN(242, shift < 0n ? product >> -shift : product << shift)
  const n = (quarters + (1n << 239n)) >> 240n
  // The rest times pi/2, in units of 2^-240.
  const rest = ((quarters - (n << 240n)) * halfPi) >> 160n
  const first = Number(rest)
  const second = Number(rest - BigInt(first))
  const sign = x < 0 ? -1 : 1
  reduced.n = (sign * Number(n)) & 3
  reduced.first = sign * first * 2 ** -240
  reduced.second = sign * second * 2 ** -240
}

const sinNear0 = (x: number, rest: number): number => {
  const z = x * x
  const w = z * z
  const r =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * 2.7557313707070068e-6) +
    z * w * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)
  const v = z * x
  return x - (z * (0.5 * rest - v * r) - rest - v * -0.16666666666666632)
}

const cosNear0 = (x: number, rest: number): number => {
  const z = x * x
  const w = z * z
  const r =
    z * (0.0416666666666666 + z * (-0.001388888888887411 + z * 2.480158728947673e-5)) +
    w * w * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))
  const half = 0.5 * z
  const value = 1 - half
  return value + (1 - value - half + (z * r - x * rest))
}

/** The sine of x radians; error below 1 ulp; NaN at infinities. */
export const sin = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude >= 2 ** -26)) return x
  if (magnitude === Infinity) return NaN
  if (magnitude < 0.7853981633974483) return sinNear0(x, 0)
  reduce(x)
  const { n, first, second } = reduced
  const value = n & 1 ? cosNear0(first, second) : sinNear0(first, second)
  return n & 2 ? -value : value
}

/** The cosine of x radians; error below 1 ulp; NaN at infinities. */
export const cos = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude < Infinity)) return NaN
  if (magnitude < 0.7853981633974483) return cosNear0(x, 0)
  reduce(x)
  const { n, first, second } = reduced
  const value = n & 1 ? sinNear0(first, second) : cosNear0(first, second)
  return (n + 1) & 2 ? -value : value
}

/** (asin(x) - x) / x^3 of z = x^2. */
const asinRest = (z: number): number =>
  (z *
    (0.16666666666666666 +
      z *
        (-0.3255658186224009 +
          z *
            (0.20121253213486293 +
              z *
                (-0.04005553450067941 +
                  z * (0.0007915349942898145 + z * 3.479331075960212e-5)))))) /
  (1 +
    z *
      (-2.403394911734414 +
        z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194))))

const halfPiLow = 6.123233995736766e-17

/** The inverse sine in radians; error below 1 ulp; NaN outside [-1, 1]. */
export const asin = (x: number): number => {
  const magnitude = Math.abs(x)
  if (!(magnitude >= 2 ** -26)) return x
  if (magnitude < 0.5) return x + x * asinRest(x * x)
  const z = 0.5 - magnitude * 0.5
  const s = Math.sqrt(z)
  const r = asinRest(z)
  let value: number
  if (magnitude >= 0.975) {
    value = Math.PI / 2 - (2 * (s + s * r) - halfPiLow)
  } else {
    const f = upper(s)
    const c = (z - f * f) / (s + f)
    value = Math.PI / 4 - (2 * s * r - (halfPiLow - 2 * c) - (Math.PI / 4 - 2 * f))
  }
  return x < 0 ? -value : value
}
