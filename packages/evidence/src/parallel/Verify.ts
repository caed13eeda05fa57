import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Effect, Stream } from "effect"
import type { Claim } from "../Claim.ts"
import type { Erratum } from "../Erratum.ts"
import * as Plan from "../Plan.ts"
import type { System } from "../System.ts"
import type { Verdict } from "../Verdict.ts"
import { WorkerFailed, Workers } from "./Workers.ts"

/** A claim or an erratum of a system. */
export type Target =
  | { readonly _tag: "Claim"; readonly system: System; readonly claim: Claim }
  | { readonly _tag: "Erratum"; readonly system: System; readonly erratum: Erratum }

/** Everything that a system states. */
export const targetsOf = (system: System): ReadonlyArray<Target> => [
  ...system.claims.map((claim) => ({ _tag: "Claim" as const, system, claim })),
  ...system.errata.map((erratum) => ({ _tag: "Erratum" as const, system, erratum })),
]

export const idOf = (target: Target): string =>
  target._tag === "Claim" ? target.claim.id : target.erratum.id

/** Runs of one search that are done, or no longer needed once it has ended, and the worst margin so far (Infinity of none). */
export type OnRuns = (part: Plan.Part, runs: number, worst: number) => void

/** The searches that decide a target. */
export const partsOf = (target: Target, effort: Plan.Effort): ReadonlyArray<Plan.Part> =>
  target._tag === "Claim"
    ? Plan.ofClaim(target.claim, effort)
    : Plan.ofErratum(target.erratum, effort)

const jobOf = (target: Target, part: Plan.Part) =>
  target._tag === "Claim"
    ? ({
        _tag: "SearchClaim",
        module: target.system.module,
        id: part.id,
        control: part.control,
        search: part.search,
      } as const)
    : ({
        _tag: "SearchErratum",
        module: target.system.module,
        id: part.id,
        search: part.search,
      } as const)

const find = Effect.fnUntraced(function* (target: Target, part: Plan.Part, onRuns: OnRuns) {
  const workers = yield* Workers
  const reply = yield* workers.perform(jobOf(target, part), (progress) => {
    if (progress._tag === "Runs") onRuns(part, progress.runs, progress.worst)
  })
  if (reply._tag !== "Found") {
    return yield* new WorkerFailed({ job: part.id, reason: `unexpected reply ${reply._tag}` })
  }
  const { margins } = reply.attempt
  onRuns(
    part,
    part.search.runs,
    margins.reduce((worst, margin) => Math.min(worst, margin), Number.POSITIVE_INFINITY),
  )
  return [part, reply.attempt] as const
})

/** Targets, and searches of each, that wait for a thread: enough for any pool, few enough to be interrupted at once. */
const atOnce = 64

/**
 * Verdicts on all targets, in their order, from searches spread over the pool.
 *
 * The same effort gives the same verdicts on any number of threads. Interruptible at any time. Fails with InvalidInput on a bad effort.
 */
export const verify = (
  targets: ReadonlyArray<Target>,
  effort: Plan.Effort,
  onRuns: OnRuns,
): Stream.Stream<Verdict, WorkerFailed | InvalidInput, Workers> =>
  Stream.fromIterable(targets).pipe(
    Stream.mapEffect(
      Effect.fnUntraced(function* (target) {
        const parts = yield* Seam.attempt([InvalidInput], () => partsOf(target, effort))
        const findings = yield* Effect.forEach(parts, (part) => find(target, part, onRuns), {
          concurrency: atOnce,
        })
        return target._tag === "Claim"
          ? Plan.judgeClaim(target.claim, findings)
          : Plan.judgeErratum(target.erratum, findings)
      }),
      { concurrency: atOnce },
    ),
  )
