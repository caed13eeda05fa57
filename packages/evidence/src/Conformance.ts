/** What every system must show of its claims, errata and experiments, as cases for whatever runs its tests. */
import type * as Seed from "@nonconvex/numerics/Seed"
import type { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Effect, type FileSystem, type Path, Schema, Stream } from "effect"
import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import { type Experiment, seedOf } from "./Experiment.ts"
import type { Effort } from "./Plan.ts"
import type { System } from "./System.ts"
import * as Verdict from "./Verdict.ts"
import * as Verify from "./Verify.ts"

/** A case failed: the verdict with its counterexample, or what the experiment showed instead. */
export class NonConforming extends Schema.TaggedError<NonConforming>()("NonConforming", {
  subject: Schema.String,
  because: Schema.String,
}) {
  override get message(): string {
    return `${this.subject}: ${this.because}`
  }
}

export interface Case {
  readonly name: string
  readonly check: Effect.Effect<
    void,
    NonConforming | InvalidInput,
    FileSystem.FileSystem | Path.Path
  >
}

/** What of a system is put to the test. */
export type Subject = Pick<System, "id" | "claims" | "errata" | "experiments">

const unless = (
  holds: boolean,
  subject: string,
  because: () => string,
): Effect.Effect<void, NonConforming> =>
  holds ? Effect.void : Effect.fail(new NonConforming({ subject, because: because() }))

const ofClaim = (claim: Claim, effort: Effort): Case => ({
  name: `${claim.id} holds, and its controls are caught`,
  check: Verify.claim(claim, effort).pipe(
    Effect.flatMap((verdict) =>
      unless(verdict._tag === "Held", claim.id, () => Verdict.describe(verdict)),
    ),
  ),
})

const ofErratum = (erratum: Erratum, system: Subject, effort: Effort): Case => ({
  name: `${erratum.id} is refuted, and corrected by a claim`,
  check: Verify.erratum(erratum, effort).pipe(
    Effect.flatMap((verdict) =>
      unless(verdict._tag === "Refuted", erratum.id, () => Verdict.describe(verdict)),
    ),
    Effect.andThen(
      unless(
        system.claims.some(({ id }) => id === erratum.corrected),
        erratum.id,
        () => `no claim of ${system.id} is called ${erratum.corrected}`,
      ),
    ),
  ),
})

/** The smoke run of an experiment: its table as text, and what is wrong with it. */
const smoke = (experiment: Experiment, seed: Seed.Seed) =>
  experiment.open(({ expectations, figures, presets, row, rows: announced, run }) => {
    const config = presets.smoke
    return Stream.runCollect(run(config, seed)).pipe(
      Effect.map((rows) => {
        const count = announced?.(config) ?? rows.length
        return {
          text: Schema.encodeSync(Schema.fromJsonString(Schema.Array(row)))(rows),
          faults: [
            ...(rows.length === count ? [] : [`${rows.length} rows, and ${count} announced`]),
            ...(figures(rows, config).length > 0 ? [] : ["no figure"]),
            ...expectations(rows, config)
              .filter(({ holds }) => !holds)
              .map((e) => `${e.statement}: ${e.observed}, not ${e.expected}`),
          ],
        }
      }),
      Effect.mapError(
        ({ message }) => new NonConforming({ subject: experiment.id, because: message }),
      ),
    )
  })

/** The table once more, put together from the parts where an experiment has some: threads may run them in any order. */
const again = (experiment: Experiment, seed: Seed.Seed) =>
  experiment.open(({ parts, presets, row, run }) =>
    Effect.forEach(parts?.(presets.smoke) ?? [presets.smoke], (part) =>
      Stream.runCollect(run(part, seed)),
    ).pipe(
      Effect.map((found) =>
        Schema.encodeSync(Schema.fromJsonString(Schema.Array(row)))(found.flat()),
      ),
      Effect.mapError(
        ({ message }) => new NonConforming({ subject: experiment.id, because: message }),
      ),
    ),
  )

const ofExperiment = (experiment: Experiment, { seed }: Effort): Case => ({
  name: `${experiment.id} shows what it should in its smallest preset, twice to the bit`,
  check: Effect.gen(function* () {
    const root = seedOf(experiment, seed)
    const first = yield* smoke(experiment, root)
    yield* unless(first.faults.length === 0, experiment.id, () => first.faults.join("; "))
    const second = yield* again(experiment, root)
    yield* unless(first.text === second, experiment.id, () => "a second run, by parts, differs")
  }),
})

const names = (system: Subject): Case => ({
  name: `names are unique and of ${system.id}`,
  check: Effect.gen(function* () {
    const ids = [...system.claims, ...system.errata, ...system.experiments].map(({ id }) => id)
    const form = new RegExp(`^${system.id}/[a-z0-9]+(-[a-z0-9]+)*$`)
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i)
    yield* unless(twice.length === 0, system.id, () => `twice: ${twice.join(", ")}`)
    const foreign = ids.filter((id) => !form.test(id))
    yield* unless(foreign.length === 0, system.id, () => `misnamed: ${foreign.join(", ")}`)
  }),
})

/**
 * One case for each claim, erratum and experiment of `system`, and one for their names.
 *
 * @example
 * ```ts no-run: needs a test runner
 * import { NodeServices } from "@effect/platform-node"
 * import { it } from "@effect/vitest"
 * import { Conformance } from "@nonconvex/evidence"
 * import { Effect } from "effect"
 * import { system } from "../src/OptimSam.ts"
 *
 * for (const { check, name } of Conformance.cases(system, { runs: 64, seed: 1 })) {
 *   it.effect(name, () => check.pipe(Effect.provide(NodeServices.layer)))
 * }
 * ```
 */
export const cases = (system: Subject, effort: Effort): ReadonlyArray<Case> => [
  names(system),
  ...system.claims.map((claim) => ofClaim(claim, effort)),
  ...system.errata.map((erratum) => ofErratum(erratum, system, effort)),
  ...system.experiments.map((experiment) => ofExperiment(experiment, effort)),
]
