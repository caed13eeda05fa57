/** Conformance of a system: the requirements on its claims, errata and experiments, as cases for any test runner. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Kernels from "@nonconvex/numerics/Kernels"
import type { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type { Snapshot } from "@nonconvex/problems/Snapshot"
import { Effect, Layer, Schema } from "effect"
import fc from "fast-check"
import type { Attempt } from "./Attempt.ts"
import type { Claim } from "./Claim.ts"
import * as Exactness from "./Exactness.ts"
import { type Erratum } from "./Erratum.ts"
import { type Expectation, outcome } from "./Expectation.ts"
import type { CaseFailed, Experiment, Row } from "./Experiment.ts"
import * as Figure from "@nonconvex/figures"
import * as Sizes from "./Sizes.ts"
import type * as Plan from "./Plan.ts"
import * as Resuming from "./Resuming.ts"
import type { System } from "./System.ts"
import * as Verdict from "./Verdict.ts"
import * as Verify from "./Verify.ts"
import { ifPrinted } from "./IfPrinted.ts"

type Within = Parameters<typeof Verify.claim>[2]

/** A case failed: the verdict with its counterexample, or the contrary result of the experiment. */
class NonConforming extends Schema.TaggedError<NonConforming>()("NonConforming", {
  subject: Schema.String,
  because: Schema.String,
}) {
  override get message(): string {
    return `${this.subject}: ${this.because}`
  }
}

interface Case {
  readonly name: string
  readonly check: Effect.Effect<void, NonConforming | InvalidInput, Kernels.Current | Datasets>
}

/** Part of a system under test. */
type Subject = Pick<System, "id" | "claims" | "errata" | "experiments">

const unless = (holds: boolean, subject: string, because: () => string) =>
  holds ? Effect.void : Effect.fail(new NonConforming({ subject, because: because() }))

/** A value as text, each number by its bits. */
const exact = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" ? (Object.is(part, -0) ? "-0" : String(part)) : part,
  )

/** Kernels that must give the same bits: the reference for reproducible kernels, otherwise the kernels themselves. */
const twinOf = (kernels: Kernels.Kernels): Kernels.Kernels =>
  kernels.isReproducible ? Kernels.reference() : kernels

interface Options {
  /**
   * Ids for which plain loops would take minutes; default none. Such a claim is not compared with the reference; of such an
   * experiment only the first case is.
   */
  readonly slow?: ReadonlySet<string>
}

/** Runs that are enough to compare the bits of two kernels. */
const fewRuns = 4

/** Name of a part without the number of its runs, which does not affect its instances. */
const nameOf = ({ search, ...part }: Plan.Part): string =>
  JSON.stringify({ ...part, search: { ...search, runs: undefined } })

/** Searches with the given kernels only, and stores every result under the name of its part. */
const keptIn =
  (found: Map<string, Attempt>): Within =>
  (search, part) => {
    const attempt = Kernels.onlyGiven(search)
    found.set(nameOf(part), attempt)
    return attempt
  }

/** Tests whether a search found the same bits as another of the same part, or the same margins if it made more runs. */
const beginsAs = (whole: Attempt, few: Attempt): boolean =>
  whole.margins.length > few.margins.length && few.violation === undefined
    ? exact(whole.margins.slice(0, few.margins.length)) === exact(few.margins)
    : exact(whole) === exact(few)

/** Verdict by the program's kernels, whose first runs must have the same bits as those of their twins. */
const twice = Effect.fnUntraced(function* (
  id: string,
  effort: Plan.Effort,
  { slow }: Options,
  verdict: (
    effort: Plan.Effort,
    within: Within,
  ) => Effect.Effect<Verdict.Verdict, InvalidInput, Kernels.Current>,
) {
  if (slow?.has(id)) return yield* verdict(effort, Kernels.onlyGiven)
  const kernels = yield* Kernels.Current
  const twin = twinOf(kernels)
  const [ours, its] = [new Map<string, Attempt>(), new Map<string, Attempt>()]
  const few = { ...effort, runs: Math.min(effort.runs, fewRuns) }
  yield* Effect.provideService(verdict(few, keptIn(its)), Kernels.Current, twin)
  const whole = yield* verdict(effort, keptIn(ours))
  yield* unless(
    Array.from(its).every(([name, attempt]) => beginsAs(ours.get(name)!, attempt)),
    id,
    () => `${kernels.name} and ${twin.name} kernels give different verdicts`,
  )
  return whole
})

/** Draws that show whether a claim has more than one instance. */
const mostDraws = 32

const hasOneInstance = (claim: Claim, { seed }: Plan.Effort): boolean =>
  claim.open(({ instances }) => {
    const drawn = fc.sample(instances, { seed, numRuns: mostDraws })
    return new Set(drawn.map(exact)).size === 1
  })

/** Tests whether a verdict records how far a claim was tried. */
const hasExtent = ({ extent, open }: Claim, { seed }: Plan.Effort): boolean =>
  extent !== undefined ||
  open(({ instances }) =>
    fc
      .sample(instances, { seed, numRuns: mostDraws })
      .some((instance) => Object.keys(Sizes.of(instance)).length > 0),
  )

const ofClaim = (claim: Claim, effort: Plan.Effort, options: Options): Case => ({
  name: `${claim.id} holds, and its controls are detected`,
  check: Effect.gen(function* () {
    yield* unless(Exactness.isKnown(claim), claim.id, () => "it needs exactly or inFloatingPoint")
    yield* unless(
      hasExtent(claim, effort),
      claim.id,
      () =>
        'no field of its instances is a size or a horizon: give its extent, or "numbers" if it has none',
    )
    const verdict = yield* twice(claim.id, effort, options, (each, within) =>
      Verify.claim(claim, each, within),
    )
    yield* unless(verdict._tag === "Held", claim.id, () => Verdict.describe(verdict))
    const kernels = yield* Kernels.Current
    const few = { ...effort, runs: fewRuns }
    const objection = Exactness.objection(claim, verdict, few, { kernels })
    yield* unless(objection === undefined, claim.id, () => objection!)
    const drawsOne = hasOneInstance(claim, effort)
    yield* unless(drawsOne === (claim.hasOneInstance ?? false), claim.id, () =>
      drawsOne
        ? "every draw gives the same instance: set hasOneInstance"
        : "hasOneInstance is set, but it draws several instances",
    )
  }),
})

const ofErratum = (erratum: Erratum, system: Subject, effort: Plan.Effort): Case => ({
  name: `${erratum.id} is refuted, and a claim corrects it`,
  check: Effect.gen(function* () {
    const verdict = yield* twice(erratum.id, effort, {}, (each, within) =>
      Verify.erratum(erratum, each, within),
    )
    yield* unless(verdict._tag === "Refuted", erratum.id, () => Verdict.describe(verdict))
    yield* unless(
      system.claims.some(({ id }) => id === erratum.corrected),
      erratum.id,
      () => `no claim of ${system.id} is named ${erratum.corrected}`,
    )
    yield* unless(
      (erratum.read.as === "printed") !== erratum.statement.startsWith(ifPrinted),
      erratum.id,
      () => `its statement must begin with "${ifPrinted}" exactly if it was not read in print`,
    )
    const confirmed = verdict._tag === "Refuted" ? verdict.exact : undefined
    yield* unless(
      confirmed !== undefined,
      erratum.id,
      () => "it has neither an exact counterexample nor a reason why there is none",
    )
    yield* unless(
      confirmed === undefined || !("outcome" in confirmed) || confirmed.outcome === "refuted",
      erratum.id,
      () => `its exact counterexample does not refute it: ${JSON.stringify(confirmed)}`,
    )
  }),
})

const nonConforming = ({ experiment, message }: CaseFailed) =>
  new NonConforming({ subject: experiment, because: message })

const failing = (expectations: ReadonlyArray<Expectation>): ReadonlyArray<string> =>
  expectations
    .filter(({ holds }) => !holds)
    .map((each) =>
      outcome(each) === "toothless"
        ? `${each.statement} is toothless: its control ${each.control?.name} meets it too`
        : `${each.statement}: ${each.observed}, not ${each.expected}`,
    )

/** Expectations that hold for a table without rows, in any preset. */
const vacuous = (experiment: Experiment): ReadonlyArray<string> =>
  (["smoke", "fast", "paper"] as const).flatMap((preset) =>
    experiment
      .configure(experiment.preset(preset))
      .evaluate([])
      .expectations.filter(({ holds }) => holds)
      .map(({ statement }) => `"${statement}" holds without rows`),
  )

/** Duration of a paper preset in seconds above which its rows must save snapshots. */
const mostSeconds = 600

const unresumable = ({ isResumable, paperSeconds = 0 }: Experiment): ReadonlyArray<string> =>
  paperSeconds > mostSeconds && isResumable === undefined
    ? [`its paper preset takes ${paperSeconds} s, so it must save snapshots`]
    : []

/** Some entries of a list: its ends and its middle. */
const some = <A>(list: ReadonlyArray<A>): ReadonlyArray<A> => [
  ...new Set([list.at(0)!, list.at(list.length >> 1)!, list.at(-1)!]),
]

/** Rows of a case, their snapshots, and the rows resumed from some of these. */
const resumed = Effect.fnUntraced(function* (
  rowsFrom: (keeping: Resuming.Keeping) => Effect.Effect<ReadonlyArray<Row>, NonConforming>,
  id: string,
) {
  const leaving = Effect.fnUntraced(function* (from?: string) {
    const left: Array<string> = []
    const rows = yield* rowsFrom({
      // as text: what is read must owe nothing to the state that was written
      from: from === undefined ? undefined : (JSON.parse(from) as Snapshot),
      onSnapshot: (write) => left.push(JSON.stringify(write())),
    })
    return { left, rows: exact(rows) }
  })
  const straight = yield* leaving()
  if (straight.left.length === 0) return 0
  for (const from of some(straight.left)) {
    const after = yield* leaving(from)
    const at = straight.left.indexOf(from)
    yield* unless(
      after.rows === straight.rows,
      id,
      () => `its rows differ when a case resumes from snapshot ${at}`,
    )
    yield* unless(
      after.left.length === straight.left.length - at - 1,
      id,
      () => `a case that resumes from snapshot ${at} does not continue there`,
    )
  }
  return straight.left.length
})

const goesOn = (experiment: Experiment, { seed }: Plan.Effort): Case => ({
  name: `${experiment.id} resumes from its snapshots bit for bit`,
  check: Effect.gen(function* () {
    const kernels = yield* Kernels.Current
    const data = Layer.succeed(Datasets, yield* Datasets)
    const configured = experiment.configure(experiment.preset("smoke"))
    const order = Array.from({ length: configured.count }, (_, index) => index)
    const left = yield* Effect.forEach(order, (index) =>
      resumed(
        (keeping) =>
          Effect.mapError(
            configured.rowsOf(index, seed, { kernels }, data, keeping),
            nonConforming,
          ),
        experiment.id,
      ),
    )
    yield* unless(
      left.some((count) => count > 0),
      experiment.id,
      () => "no case of its smallest preset saves a snapshot",
    )
  }),
})

const ofExperiment = (experiment: Experiment, { seed }: Plan.Effort, { slow }: Options): Case => ({
  name: `${experiment.id} shows what it should in its smallest preset, twice bit for bit`,
  check: Effect.gen(function* () {
    const kernels = yield* Kernels.Current
    const twin = twinOf(kernels)
    const data = Layer.succeed(Datasets, yield* Datasets)
    const configured = experiment.configure(experiment.preset("smoke"))
    const order = Array.from({ length: configured.count }, (_, index) => index)
    const rowsOf = (index: number, by: Kernels.Kernels, root = seed) =>
      Effect.mapError(configured.rowsOf(index, root, { kernels: by }, data), nonConforming)
    // of what is deterministic the second run is at another seed
    const other = experiment.deterministic === undefined ? seed : seed + 1
    const rows = yield* Effect.forEach(order, (index) => rowsOf(index, kernels))
    const table = rows.flat()
    const { expectations, figures } = configured.evaluate(table)
    const faults = [
      ...(figures.length > 0 ? [] : ["no figure"]),
      ...figures.flatMap((figure) =>
        Figure.problems(figure, table).map((problem) => `figure ${figure.id}: ${problem}`),
      ),
      ...failing(expectations),
      ...vacuous(experiment),
      ...unresumable(experiment),
    ]
    yield* unless(faults.length === 0, experiment.id, () => faults.join("; "))
    const by = slow?.has(experiment.id) === true ? kernels : twin
    if (by !== twin && order.length > 0) {
      const first = yield* rowsOf(0, twin)
      yield* unless(
        exact(first) === exact(rows[0]),
        experiment.id,
        () => `its first case by ${twin.name} kernels differs`,
      )
    }
    // prepares what the cases share; after it they are computed at once, and on the given kernels alone
    yield* Effect.mapError(configured.dataOf(other, { kernels: by }, data), nonConforming)
    const again = yield* Effect.forEach(order.toReversed(), (index) =>
      Effect.suspend(() => Kernels.onlyGiven(() => Effect.runSyncExit(rowsOf(index, by, other)))),
    )
    yield* unless(
      exact(rows) === exact(again.toReversed()),
      experiment.id,
      () =>
        `a second run, by ${by.name} kernels${other === seed ? "" : ", at another seed"} and in another order of the cases, differs`,
    )
  }),
})

const names = (system: Subject): Case => ({
  name: `names are unique and begin with ${system.id}`,
  check: Effect.gen(function* () {
    const ids = [...system.claims, ...system.errata, ...system.experiments].map(({ id }) => id)
    const form = new RegExp(`^${system.id}/[a-z0-9]+(-[a-z0-9]+)*$`)
    const repeated = ids.filter((id, i) => ids.indexOf(id) !== i)
    yield* unless(repeated.length === 0, system.id, () => `twice: ${repeated.join(", ")}`)
    const foreign = ids.filter((id) => !form.test(id))
    yield* unless(foreign.length === 0, system.id, () => `misnamed: ${foreign.join(", ")}`)
  }),
})

/**
 * Test cases of `system`: one for each claim, erratum, experiment and resumable experiment, and one for their names.
 *
 * They use the program's kernels and data, so other layers test those. Strict kernels must agree with the reference bit for
 * bit.
 *
 * @example
 * ```ts no-run: needs a test runner
 * import { NodeServices } from "@effect/platform-node"
 * import { it } from "@effect/vitest"
 * import { Datasets } from "@nonconvex/datasets"
 * import * as Conformance from "@nonconvex/evidence/Conformance"
 * import { Kernels } from "@nonconvex/numerics"
 * import { Effect, Layer } from "effect"
 * import { system } from "../src/evidence/system.ts"
 *
 * const capabilities = Layer.merge(Kernels.layerStrict, Datasets.layer).pipe(
 *   Layer.provide(NodeServices.layer),
 * )
 * for (const { check, name } of Conformance.cases(system, { runs: 64, seed: 1 })) {
 *   it.effect(name, () => check.pipe(Effect.provide(capabilities)))
 * }
 * ```
 */
export const cases = (
  system: Subject,
  effort: Plan.Effort,
  options: Options = {},
): ReadonlyArray<Case> => [
  names(system),
  ...system.claims.map((claim) => ofClaim(claim, effort, options)),
  ...system.errata.map((erratum) => ofErratum(erratum, system, effort)),
  ...system.experiments.map((experiment) => ofExperiment(experiment, effort, options)),
  ...system.experiments
    .filter(({ isResumable }) => isResumable)
    .map((experiment) => goesOn(experiment, effort)),
]
