/** Agreement between the exact values of a claim and its margin. */
import fc from "fast-check"
import type { Claim } from "./Claim.ts"
import { confirm } from "./exact/Confirmation.ts"
import type { Given } from "./Given.ts"
import type * as Plan from "./Plan.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * Tests whether a violation is confirmed exactly, or the claim gives the reason why it is not.
 *
 * @internal
 */
export const isKnown = (claim: Claim): boolean =>
  claim.open(({ exactly }) => (exactly === undefined) === (claim.inFloatingPoint !== undefined))

const refutesWhatHolds = (claim: Claim, { runs, seed }: Plan.Effort, given: Given): boolean =>
  claim.open(({ exactly, instances, margin }) => {
    if (exactly === undefined) return false
    return fc
      .sample(instances, { seed, numRuns: runs })
      .filter((instance) => margin({ ...given, instance }).margin >= 0)
      .some((instance) => confirm(exactly({ ...given, instance })).outcome === "refuted")
  })

/**
 * Checks the exact arithmetic of a claim that holds. It objects to a refuted instance with a nonnegative margin, to a
 * detected control that is exactly valid, and to a lack of refuted controls.
 *
 * @internal
 */
export const objection = (
  claim: Claim,
  verdict: Verdict,
  effort: Plan.Effort,
  given: Given,
): string | undefined => {
  if (verdict._tag !== "Held") return undefined
  const outcomes = verdict.caught.flatMap(({ counterexample: { exact } }) => exact?.outcome ?? [])
  if (outcomes.includes("holds")) {
    return "by its exact values, a detected control holds"
  }
  if (outcomes.length > 0 && !outcomes.includes("refuted")) {
    return "its exact values refute none of the detected controls"
  }
  return refutesWhatHolds(claim, effort, given)
    ? "its exact values refute an instance that holds in floating point"
    : undefined
}
