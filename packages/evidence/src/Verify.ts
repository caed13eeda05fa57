import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect } from "effect"
import type { Attempt, Recalled, Search } from "./Attempt.ts"
import type { Claim } from "./Claim.ts"
import type { Trial } from "./Trial.ts"
import type { Erratum } from "./Erratum.ts"
import {
  attempt,
  type Progress,
  recall,
  retrace as retraceAt,
  type Retraced,
} from "./Falsification.ts"
import { grow } from "./Growth.ts"
import type { Given } from "./Given.ts"
import { certaintyOf } from "./exact/Counterexample.ts"
import * as Plan from "./Plan.ts"
import * as Replay from "./Replay.ts"
import type { Verdict } from "./Verdict.ts"

export { attempt } from "./Falsification.ts"

/**
 * Runs one part of a plan: the search in the claim's own instances, or in those of the named control.
 *
 * Throws `Replay.UnknownControl`.
 */
export const searchClaim = (
  claim: Claim,
  control: string | undefined,
  search: Search,
  given: Given,
  onRun?: Progress,
): Attempt =>
  claim.open((definition) => {
    const trial =
      control === undefined
        ? definition
        : definition.controls.find((candidate) => candidate.name === control)
    if (trial === undefined) {
      throw new Replay.UnknownControl({ id: claim.id, control: control!, known: claim.controls })
    }
    const { growth } = search
    return growth === undefined
      ? attempt(trial, search, given, onRun)
      : grow(trial, { ...search, growth }, given)
  })

const certainty = ({ exact }: Erratum) =>
  exact === undefined ? {} : { certainty: certaintyOf(exact) }

/** Searches for the counterexample of an erratum, and computes the exact one as well if there is one. */
export const searchErratum = (
  erratum: Erratum,
  search: Search,
  given: Given,
  onRun?: Progress,
): Attempt => {
  const found = erratum.open((definition) => attempt(definition, search, given, onRun))
  const { violation } = found
  return violation === undefined
    ? found
    : { ...found, violation: { ...violation, ...certainty(erratum) } }
}

/** Wrapper of the search of a part: `Kernels.onlyGiven` shows that it uses only the given kernels. */
type Within = (search: () => Attempt, part: Plan.Part) => Attempt

const plainly: Within = (search) => search()

/** Runs the searches of a plan one after another with the program's kernels; interruption takes effect between two of them. */
const oneByOne = Effect.fnUntraced(function* (
  plan: () => ReadonlyArray<Plan.Part>,
  search: (part: Plan.Part, given: Given) => Attempt,
  within: Within,
): Effect.fn.Return<ReadonlyArray<Plan.Finding>, InvalidInput, Kernels.Current> {
  const kernels = yield* Kernels.Current
  return yield* Effect.forEach(yield* Seam.attempt([InvalidInput], plan), (part) =>
    Effect.map(
      Effect.yieldNow,
      () => [part, within(() => search(part, { kernels }), part)] as const,
    ),
  )
})

/**
 * Tries to break `claim` and each of its controls on this thread, which is blocked meanwhile; `@nonconvex/runner` uses other
 * threads.
 *
 * The same effort gives the same verdict here and on any number of threads. Fails with InvalidInput on a bad effort.
 *
 * @example
 * ```ts import.meta.vitest
 * import { claim, Draw, Margin } from "@nonconvex/evidence"
 * import * as Verify from "@nonconvex/evidence/Verify"
 * import { Kernels } from "@nonconvex/numerics"
 * import { Effect } from "effect"
 *
 * const atMostNine = claim({
 *   id: "example/at-most-nine",
 *   statement: "A digit is at most nine.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   instances: Draw.record({ digit: Draw.integer(0, 9) }),
 *   margin: ({ instance: { digit } }) => Margin.atMost(digit, 9),
 *   controls: [{ name: "base sixteen", instances: Draw.record({ digit: Draw.integer(0, 15) }) }],
 * })
 * const verdict = await Verify.claim(atMostNine, { runs: 50, seed: 1 }).pipe(
 *   Effect.provide(Kernels.layerStrict),
 *   Effect.runPromise,
 * )
 * verdict._tag // => "Held"
 * ```
 */
export const claim = Effect.fn("Verify.claim")(
  (
    subject: Claim,
    effort: Plan.Effort,
    within: Within = plainly,
  ): Effect.Effect<Verdict, InvalidInput, Kernels.Current> =>
    oneByOne(
      () => Plan.ofClaim(subject, effort),
      ({ control, search }, given) => searchClaim(subject, control, search, given),
      within,
    ).pipe(Effect.map((findings) => Plan.judgeClaim(subject, findings))),
)

/** Looks for the counterexample of `erratum` on this thread. */
export const erratum = Effect.fn("Verify.erratum")(
  (
    subject: Erratum,
    effort: Plan.Effort,
    within: Within = plainly,
  ): Effect.Effect<Verdict, InvalidInput, Kernels.Current> =>
    oneByOne(
      () => Plan.ofErratum(subject, effort),
      ({ search }, given) => searchErratum(subject, search, given),
      within,
    ).pipe(Effect.map((findings) => Plan.judgeErratum(subject, findings))),
)

/** Uses the trial that a replay token names: of the statement itself, or of one of its controls. */
const trialOf = <Result>(
  subject: Claim | Erratum,
  token: Replay.Replay,
  use: <Instance extends object>(trial: Trial<Instance>) => Result,
): Result => {
  const from = <Instance extends object>(trial: Trial<Instance>): Result => {
    try {
      return use(trial)
    } catch {
      throw new Replay.StaleReplayToken({ token: Replay.format(token) })
    }
  }
  const { control } = token
  const known = "controls" in subject ? subject.controls : []
  const unknown = () => new Replay.UnknownControl({ id: subject.id, control: control!, known })
  if (!("controls" in subject)) {
    if (control !== undefined) throw unknown()
    return subject.open(from)
  }
  return subject.open((trials) => {
    if (control === undefined) return from(trials)
    const trial = trials.controls.find(({ name }) => Replay.isControl(token, name))
    if (trial === undefined) throw unknown()
    return from(trial)
  })
}

/**
 * Instance that a replay token of `subject` names, with its current margin; for an erratum also the exact counterexample.
 *
 * Throws `Replay.UnknownControl`, and `Replay.StaleReplayToken` if the token leads to no instance.
 */
export const replay = (subject: Claim | Erratum, token: Replay.Replay, given: Given): Recalled => ({
  ...trialOf(subject, token, (trial) => recall(trial, token, given)),
  ...("controls" in subject ? {} : certainty(subject)),
})

/**
 * The same with the comparison behind the margin and, in `trace`, the runs of the subject's methods.
 *
 * Throws `Replay.UnknownControl`, and `Replay.StaleReplayToken` if the token leads to no instance.
 */
export const retrace = (subject: Claim | Erratum, token: Replay.Replay, given: Given): Retraced => {
  const { comparison, recalled } = trialOf(subject, token, (trial) =>
    retraceAt(trial, token, given),
  )
  const certain = "controls" in subject ? {} : certainty(subject)
  return { comparison, recalled: { ...recalled, ...certain } }
}
