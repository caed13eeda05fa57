import * as Seam from "@nonconvex/numerics/Seam"
import type { KeptRun } from "@nonconvex/store/Runs"
import { firstDifference } from "@nonconvex/store/Compare"
import { Runs } from "@nonconvex/store/Runs"
import { Effect, Schema } from "effect"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as RunSelection from "../runs/RunSelection.ts"
import * as GroupComparison from "../runs/GroupComparison.ts"
import * as ComparedTable from "../runs/ComparedTable.ts"
import { BadExpression } from "../runs/Clause.ts"
import * as Configuration from "../runs/Configuration.ts"
import * as Groups from "../runs/Groups.ts"
import * as Listing from "../runs/Listing.ts"
import * as Metric from "../runs/Metric.ts"
import * as RunFilter from "../runs/RunFilter.ts"
import { reported } from "../../cli/Failure.ts"

/** Runs to compare, and the metric. */
export interface Asked {
  /** Runs given by the beginning of their id, or by clauses; each is a group unless `by` says otherwise. */
  readonly groups: ReadonlyArray<string>
  readonly where: string | undefined
  /** Settings, separated by commas. */
  readonly by: string | undefined
  readonly metric: string | undefined
}

export interface Input extends Place, Asked {
  readonly json: boolean
}

/** A comparison needs at least two groups. */
export class NothingToCompare extends Schema.TaggedError<NothingToCompare>()("NothingToCompare", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.reason}; give two runs or filters, or a setting that differs: nonconvex compare --where experiment=... --by radius`
  }
}

const unmeasured = (runs: ReadonlyArray<KeptRun>): ReadonlyArray<Groups.Trial> =>
  runs.map((run) => ({ run, measured: { value: Number.NaN, rows: 0 } }))

/** Names given to `--by`, each of which some run must have. */
const namesOf = (by: string, trials: ReadonlyArray<Groups.Trial>): ReadonlyArray<string> =>
  by.split(",").map((text) => {
    const name = text.trim()
    if (trials.some(({ run }) => RunFilter.valueOf(run, name) !== undefined)) return name
    const settings = Configuration.namesOf(trials.map(({ run }) => run.key.config))
    throw new BadExpression({
      flag: "by",
      text: name,
      reason: `no compared run has this setting; the runs have ${settings.join(", ")}, kernels and code`,
    })
  })

/** Runs of each named group, and its label. */
const namedGroups = Effect.fnUntraced(function* ({ groups, where }: Asked) {
  if (groups.length === 0) return [{ label: "", runs: yield* RunSelection.selected(where) }]
  const narrowed =
    where === undefined
      ? undefined
      : new Set((yield* RunSelection.selected(where)).map(({ id }) => id))
  const found = yield* Effect.forEach(groups, (text) =>
    Effect.map(RunSelection.named(text), (runs) => ({
      text,
      runs: runs.filter(({ id }) => narrowed?.has(id) ?? true),
    })),
  )
  const short = Listing.shortIds(found.flatMap(({ runs }) => runs.map(({ id }) => id)))
  return found.map(({ runs, text }) => ({
    label: /[=<>~]/.test(text) ? text : short(runs[0]?.id ?? text),
    runs,
  }))
})

/** Columns that two single runs share, if no metric requests a number. */
const rowsApart = Effect.fnUntraced(function* (groups: ReadonlyArray<Groups.Group>) {
  const runs = groups.map(({ trials }) => trials[0]!.run)
  const [first, second] = runs
  if (runs.length !== 2 || groups.some(({ trials }) => trials.length !== 1)) return undefined
  if (first!.key.subject !== second!.key.subject) return undefined
  const { rowsOf } = yield* Runs
  const [kept, found] = yield* Effect.all([rowsOf(first!.id), rowsOf(second!.id)])
  if (kept.length === 0 && found.length === 0) return undefined
  const apart = firstDifference(
    { _tag: "Rows", rows: kept, seconds: 0 },
    { _tag: "Rows", rows: found, seconds: 0 },
  )
  return apart === undefined
    ? `their ${Table.plural(kept.length, "row")} are equal bit for bit`
    : `their rows differ${apart.place === "" ? "" : `, first in ${apart.place}`}: ${apart.kept} and ${apart.found}`
})

interface Named {
  readonly label: string
  readonly runs: ReadonlyArray<KeptRun>
}

/** Trials in the groups that were named, or by settings. Throws BadExpression on a setting that none has. */
const groupsOf = (
  { by, groups }: Asked,
  named: ReadonlyArray<Named>,
  trials: ReadonlyArray<Groups.Trial>,
): ReadonlyArray<Groups.Group> => {
  if (by !== undefined) return Groups.by(namesOf(by, trials), trials)
  if (groups.length === 0) {
    return Groups.by(Configuration.varying(trials.map(({ run }) => run.key.config)), trials)
  }
  const trialOf = new Map(trials.map((trial) => [trial.run.id, trial]))
  return named.map(({ label, runs }) => ({
    label,
    trials: runs.flatMap(({ id }) => trialOf.get(id) ?? []),
  }))
}

/** Requires two groups, each with at least one run. */
const requireTwo = (groups: ReadonlyArray<Groups.Group>) => {
  const refuse = (reason: string) => Effect.fail(new NothingToCompare({ reason }))
  const empty = groups.find(({ trials }) => trials.length === 0)
  if (empty !== undefined) return refuse(`no finished run matches ${empty.label}`)
  const [only] = groups
  if (only === undefined) return refuse("no run matches")
  const size = Table.plural(only.trials.length, "run")
  return groups.length === 1
    ? refuse(`${size} of the same configuration form one group`)
    : Effect.void
}

/** Compares the requested groups. Fails if there are fewer than two, or if the metric is missing. */
export const comparison = Effect.fnUntraced(function* (input: Asked) {
  const { metric: text } = input
  const metric =
    text === undefined ? undefined : yield* Seam.attempt([BadExpression], () => Metric.parse(text))
  const named = yield* namedGroups(input)
  const all = RunSelection.distinct(named.flatMap(({ runs }) => runs))
  const { notes, trials } =
    metric === undefined
      ? { trials: unmeasured(all), notes: [] }
      : yield* RunSelection.measured(metric, all)
  const whole = yield* Seam.attempt([BadExpression], () => groupsOf(input, named, trials))
  yield* requireTwo(whole)
  const groups = whole.map((group) => ({ ...group, trials: Groups.latest(group.trials) }))
  const count = (of: ReadonlyArray<Groups.Group>) =>
    of.reduce((sum, group) => sum + group.trials.length, 0)
  const compared = GroupComparison.compare(
    metric === undefined ? undefined : Metric.render(metric),
    groups,
    [...notes, ...Groups.superseded(count(whole) - count(groups))],
  )
  return { compared, apart: metric === undefined ? yield* rowsApart(groups) : undefined }
}, reported)

export const handle = Effect.fn("compare")(
  function* ({ json, ...input }: Input) {
    const { apart, compared } = yield* comparison(input)
    if (json) return yield* Output.json(GroupComparison.Compared, compared)
    return yield* Output.text(ComparedTable.render(yield* paint, compared, apart))
  },
  (work, input) => Effect.provide(work, CommandStore.runs(input)),
  reported,
)
