import * as Plan from "@nonconvex/evidence/Plan"
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Erratum } from "@nonconvex/evidence/Erratum"
import type { System } from "@nonconvex/evidence/System"
import type { Verdict } from "@nonconvex/evidence/Verdict"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, Stream } from "effect"
import { type Compute, type JobOf, perform } from "./Compute.ts"
import type { SearchClaim, SearchErratum } from "./Job.ts"
import type { JobFailure } from "./JobFailure.ts"
import { type OpenRun, RunStore, type StoreFailed } from "./RunStore.ts"

/** A claim or an erratum of a system. */
export type Target =
  | { readonly _tag: "Claim"; readonly system: System; readonly claim: Claim }
  | { readonly _tag: "Erratum"; readonly system: System; readonly erratum: Erratum }

/** Everything that a system states. */
export const targetsOf = (system: System): ReadonlyArray<Target> => [
  ...system.claims.map((claim) => ({ _tag: "Claim" as const, system, claim })),
  ...system.errata.map((erratum) => ({ _tag: "Erratum" as const, system, erratum })),
]

/** The id of the statement of a target. */
export const idOf = (target: Target): string =>
  target._tag === "Claim" ? target.claim.id : target.erratum.id

/** Completed runs of one search (or runs no longer needed), and the worst margin so far (Infinity for none). */
export type OnRuns = (part: Plan.Part, runs: number, worst: number) => void

/** The searches that decide a target. Throws InvalidInput on a bad effort. */
export const partsOf = (target: Target, effort: Plan.Effort): ReadonlyArray<Plan.Part> =>
  target._tag === "Claim"
    ? Plan.ofClaim(target.claim, effort)
    : Plan.ofErratum(target.erratum, effort)

/** Configuration under which the verdicts of an effort are stored, in addition to its seed. */
export const configOf = ({ growth, runs, way }: Plan.Effort) => ({
  runs,
  ...(way === "steered" ? { search: way } : {}),
  ...(growth === undefined ? {} : { growth: growth.most }),
})

const jobOf = (
  target: Target,
  { control, id, search }: Plan.Part,
): JobOf<typeof SearchClaim.Type | typeof SearchErratum.Type> =>
  target._tag === "Erratum"
    ? { _tag: "SearchErratum", id, search }
    : { _tag: "SearchClaim", id, search, ...(control === undefined ? {} : { control }) }

const search = Effect.fnUntraced(function* (
  target: Target,
  part: Plan.Part,
  place: number,
  run: OpenRun,
  onRuns: OnRuns,
) {
  const kept = run.parts.get(place)
  if (kept?._tag === "Searched") return kept.attempt
  const job = jobOf(target, part)
  const searched = yield* perform(target.system, job, "Searched", (progress) => {
    if (progress._tag === "Runs") onRuns(part, progress.runs, progress.worst)
  })
  // what a budget cut short would be longer another time
  if (!searched.attempt.interrupted) yield* run.keep(place, searched)
  return searched.attempt
})

const find = Effect.fnUntraced(function* (
  target: Target,
  part: Plan.Part,
  place: number,
  run: OpenRun,
  onRuns: OnRuns,
) {
  const attempt = yield* search(target, part, place, run, onRuns)
  const worst = attempt.margins.reduce((least, margin) => Math.min(least, margin), Infinity)
  onRuns(part, part.search.runs, worst)
  return [part, attempt] as const
})

/**
 * Number of targets, and of searches of each, that wait for a thread: enough for any pool, and few enough to be interrupted
 * at once.
 */
const atOnce = 64

const kindOf = { Claim: "claim", Erratum: "erratum" } as const

/**
 * Verdict on a target. It reuses searches from the program's store, and distributes the others over its computing power.
 * Fails with InvalidInput on a bad effort.
 */
export const verdictOn = Effect.fnUntraced(function* (
  target: Target,
  effort: Plan.Effort,
  onRuns: OnRuns = () => undefined,
): Effect.fn.Return<Verdict, JobFailure | InvalidInput | StoreFailed, Compute> {
  const parts = yield* Seam.attempt([InvalidInput], () => partsOf(target, effort))
  const run = yield* (yield* RunStore).open(target.system, {
    kind: kindOf[target._tag],
    id: idOf(target),
    config: configOf(effort),
    seed: effort.seed,
    parts: parts.length,
  })
  const findings = yield* Effect.forEach(
    parts,
    (part, place) => find(target, part, place, run, onRuns),
    { concurrency: atOnce },
  )
  const verdict =
    target._tag === "Claim"
      ? Plan.judgeClaim(target.claim, findings)
      : Plan.judgeErratum(target.erratum, findings)
  if (findings.every(([, { interrupted }]) => !interrupted)) {
    yield* run.end({ _tag: "Judged", verdict })
  }
  return verdict
})

/**
 * Verdicts on all targets, in their order; see `verdictOn`.
 *
 * The same effort gives the same verdicts on any number of threads. Interruptible at any time. Fails if one of them fails.
 */
export const verify = (
  targets: ReadonlyArray<Target>,
  effort: Plan.Effort,
  onRuns?: OnRuns,
): Stream.Stream<Verdict, JobFailure | InvalidInput | StoreFailed, Compute> =>
  Stream.fromIterable(targets).pipe(
    Stream.mapEffect((target) => verdictOn(target, effort, onRuns), { concurrency: atOnce }),
  )
