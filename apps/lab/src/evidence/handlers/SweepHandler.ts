import * as RunSweep from "@nonconvex/runner/sweep/RunSweep"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import { Runs } from "@nonconvex/store/Runs"
import { Effect, Layer, Option, Schema, Struct } from "effect"
import type * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit, RunFailed } from "../../cli/Failure.ts"
import type { Keeping } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import * as Lookup from "../Lookup.ts"
import * as MedianPruner from "../program/MedianPruner.ts"
import * as ProgramCompute from "../program/ProgramCompute.ts"
import * as Programs from "../program/Programs.ts"
import type { BadExpression } from "../runs/Clause.ts"
import type { Metric } from "../runs/Metric.ts"
import * as SweepDraft from "../sweep/SweepDraft.ts"
import { SweepReport, TrialReport } from "../sweep/SweepReport.ts"
import * as SweepTable from "../sweep/SweepTable.ts"
import * as TrialProgress from "../sweep/TrialProgress.ts"
import * as Trial from "../sweep/Trial.ts"
import * as Machines from "../worker/Machines.ts"

export interface Input extends Capabilities.Chosen, Keeping, SweepDraft.Flags {
  readonly save: string | undefined
  readonly dryRun: boolean
  readonly shards: number | undefined
  readonly shard: number | undefined
  readonly emit: "slurm" | "kubernetes" | "compose" | undefined
  readonly out: string | undefined
  readonly image: string | undefined
  readonly limit: number
  readonly json: boolean
}

/** JSON of `sweep --dry-run`. */
export const PlannedSweep = Schema.Struct({
  sweep: Sweep.Sweep,
  /** Number of trials; more than are listed if later ones depend on results. */
  count: Schema.Int,
  trials: Schema.Array(Schema.Struct(Struct.pick(TrialReport.fields, ["settings", "seed"]))),
})

/** The trials that it begins with, and the number of all. */
const show = Effect.fnUntraced(function* (prepared: RunSweep.PreparedSweep, json: boolean) {
  const { count, sweep } = prepared
  const trials = RunSweep.firstTrials(prepared)
  if (json) return yield* Output.json(PlannedSweep, { sweep, count, trials })
  const later = count - trials.length
  const more = later === 0 ? "" : `, ${Table.count(later)} of them chosen by the results of these`
  const lines = [...SweepTable.planned(trials), "", `${Table.plural(count, "trial")}${more}`]
  return yield* Output.text(lines.join("\n"))
})

/** Runs the trials, and reports progress. */
const run = Effect.fnUntraced(function* (
  prepared: RunSweep.PreparedSweep,
  id: string,
  metric: Metric | undefined,
  fresh: boolean,
) {
  const { shard, sweep } = prepared
  const pruner =
    metric === undefined || sweep.prune !== true ? undefined : MedianPruner.make(metric, sweep.goal)
  const measuring: TrialProgress.Measuring<Trial.Measured, BadExpression> = {
    measure: (result) => {
      pruner?.ended(result.rows)
      return Trial.measure(metric, result)
    },
    score: (measured) => measured.metric ?? Number.NaN,
  }
  const running = TrialProgress.run(prepared, id, measuring, fresh)
  const { ended, kept, latest } = yield* pruner === undefined
    ? running
    : Effect.provideService(running, MedianPruner.Pruner, pruner.reasonToEnd)
  const trials = ended.map((each) => Trial.report(each, ...kept.of(each)))
  const pruned = trials.filter(({ status }) => status === "pruned").length
  return {
    id,
    sweep,
    ...(shard === undefined ? {} : { shard }),
    trials,
    reused: trials.filter(({ status }) => status === "reused").length,
    failed: trials.filter(({ status }) => status === "failed").length,
    ...(pruned === 0 ? {} : { pruned }),
    // a shard lacks seeds of its configurations
    candidates:
      metric === undefined || shard !== undefined
        ? []
        : // candidates of a rung have had one budget
          Trial.candidates(
            sweep.sampler === "halving" ? trials.slice(-latest) : trials,
            sweep.goal,
          ),
  } satisfies SweepReport
})

const lonely = (flag: string, other: string) =>
  new Misfit({ flag, needs: `--${other}: sweep --shards 16 --shard 3 runs the third of 16 parts` })

/** The experiment of a sweep with its system, or its program in their form. */
const subjectOf = Effect.fnUntraced(function* (draft: Sweep.Draft) {
  if (draft.program === undefined) {
    const found = yield* Lookup.experiment(draft.experiment)
    return { ...found, sweep: yield* Sweep.complete({ ...draft, experiment: found.experiment.id }) }
  }
  const sweep = yield* Sweep.complete(draft)
  return { sweep, ...(yield* Programs.of(sweep, draft.program)) }
})

/** The sweep of the flags, whose trials and metric are valid. */
const prepare = Effect.fnUntraced(function* (input: SweepDraft.Flags, limit: number) {
  const draft = yield* SweepDraft.draft(input)
  const { experiment, sweep, system } = yield* subjectOf(draft)
  const metric = yield* Trial.metricOf(sweep)
  return { metric, whole: yield* RunSweep.prepare(system, experiment, sweep, limit) }
})

const runHere = Effect.fnUntraced(
  function* ({ dryRun, json, limit, save, shard, shards, ...input }: Input) {
    if (shards !== undefined && shard === undefined) return yield* lonely("shards", "shard")
    if (shard !== undefined && shards === undefined) return yield* lonely("shard", "shards")
    const { metric, whole } = yield* prepare(input, limit)
    const prepared =
      shard === undefined || shards === undefined
        ? whole
        : yield* RunSweep.inShard(whole, { shard, shards })
    const { sweep } = prepared
    if (sweep.prune === true && input.database !== undefined) {
      const needs = "no --database: other machines do not compare their trials with these"
      return yield* new Misfit({ flag: "prune", needs })
    }
    const kept = Option.map(yield* Effect.serviceOption(Runs), ({ place }) => place)
    const inputs = [...Option.toArray(kept), ...(input.file === undefined ? [] : [input.file])]
    const file = save === undefined ? undefined : yield* Folder.stageFile(save, inputs)
    if (file !== undefined) yield* file.write(yield* Output.encode(Sweep.Sweep, sweep))
    if (dryRun) return yield* show(prepared, json)
    const report = yield* run(prepared, yield* Sweep.idOf(sweep), metric, input.fresh)
    if (json) yield* Output.json(SweepReport, report)
    else yield* Output.text(SweepTable.render(yield* paint, report))
    if (report.failed === 0) return
    const trials = Table.plural(report.trials.length, "trial")
    return yield* new RunFailed({
      reasons: [`${report.failed} of ${trials} failed: ${SweepTable.failures(report).join("; ")}`],
    })
  },
  Effect.scoped,
  Effect.onInterrupt(() => CommandStore.sayHowToGoOn),
  (work, input) =>
    Effect.provide(work, Layer.merge(ProgramCompute.layer(input), Machines.storing(input))),
)

/** Flags of work here, which writing files does not do. */
const ofWorkHere = (input: Input): Readonly<Record<string, unknown>> => ({
  "dry-run": input.dryRun || undefined,
  json: input.json || undefined,
  save: input.save,
  shard: input.shard,
  store: input.store,
  database: input.database,
  "no-store": input.noStore || undefined,
  fresh: input.fresh || undefined,
})

const runElsewhere = Effect.fnUntraced(function* (input: Input, emit: NonNullable<Input["emit"]>) {
  const here = Object.entries(ofWorkHere(input)).find(([, value]) => value !== undefined)
  if (here !== undefined) {
    return yield* new Misfit({ flag: here[0], needs: "no --emit, which runs nothing here" })
  }
  const EmitSweep = yield* Effect.promise(() => import("../emit/EmitSweep.ts"))
  const { whole } = yield* prepare(input, input.limit)
  if (whole.sweep.program !== undefined) {
    const needs = "an experiment; run the --shards of a program where its files are"
    return yield* new Misfit({ flag: "emit", needs })
  }
  return yield* EmitSweep.emit(whole, { ...input, emit })
})

export const handle = Effect.fn("sweep")(function* (input: Input) {
  const { emit } = input
  if (emit !== undefined) return yield* runElsewhere(input, emit)
  const flag = (["out", "image"] as const).find((name) => input[name] !== undefined)
  if (flag !== undefined) {
    return yield* new Misfit({ flag, needs: "--emit slurm, kubernetes or compose" })
  }
  return yield* runHere(input)
})
