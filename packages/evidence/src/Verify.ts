import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Effect } from "effect"
import {
  attempt,
  type Attempt,
  type Progress,
  recall,
  type Recalled,
  type Search,
} from "./Attempt.ts"
import type { Claim, Trial } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import * as Plan from "./Plan.ts"
import * as Replay from "./Replay.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * Runs one part of a plan: the search in the claim's own instances, or in those of the named control.
 *
 * Throws `Replay.UnknownControl`.
 */
export const searchClaim = (
  claim: Claim,
  control: string | undefined,
  search: Search,
  onRun?: Progress,
): Promise<Attempt> =>
  claim.open((definition) => {
    const trial =
      control === undefined
        ? definition
        : definition.controls.find((candidate) => candidate.name === control)
    if (trial === undefined) {
      throw new Replay.UnknownControl({ id: claim.id, control: control!, known: claim.controls })
    }
    return attempt(trial, search, onRun)
  })

export const searchErratum = (
  erratum: Erratum,
  search: Search,
  onRun?: Progress,
): Promise<Attempt> => erratum.open((definition) => attempt(definition, search, onRun))

/** Does one search after the other; timers and interruption are heard between two of them. */
const oneByOne = (
  parts: ReadonlyArray<Plan.Part>,
  search: (part: Plan.Part) => Promise<Attempt>,
): Effect.Effect<ReadonlyArray<Plan.Finding>> =>
  Effect.forEach(parts, (part) =>
    Effect.promise(() => search(part)).pipe(
      Effect.tap(Effect.yieldNow),
      Effect.map((found) => [part, found] as const),
    ),
  )

/**
 * Tries to break `claim` and each of its controls on this thread, which is busy meanwhile: see `parallel` for others.
 *
 * The same effort gives the same verdict here and on any number of threads. Fails with InvalidInput on a bad effort.
 *
 * @example
 * ```ts import.meta.vitest
 * import { claim, Draw, Margin, Verify } from "@nonconvex/evidence"
 * import { InvalidInput, Seam } from "@nonconvex/numerics"
import { Effect } from "effect"
 *
 * const atMostNine = claim({
 *   id: "example/at-most-nine",
 *   statement: "A digit is at most nine.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   instances: Draw.record({ digit: Draw.integer(0, 9) }),
 *   margin: ({ digit }) => Margin.atMost(digit, 9),
 *   controls: [
 *     {
 *       name: "base sixteen",
 *       instances: Draw.record({ digit: Draw.integer(0, 15) }),
 *       margin: ({ digit }) => Margin.atMost(digit, 9),
 *     },
 *   ],
 * })
 * const verdict = await Effect.runPromise(Verify.claim(atMostNine, { runs: 50, seed: 1 }))
 * verdict._tag // => "Held"
 * ```
 */
export const claim = Effect.fn("Verify.claim")(function* (subject: Claim, effort: Plan.Effort) {
  const parts = yield* Seam.attempt([InvalidInput], () => Plan.ofClaim(subject, effort))
  const findings = yield* oneByOne(parts, ({ control, search }) =>
    searchClaim(subject, control, search),
  )
  return Plan.judgeClaim(subject, findings)
})

/** Looks for the counterexample of `erratum` on this thread. */
export const erratum = Effect.fn("Verify.erratum")(function* (
  subject: Erratum,
  effort: Plan.Effort,
): Effect.fn.Return<Verdict, InvalidInput> {
  const parts = yield* Seam.attempt([InvalidInput], () => Plan.ofErratum(subject, effort))
  const findings = yield* oneByOne(parts, ({ search }) => searchErratum(subject, search))
  return Plan.judgeErratum(subject, findings)
})

/** What claims and errata have in common: a trial of their own. */
interface Tried {
  readonly open: <Result>(
    use: <Instance extends object>(trial: Trial<Instance>) => Result,
  ) => Result
}

/** The instance that a replay token of `subject` names, and its margin now. */
export const replay = Effect.fn("Verify.replay")(function* (
  subject: Claim | Erratum,
  token: Replay.Replay,
): Effect.fn.Return<Recalled, Replay.UnknownControl | Replay.StaleReplayToken> {
  const from = <Instance extends object>(trial: Trial<Instance>) =>
    Effect.tryPromise({
      try: () => recall(trial, token),
      catch: () => new Replay.StaleReplayToken({ token: Replay.format(token) }),
    })
  const { control } = token
  if (control === undefined) {
    const tried: Tried = subject
    return yield* tried.open(from)
  }
  const known = "controls" in subject ? subject.controls : []
  const unknown = new Replay.UnknownControl({ id: subject.id, control, known })
  if (!("controls" in subject)) return yield* unknown
  return yield* subject.open((definition) => {
    const trial = definition.controls.find(({ name }) => Replay.isControl(token, name))
    return trial === undefined ? Effect.fail(unknown) : from(trial)
  })
})
