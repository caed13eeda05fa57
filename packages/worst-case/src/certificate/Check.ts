/**
 * Checks certificates: it reads the method, and adds and multiplies integers. No solver and no floating-point numbers are
 * involved.
 */
import { fractions } from "../estimation/Field.ts"
import {
  performanceEstimation,
  type PerformanceEstimation,
} from "../estimation/PerformanceEstimation.ts"
import * as Definite from "../exact/Definite.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import { FalseCertificate } from "../method/Failures.ts"
import type { Certificate } from "./Certificate.ts"
import * as Proof from "./Proof.ts"

/** A checked bound. */
export interface Theorem {
  readonly measure: string
  readonly bound: Rational.Rational
  readonly model: PerformanceEstimation<Rational.Rational>
  readonly multipliers: ReadonlyMap<number, Rational.Rational>
  readonly squares: Definite.Squares
}

const refuse = (place: string, problem: string): never => {
  throw new FalseCertificate({ place, problem })
}

const read = (place: string, text: string): Rational.Rational =>
  Rational.parse(text) ?? refuse(place, `${JSON.stringify(text.slice(0, 40))} is not a fraction`)

/**
 * Returns the theorem of a certificate. Throws FalseCertificate with the place if it proves nothing, and InvalidMethod,
 * NoInterpolation and TooLarge on a bad method.
 *
 * @example
 * ```ts import.meta.vitest
 * import { certify, check, Methods } from "@nonconvex/worst-case"
 *
 * const f = { class: "smooth-convex", L: 1 }
 * const certificate = certify(Methods.gradientDescent({ steps: 2, rate: 1, class: f }))
 * check(certificate).bound // => { numerator: 1n, denominator: 10n }
 * ```
 */
export const check = (certificate: Certificate): Theorem => {
  const model = performanceEstimation(fractions, certificate.method)
  if (certificate.measure !== model.measure) {
    refuse("measure", `the method measures ${model.measure}, not ${certificate.measure}`)
  }
  const multipliers = new Map<number, Rational.Rational>()
  certificate.multipliers.forEach(({ condition, index, multiplier }, i) => {
    const place = `multipliers[${i}]`
    const known = model.conditions[index]
    if (known === undefined) {
      refuse(
        `${place}.index`,
        `condition ${index} does not exist; there are ${model.conditions.length}`,
      )
    }
    const expected = certificate.version === 1 ? known!.name : known!.inequality
    if (expected !== condition) {
      refuse(`${place}.condition`, `condition ${index} is "${expected}", not "${condition}"`)
    }
    if (multipliers.has(index)) refuse(`${place}.index`, `condition ${index} occurs twice`)
    const value = read(`${place}.multiplier`, multiplier)
    if (value.numerator < 0n) refuse(`${place}.multiplier`, `${multiplier} is below 0`)
    multipliers.set(index, value)
  })
  const bound = read("bound", certificate.bound)
  const combined = Proof.combine(model, multipliers)
  const [loose] = combined.values
  if (loose !== undefined) {
    refuse(
      "multipliers",
      `${model.values[loose[0]]} does not cancel: ${Rational.toText(loose[1]).slice(0, 60)} remains`,
    )
  }
  if (!Definite.isShort(combined.matrix)) {
    refuse("multipliers", "the fractions have too many digits to check within seconds")
  }
  const squares =
    Proof.squares(combined) ??
    refuse("multipliers", "the slack matrix is not positive semidefinite")
  if (Rational.compare(combined.bound, bound) > 0) {
    refuse(
      "bound",
      `the multipliers prove ${Rational.toNumber(combined.bound)}, which is above ${certificate.bound}`,
    )
  }
  return { measure: model.measure, bound, model, multipliers, squares }
}
