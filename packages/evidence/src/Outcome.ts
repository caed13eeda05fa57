/** Outcome of a replayed instance, in a sentence. */
import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"

export interface Outcome {
  /** It is what the project states: a claim holds, a control is caught, an erratum is refuted. */
  readonly expected: boolean
  readonly outcome: string
}

/**
 * Describes the instance of a claim, of one of its controls, or of an erratum, which violates it or does not.
 *
 * @example
 * ```ts import.meta.vitest
 * import { claim, Draw, Margin } from "@nonconvex/evidence"
 * import { of } from "@nonconvex/evidence/Outcome"
 *
 * const digits = claim({
 *   id: "example/digits",
 *   statement: "A digit is at most nine.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   instances: Draw.record({ digit: Draw.integer(0, 9) }),
 *   margin: ({ instance: { digit } }) => Margin.atMost(digit, 9),
 *   controls: [{ name: "base sixteen", instances: Draw.record({ digit: Draw.integer(0, 15) }) }],
 * })
 * of(digits, undefined, false) // => { expected: true, outcome: "example/digits holds here" }
 * of(digits, "base sixteen", false).outcome // => "the control base sixteen is not caught here"
 * ```
 */
export const of = (
  subject: Claim | Erratum,
  control: string | undefined,
  violated: boolean,
): Outcome => {
  if (control !== undefined) {
    return {
      expected: violated,
      outcome: violated
        ? `the control ${control} is caught here, as it must be`
        : `the control ${control} is not caught here`,
    }
  }
  if ("corrected" in subject) {
    return {
      expected: violated,
      outcome: violated
        ? `the statement is false here, as the project says; ${subject.corrected} holds instead`
        : "the statement holds here",
    }
  }
  return {
    expected: !violated,
    outcome: violated ? `${subject.id} is violated here` : `${subject.id} holds here`,
  }
}
