/** Progress of the searches of a verification. */
import type * as Plan from "@nonconvex/evidence/Plan"
import { type OnRuns, partsOf, type Target } from "@nonconvex/runner/Verify"
import * as Table from "../cli/TextTable.ts"

export interface Tally {
  /** Runs over all searches. */
  readonly total: number
  /** Runs done or no longer needed. */
  readonly done: () => number
  /**
   * Worst margin of the claims so far, in words; empty before the first. Controls are excluded, since they must be violated.
   */
  readonly note: () => string
  readonly onRuns: OnRuns
}

/** Counts what `Verify.verify` reports of these targets. */
export const make = (targets: ReadonlyArray<Target>, effort: Plan.Effort): Tally => {
  const claims = new Set(
    targets.flatMap((target) => (target._tag === "Claim" ? [target.claim.id] : [])),
  )
  const parts = targets.flatMap((target) => partsOf(target, effort))
  const doneOf = new Map<Plan.Part, number>()
  let done = 0
  let worst = Number.POSITIVE_INFINITY
  let worstId = ""
  return {
    total: parts.reduce((sum, { search }) => sum + search.runs, 0),
    done: () => done,
    note: () => (worstId === "" ? "" : `worst margin ${Table.margin(worst)} (${worstId})`),
    onRuns: (part, runs, margin) => {
      done += runs - (doneOf.get(part) ?? 0)
      doneOf.set(part, runs)
      if (part.control === undefined && claims.has(part.id) && margin < worst) {
        worst = margin
        worstId = part.id
      }
    },
  }
}
