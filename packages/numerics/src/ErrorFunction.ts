/**
 * Complementary error function and its scaled form, with relative error 1e-15 over the whole range.
 *
 * Rational approximations of fdlibm's s_erf.c (Sun Microsystems, 1993); added here: the scaled function from the same
 * coefficients, and its asymptotic series beyond 28. Built on Elementary, so the bits repeat on every engine.
 */
import { expOfSquare, polynomial } from "./internal/Approximation.ts"
import * as Elementary from "./Elementary.ts"

/** erf(1) rounded to single precision, the centre of the second interval. */
const centre = 0.8450629115104675
/** 1 / sqrt(pi). */
const inverseSqrtPi = 0.5641895835477563

/** erf(x) / x - 1 on [0, 0.84375], in x^2. */
const smallNumerator = [
  0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
  -2.3763016656650163e-5,
]
const smallDenominator = [
  1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
  -3.960228278775368e-6,
]
/** erf(x) - centre on [0.84375, 1.25], in x - 1. */
const middleNumerator = [
  -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
  -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
]
const middleDenominator = [
  1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164,
  0.01363708391202905, 0.011984499846799107,
]
/** log(x erfcx(x)) + 0.5625 on [1.25, 1 / 0.35], in 1 / x^2. */
const largeNumerator = [
  -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006,
  -162.39666946257347, -184.60509290671104, -81.2874355063066, -9.814329344169145,
]
const largeDenominator = [
  1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679,
  429.00814002756783, 108.63500554177944, 6.570249770319282, -0.0604244152148581,
]
/** The same on [1 / 0.35, 28]. */
const tailNumerator = [
  -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192,
  -637.5664433683896, -1025.0951316110772, -483.5191916086514,
]
const tailDenominator = [
  1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955,
  2553.0504064331644, 474.52854120695537, -22.44095244658582,
]

/** log(x erfcx(x)) for 1.25 <= x <= 28. */
const logScaledTail = (x: number): number => {
  const s = 1 / (x * x)
  const quotient =
    x < 1 / 0.35
      ? polynomial(s, largeNumerator) / polynomial(s, largeDenominator)
      : polynomial(s, tailNumerator) / polynomial(s, tailDenominator)
  return quotient - 0.5625
}

/**
 * erfc(x) = 1 - erf(x); relative error below 1e-15 down to the smallest normal result (x about 26.5), 0 beyond 27.3.
 *
 * @internal
 */
export const erfc = (x: number): number => {
  if (x !== x) return x
  const magnitude = Math.abs(x)
  if (magnitude < 0.84375) {
    const z = x * x
    const y = polynomial(z, smallNumerator) / polynomial(z, smallDenominator)
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y)
  }
  if (magnitude < 1.25) {
    const s = magnitude - 1
    const quotient = polynomial(s, middleNumerator) / polynomial(s, middleDenominator)
    return x < 0 ? 1 + (centre + quotient) : 1 - centre - quotient
  }
  if (magnitude > 28) return x < 0 ? 2 : 0
  if (x < -6) return 2
  const tail = expOfSquare(-1, magnitude, logScaledTail(magnitude)) / magnitude
  return x < 0 ? 2 - tail : tail
}

/**
 * erfcx(x) = exp(x^2) erfc(x); relative error below 1e-15; Infinity below about -26.6.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as ErrorFunction from "@nonconvex/numerics/ErrorFunction"
 *
 * ErrorFunction.erfcx(100) // ≈ 0.005642
 * ```
 */
export const erfcx = (x: number): number => {
  if (x !== x) return x
  if (x > 28) {
    // The series alternates and the first term left out is below a tenth of an ulp here.
    const s = 1 / (2 * x * x)
    return (
      (inverseSqrtPi *
        (1 -
          s *
            (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s * (1 - 11 * s * (1 - 13 * s)))))))) /
      x
    )
  }
  if (x >= 1.25) return Elementary.exp(logScaledTail(x)) / x
  return x < -27 ? Infinity : expOfSquare(1, x) * erfc(x)
}
