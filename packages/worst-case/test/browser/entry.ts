/** Computation in the page: a bound, its proof, and whether the proof holds. */
import * as Rational from "@nonconvex/numerics/Rational"
import { certify, check, type Method, worstCase } from "../../src/index.ts"

export interface Answer {
  readonly bound: number
  readonly proved: string
  readonly checked: string
}

export const answer = (method: Method): Answer => {
  const certificate = certify(method)
  return {
    bound: worstCase(method).bound,
    proved: certificate.bound,
    checked: Rational.toText(check(certificate).bound),
  }
}
