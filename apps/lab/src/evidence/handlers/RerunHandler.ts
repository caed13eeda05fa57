import { KernelsName } from "@nonconvex/runner/Capabilities"
import * as Code from "@nonconvex/runner/node/Code"
import { runExperiment } from "@nonconvex/runner/Run"
import { type Part, RunStore } from "@nonconvex/runner/RunStore"
import { type Target, verdictOn } from "@nonconvex/runner/Verify"
import { firstDifference } from "@nonconvex/store/Compare"
import { type KeptRun, Runs } from "@nonconvex/store/Runs"
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect, Schema, Struct } from "effect"
import { RunFailed, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Progress from "../../cli/Progress.ts"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Lookup from "../Lookup.ts"
import * as ProgramCompute from "../program/ProgramCompute.ts"
import * as Programs from "../program/Programs.ts"
import { isSubject } from "../program/ProgramSystem.ts"
import * as Provenance from "../report/Provenance.ts"
import * as Configuration from "../runs/Configuration.ts"
import * as Listing from "../runs/Listing.ts"

export interface Input extends Place {
  readonly run: string
  readonly jobs: number
  /** The folder of data that the run read, if it was one of the user's own. */
  readonly data: string | undefined
  readonly json: boolean
}

/** A run that cannot be computed again here. */
export class NotRepeatable extends Schema.TaggedError<NotRepeatable>()("NotRepeatable", {
  run: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.run.slice(0, 12)} cannot be recomputed: ${this.reason}`
  }
}

/** JSON of the command. */
export const Rerun = Schema.Struct({
  run: Schema.String,
  /** True if all stored parts were reproduced bit for bit. */
  same: Schema.Boolean,
  /** True if the run was computed by the same code. */
  sameCode: Schema.Boolean,
  /** Parts that were compared, and the rows or margins in them. */
  parts: Schema.Int,
  values: Schema.Int,
  /** The first part that differs, and where. */
  first: Schema.optionalKey(
    Schema.Struct({
      part: Schema.Int,
      place: Schema.String,
      kept: Schema.String,
      found: Schema.String,
    }),
  ),
})
export type Rerun = typeof Rerun.Type

/** Requires that the user's own data are those that the run read, if it read any. */
const requireData = ({ id, key }: KeptRun, data: string | undefined) => {
  const refuse = (reason: string) => Effect.fail(new NotRepeatable({ run: id, reason }))
  if (key.data === undefined) {
    return data === undefined ? Effect.void : refuse("it read the bundled data; omit --data")
  }
  if (data === undefined) {
    return refuse("it read a folder of data; give it with --data")
  }
  return Effect.flatMap(
    Effect.try({
      try: () => Code.digestOfFolder(data),
      catch: (cause) => new NotRepeatable({ run: id, reason: `${data}: ${Reason.of(cause)}` }),
    }),
    (digest) =>
      digest === key.data
        ? Effect.void
        : refuse(`the files of ${data} differ from those that it read`),
  )
}

/** Runs work with an empty store, and returns what it would have stored. */
const partsOf = Effect.fnUntraced(function* <E, R>(work: Effect.Effect<unknown, E, R>) {
  const found = new Map<number, Part>()
  const open = {
    parts: new Map<number, Part>(),
    left: new Map<number, never>(),
    leave: () => Effect.void,
    keep: (place: number, part: Part) => Effect.sync(() => void found.set(place, part)),
    end: () => Effect.void,
  }
  yield* Effect.provideService(work, RunStore, {
    open: () => Effect.succeed(open),
    keyOf: () => Effect.succeed(undefined),
  })
  return found
})

/** The experiment of a run with its system, or its program in their form. */
const subjectOf = Effect.fnUntraced(function* (run: KeptRun) {
  const { id, key } = run
  if (!isSubject(key.subject)) return yield* Lookup.experiment(key.subject)
  const found = yield* Programs.sweepOf(run)
  if (found !== undefined) return yield* Programs.of(found.sweep, found.program)
  return yield* new NotRepeatable({
    run: id,
    reason: "it is a trial of a program, but its sweep is not in this store",
  })
})

const experimentAgain = Effect.fnUntraced(function* (run: KeptRun) {
  const { id, key } = run
  const { experiment, system } = yield* subjectOf(run)
  const configured = yield* Effect.try({
    try: () => experiment.configure(key.config),
    catch: (cause) =>
      new NotRepeatable({
        run: id,
        reason: `its settings are no longer accepted: ${Reason.of(cause)}`,
      }),
  })
  const work = { label: `rerun ${id.slice(0, 8)}`, total: configured.count, unit: "cases" }
  const found = yield* Progress.track(work, ({ done }) =>
    partsOf(
      runExperiment(system, configured, { seed: key.seed, onCase: (_, cases) => done(cases) }),
    ),
  )
  return { system, found }
})

const statementAgain = Effect.fnUntraced(function* ({ id, key }: KeptRun) {
  const target: Target = yield* Lookup.statement(key.subject)
  const runs = Configuration.settingOf(key.config, "runs")
  if (typeof runs !== "number") {
    return yield* new NotRepeatable({ run: id, reason: "it does not record its number of runs" })
  }
  const search = Configuration.settingOf(key.config, "search") ?? "random"
  if (search !== "random" && search !== "steered") {
    return yield* new NotRepeatable({ run: id, reason: `there is no search "${search}"` })
  }
  const found = yield* partsOf(verdictOn(target, { runs, seed: key.seed, way: search }))
  return { system: target.system, found }
})

const valuesIn = (part: Part): number =>
  part._tag === "Rows" ? part.rows.length : part.attempt.margins.length

/** Compares stored with recomputed results, part by part. */
const compare = (
  kept: ReadonlyMap<number, Part>,
  found: ReadonlyMap<number, Part>,
): Pick<Rerun, "first" | "parts" | "same" | "values"> => {
  let values = 0
  for (const [part, before] of [...kept].toSorted(([a], [b]) => a - b)) {
    const now = found.get(part)
    const apart: ReturnType<typeof firstDifference> =
      now === undefined
        ? { place: "", kept: "a part", found: "none" }
        : firstDifference(before, now)
    if (apart !== undefined)
      return { same: false, parts: kept.size, values, first: { part, ...apart } }
    values += valuesIn(before)
  }
  return { same: true, parts: kept.size, values }
}

/** Stores the parts that were not reproduced bit for bit, as every command does that recomputes a part. */
const keepFinding = Effect.fnUntraced(function* (
  run: KeptRun,
  kept: ReadonlyMap<number, Part>,
  found: ReadonlyMap<number, Part>,
) {
  const { insert } = yield* Runs
  const again = new Map([...found].filter(([place]) => kept.has(place)))
  const begun = Struct.omit(run, ["endedAt", "outcome"])
  yield* insert({ ...begun, provenance: yield* Provenance.here(run.key.kernels) }, again).pipe(
    Effect.catchTag("StoreFailed", ({ message }) => Progress.say(`${message}; this is not saved`)),
  )
})

const again = Effect.fnUntraced(function* (run: KeptRun) {
  const kept = yield* Effect.flatMap(Runs, ({ partsOf: of }) => of(run.id))
  if (kept.size === 0) {
    return yield* new NotRepeatable({ run: run.id, reason: "none of its parts is saved" })
  }
  const { found, system } = yield* run.key.kind === "experiment"
    ? experimentAgain(run)
    : statementAgain(run)
  const rerun: Rerun = {
    run: run.id,
    sameCode: Code.digestOf(system) === run.key.code,
    ...compare(kept, found),
  }
  // other code may come to other bits, and is another run
  if (!rerun.same && rerun.sameCode) yield* keepFinding(run, kept, found)
  return rerun
})

/** Describes the difference in a line. */
const difference = ({ first, run, sameCode }: Rerun): string => {
  const { found, kept, part, place } = first!
  const code = sameCode
    ? "the version of the code is the same"
    : "the version of the code is different, which may be the reason"
  return `${run.slice(0, 12)} differs: part ${part}${place === "" ? "" : `, ${place}`}: ${kept} is saved, ${found} was recomputed; ${code}`
}

const isNamed = Schema.is(KernelsName)

export const handle = Effect.fn("rerun")(
  function* ({ data, jobs, json, run: name }: Input) {
    const { find } = yield* Runs
    const run = yield* find(name)
    yield* requireData(run, data)
    const { kernels } = run.key
    if (!isNamed(kernels)) {
      const reason = `it was computed with the kernels of another program (${kernels})`
      return yield* new NotRepeatable({ run: run.id, reason })
    }
    const chosen = { kernels, jobs, ...(data === undefined ? {} : { data }) }
    const rerun = yield* Effect.provide(again(run), ProgramCompute.layer(chosen))
    if (json) yield* Output.json(Rerun, rerun)
    if (!rerun.same) return yield* new RunFailed({ reasons: [difference(rerun)] })
    if (json) return
    const { dim, good } = yield* paint
    const what = run.key.kind === "experiment" ? "row" : "margin"
    yield* Output.text(
      `${good("the same bits")} in ${Table.plural(rerun.values, what)} of ${Table.plural(rerun.parts, "part")}: ${run.key.subject}, seed ${run.key.seed}${isSubject(run.key.subject) ? "" : `, ${run.key.kernels} kernels`}`,
    )
    yield* Output.text(
      dim(
        [
          `saved by ${Listing.by(run.provenance)}`,
          ...(rerun.sameCode ? [] : ["the version of the code is different"]),
          ...(rerun.parts < run.parts
            ? [`${run.parts - rerun.parts} of its parts were not saved, so they are not compared`]
            : []),
        ].join("\n"),
      ),
    )
  },
  (work, input) => Effect.provide(work, CommandStore.runs(input, { writes: true })),
  reported,
)
