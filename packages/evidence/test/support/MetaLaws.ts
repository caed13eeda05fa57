/** Laws of whatever verifies claims: the verdict on a random small claim can be told by counting. */
import { Kernels } from "@nonconvex/numerics"
import { Option } from "effect"
import type fc from "fast-check"
import type { Attempt } from "../../src/Attempt.ts"
import { claim, type Claim, Draw, type Law, Margin, type MarginInput } from "../../src/index.ts"
import type * as Verdict from "../../src/Verdict.ts"
import * as Verify from "../../src/Verify.ts"
import * as Replay from "../../src/Replay.ts"
import * as Plan from "../../src/Plan.ts"
import { type Bound, bound, mishaps, source } from "./Numbers.ts"

/** The subject of these laws. */
export type Verifier = (claim: Claim, effort: Plan.Effort) => Verdict.Verdict

const given = { kernels: Kernels.reference() }

/** A verifier that makes a plan of its own, or sees other findings. */
const meddling =
  (
    changePart: (part: Plan.Part) => Plan.Part | undefined,
    changeAttempt: (found: Attempt) => Attempt = (found) => found,
  ): Verifier =>
  (of, effort) => {
    const findings = Plan.ofClaim(of, effort).flatMap((planned): Array<Plan.Finding> => {
      const part = changePart(planned)
      if (part === undefined) return []
      return [[part, changeAttempt(Verify.searchClaim(of, part.control, part.search, given))]]
    })
    return Plan.judgeClaim(of, findings)
  }

/** The plan as it is, and its findings as they are. */
export const counted: Verifier = meddling((part) => part)

interface Instance extends Bound {
  readonly seed: number
}

const instances: fc.Arbitrary<Instance> = Draw.record<Instance>({
  limit: Draw.integer(0, 15),
  largest: Draw.integer(0, 20),
  controls: Draw.list(Draw.integer(0, 20), 1, 3),
  seed: Draw.seed(),
})

/** Runs enough to find one violation in 21 instances: they miss it once in 10^8 claims. */
const runs = 400

const counterexamplesOf = (verdict: Verdict.Verdict): ReadonlyArray<Verdict.Counterexample> =>
  verdict._tag === "Held"
    ? verdict.caught.map((caught) => caught.counterexample)
    : "counterexample" in verdict
      ? [verdict.counterexample]
      : []

const smallest: Law<Verifier> = claim({
  id: "evidence/smallest-counterexample",
  statement: "The counterexample of a false bound is the first integer past it.",
  source,
  subject: counted,
  instances,
  margin: ({ instance, subject: verify }) =>
    Margin.all(
      ...counterexamplesOf(verify(bound(instance), { runs, seed: instance.seed })).map(
        ({ instance: found, margin }) =>
          Margin.holds(JSON.stringify(found) === `{"n":${instance.limit + 1}}` && margin === -1),
      ),
    ),
  controls: [
    {
      name: "no shrinking",
      subject: () => meddling((part) => ({ ...part, search: { ...part.search, shrinks: 0 } })),
    },
  ],
})

const verdictOf = ({ controls, largest, limit }: Instance): Verdict.Verdict["_tag"] => {
  if (largest > limit) return "Falsified"
  return controls.some((to) => to <= limit) ? "Toothless" : "Held"
}

const teeth: Law<Verifier> = claim({
  id: "evidence/teeth",
  statement:
    "A claim is falsified where an instance violates it, toothless where a control survives, and else it holds.",
  source,
  subject: counted,
  instances,
  margin: ({ instance, subject: verify }) =>
    Margin.holds(
      verify(bound(instance), { runs, seed: instance.seed })._tag === verdictOf(instance),
    ),
  controls: [
    {
      name: "controls are not tried",
      subject: () => meddling((part) => (part.control === undefined ? part : undefined)),
    },
    {
      name: "one run in place of all",
      subject: () =>
        meddling((part) =>
          part.control === undefined ? { ...part, search: { ...part.search, runs: 1 } } : part,
        ),
    },
  ],
})

interface Mishap extends Instance {
  readonly mishap: NonNullable<Bound["mishap"]>
}

/** Integers from 0 to `largest` include a violation, a mishap. */
const contents = ({ limit, mishap }: Mishap, largest: number) => ({
  violation: Math.min(largest, mishap.from - 1) > limit,
  mishap: largest >= mishap.from,
})

const canBe = (instance: Mishap): ReadonlyArray<Verdict.Verdict["_tag"]> => {
  const own = contents(instance, instance.largest)
  if (own.violation) return own.mishap ? ["Falsified", "Broken"] : ["Falsified"]
  if (own.mishap) return ["Broken"]
  const controls = instance.controls.map((to) => contents(instance, to))
  if (controls.some((control) => control.mishap && !control.violation)) return ["Broken"]
  const others: ReadonlyArray<Verdict.Verdict["_tag"]> = [
    controls.some((control) => !control.violation && !control.mishap) ? "Toothless" : "Held",
  ]
  return controls.some((control) => control.mishap) ? [...others, "Broken"] : others
}

const withoutReason = ({ violation, ...found }: Attempt): Attempt => {
  if (violation === undefined) return found
  const { reason: _, ...rest } = violation
  return { ...found, violation: rest }
}

const breakage: Law<Verifier> = claim({
  id: "evidence/breakage",
  statement:
    "Where a trial throws or gives NaN, the claim is broken, unless another instance falsifies it; no control is caught by that.",
  source,
  subject: counted,
  instances: Draw.record<Mishap>({
    limit: Draw.integer(0, 15),
    largest: Draw.integer(0, 20),
    controls: Draw.list(Draw.integer(0, 20), 1, 3),
    mishap: Draw.record({ from: Draw.integer(0, 30), kind: Draw.oneOf(...mishaps) }),
    seed: Draw.seed(),
  }),
  margin: ({ instance, subject: verify }) => {
    const verdict = verify(bound(instance), { runs, seed: instance.seed })
    return Margin.all(
      Margin.holds(canBe(instance).includes(verdict._tag)),
      ...counterexamplesOf(verdict).map(({ margin }) =>
        Margin.holds(Number.isNaN(margin) === (verdict._tag === "Broken")),
      ),
    )
  },
  controls: [
    { name: "a failure counts as a catch", subject: () => meddling((part) => part, withoutReason) },
  ],
})

const otherSeed = (token: string): string => {
  const replay = Option.getOrThrow(Replay.parse(token))
  return Replay.format({ ...replay, seed: replay.seed ^ 1 })
}

const replays =
  (change: (token: string) => string) =>
  ({ instance, subject: verify }: MarginInput<Instance, undefined, Verifier>) => {
    const bounded = bound(instance)
    const verdict = verify(bounded, { runs, seed: instance.seed })
    return Margin.all(
      ...counterexamplesOf(verdict).map(({ instance: found, margin, replay }) => {
        const token = Option.getOrThrow(Replay.parse(change(replay)))
        try {
          const recalled = Verify.replay(bounded, token, given)
          const isSame = JSON.stringify(recalled.instance) === JSON.stringify(found)
          return Margin.holds(isSame && Object.is(recalled.margin, margin))
        } catch (error) {
          if (error instanceof Replay.StaleReplayToken) return Margin.holds(false)
          throw error
        }
      }),
    )
  }

const replay: Law<Verifier> = claim({
  id: "evidence/replay",
  statement: "The token of a counterexample, a control's too, leads to that instance and margin.",
  source,
  subject: counted,
  instances,
  margin: replays((token) => token),
  controls: [{ name: "another seed", margin: replays(otherSeed) }],
})

const determinism: Law<Verifier> = claim({
  id: "evidence/determinism",
  statement: "The same effort gives the same verdict.",
  source,
  subject: counted,
  instances,
  margin: ({ instance, subject: verify }) => {
    const once = () => JSON.stringify(verify(bound(instance), { runs, seed: instance.seed }))
    return Margin.holds(once() === once())
  },
  controls: [
    {
      name: "a seed that nobody chose",
      subject: (verify) => {
        let calls = 0
        return (of, effort) => verify(of, { ...effort, seed: effort.seed + calls++ })
      },
    },
  ],
})

export const metaLaws = [teeth, smallest, breakage, replay, determinism]
