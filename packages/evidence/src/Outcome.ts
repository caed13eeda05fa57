/** Outcome of a replayed instance, in a sentence. */
import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"

interface Outcome {
  /** True if the outcome is as the project states: a claim holds, a control is detected, an erratum is refuted. */
  readonly expected: boolean
  readonly outcome: string
}

/** Describes an instance of a claim, of one of its controls, or of an erratum, and whether it violates it. */
export const of = (
  subject: Claim | Erratum,
  control: string | undefined,
  violated: boolean,
): Outcome => {
  if (control !== undefined) {
    return {
      expected: violated,
      outcome: violated
        ? `the control ${control} is detected here, as it must be`
        : `the control ${control} is not detected here`,
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
