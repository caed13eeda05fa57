/**
 * The standard normal distribution: distribution function, its logarithm, and the inverses, accurate in both tails.
 *
 * Logarithms are for privacy accounting: probabilities of 1e-300 and below underflow. Built on ErrorFunction and Elementary, so the
 * bits repeat on every engine.
 */
import { expOfSquare, polynomial } from "./internal/Approximation.ts"
import * as Elementary from "./Elementary.ts"
import { erfc, erfcx } from "./ErrorFunction.ts"

const log2 = Math.LN2
const sqrtTwoOverPi = 0.7978845608028654

/**
 * P(Z <= x); relative error below 1e-15 also in the lower tail, down to the smallest normal result (x about -37.5).
 *
 * @example
 * ```ts import.meta.vitest
 * import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
 *
 * NormalDistribution.cdf(1.96) // ≈ 0.9750
 * ```
 */
export const cdf = (x: number): number => {
  if (x > -1) return 0.5 * erfc(-x * Math.SQRT1_2)
  return x < -40 ? 0 : 0.5 * expOfSquare(-0.5, x) * erfcx(-x * Math.SQRT1_2)
}

/** log P(Z <= x); relative error below 1e-15 for every x, also where the probability itself underflows or rounds to 1. */
export const logCdf = (x: number): number => {
  if (x < -1) {
    if (x === -Infinity) return x
    return Elementary.log(0.5 * erfcx(-x * Math.SQRT1_2)) - 0.5 * x * x
  }
  return Elementary.log1p(-cdf(-x))
}

const centralNumerator = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
]
const centralDenominator = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
]
const middleNumerator = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
]
const middleDenominator = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
]
const tailNumerator = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
]
const tailDenominator = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
]

/** Wichura's tail approximation at r = sqrt(-log p), the smaller of the two probabilities. */
const tail = (r: number): number =>
  r <= 5
    ? polynomial(r - 1.6, middleNumerator) / polynomial(r - 1.6, middleDenominator)
    : polynomial(r - 5, tailNumerator) / polynomial(r - 5, tailDenominator)

/**
 * The x with P(Z <= x) = p, for p in [0, 1]; NaN outside. Relative error below 1e-15 of x, given p exactly.
 *
 * Wichura, algorithm AS 241 (1988), and in the lower tail one Newton step on logCdf.
 */
export const inverse = (p: number): number => {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(r, centralNumerator)) / polynomial(r, centralDenominator)
  }
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN
  return q < 0 ? inverseLog(Elementary.log(p)) : -inverseLog(Elementary.log(1 - p))
}

/**
 * The x with log P(Z <= x) = logP, for logP <= 0; NaN above. Works where exp(logP) underflows or rounds to 1. The relative error
 * of x is below 1e-15, except near logP = -log 2, where x passes through 0 and the absolute error is 1e-16.
 */
export const inverseLog = (logP: number): number => {
  if (!(logP < 0)) return logP === 0 ? Infinity : NaN
  if (logP === -Infinity) return logP
  if (logP > -log2) {
    // P(Z > x) from log P(Z <= x), without the cancellation of 1 - exp.
    const upper = -Elementary.expm1(logP)
    return upper < 0.075 ? -inverseLog(Elementary.log(upper)) : -inverse(upper)
  }
  if (logP > -2.5) return inverse(Elementary.exp(logP))
  const r = Math.sqrt(-logP)
  let x = r <= 27 ? -tail(r) : -Math.sqrt(2) * r
  // Newton on logCdf, whose slope is the density over the probability. It is nearly quadratic out here: two or three steps.
  for (let i = 0; i < 8; i++) {
    const slope = sqrtTwoOverPi / erfcx(-x * Math.SQRT1_2)
    const step = (logCdf(x) - logP) / slope
    x -= step
    if (Math.abs(step) <= 1e-9 * Math.abs(x)) break
  }
  return x
}
