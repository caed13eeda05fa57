/** Answers of the server about kept sweeps: their list, and one as a table of its trials. */
import * as Csv from "@nonconvex/evidence/Csv"
import type { Row } from "@nonconvex/evidence/Experiment"
import type * as Live from "@nonconvex/gallery/internal/Live"
import * as Parts from "@nonconvex/gallery/internal/Parts"
import * as Seam from "@nonconvex/numerics/Seam"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import { type KeptRun, type KeptSweep, Runs } from "@nonconvex/store/Runs"
import { Effect, Option, Schema } from "effect"
import * as Table from "../cli/TextTable.ts"
import { BadExpression } from "../evidence/runs/Clause.ts"
import * as Configuration from "../evidence/runs/Configuration.ts"
import * as Listing from "../evidence/runs/Listing.ts"
import * as Metric from "../evidence/runs/Metric.ts"
import { subsample } from "./Subsample.ts"

/** No sweep has this id. */
export class UnknownSweep extends Schema.TaggedError<UnknownSweep>()("UnknownSweep", {
  name: Schema.String,
  place: Schema.String,
}) {
  override get message(): string {
    return `no sweep of ${this.place} begins with ${JSON.stringify(this.name.slice(0, 64))}; see the list of sweeps`
  }
}

/** Maximum number of sweeps in the list, and of trials of one sweep on a page. */
const most = { sweeps: 200, trials: 2000 } as const

const specOf = ({ spec }: KeptSweep): Sweep.Sweep | undefined =>
  Option.getOrUndefined(Schema.decodeUnknownOption(Sweep.Sweep)(spec))

/** `radius, learningRate`. */
const variedOf = (sweep: Sweep.Sweep | undefined): ReadonlyArray<string> =>
  sweep === undefined
    ? []
    : [
        ...Object.keys(sweep.vary),
        ...(sweep.competition === undefined ? [] : [sweep.competition.resource]),
      ]

/** Kept sweeps, latest first. */
export const list = Effect.gen(function* () {
  const { sweeps } = yield* Runs
  const shown = (yield* sweeps).slice(-most.sweeps).toReversed()
  const short = Listing.shortIds(shown.map(({ id }) => id))
  return {
    sweeps: shown.map(({ experiment, id }) => ({ id, experiment })),
    table: {
      header: ["sweep", "of", "varies", "trials", "when"],
      rows: shown.map((sweep) => [
        short(sweep.id),
        sweep.experiment,
        variedOf(specOf(sweep)).join(", "),
        Table.count(sweep.trials.length),
        Listing.time(sweep.startedAt),
      ]),
    },
  } satisfies Live.SweepList
})

/** Metrics of runs that are done, which no later part can change. */
const measured = new Map<string, Metric.Measured>()
const mostMeasured = 100_000

const measure = Effect.fnUntraced(function* (metric: Metric.Metric, run: KeptRun) {
  const key = `${run.id} ${Metric.render(metric)}`
  const known = measured.get(key)
  if (known !== undefined) return known
  const rows = yield* (yield* Runs).rowsOf(run.id)
  const found = yield* Seam.attempt([BadExpression], () => Metric.evaluate(metric, rows))
  if (measured.size >= mostMeasured) measured.clear()
  measured.set(key, found)
  return found
})

/** Columns of numbers in the rows of the first run that has any. */
const offered = Effect.fnUntraced(function* (runs: ReadonlyArray<KeptRun>) {
  const done = runs.find(({ kept }) => kept > 0)
  if (done === undefined) return []
  const rows = yield* (yield* Runs).rowsOf(done.id)
  return Csv.columns(rows).filter((name) => typeof rows[0]?.[name] === "number")
})

/** Column names of a trial that a setting must not hide. */
const known = ["seed", "status", "metric", "run"]
const columnOf = (setting: string): string =>
  known.includes(setting) ? `config.${setting}` : setting

const notesOf = (statuses: ReadonlyMap<string, number>): ReadonlyArray<string> =>
  (["failed", "unfinished", "waiting"] as const).flatMap((status) => {
    const count = statuses.get(status) ?? 0
    return count === 0 ? [] : [`${Table.plural(count, "trial")} ${status}`]
  })

/** A sweep with its trials; `text` is the metric to show, by default its own. Fails with UnknownSweep or BadExpression. */
export const sweep = Effect.fnUntraced(function* (name: string, text: string | undefined) {
  const store = yield* Runs
  const found = (yield* store.sweeps).filter(({ id }) => name.length >= 4 && id.startsWith(name))
  const [kept] = found
  if (kept === undefined || found.length > 1) {
    return yield* new UnknownSweep({ name, place: store.place })
  }
  const spec = specOf(kept)
  const asked = text ?? spec?.metric
  const metric =
    asked === undefined
      ? undefined
      : yield* Seam.attempt([BadExpression], () => Metric.parse(asked))
  const byId = new Map((yield* store.list({ sweep: kept.id })).map((run) => [run.id, run]))
  const statuses = new Map<string, number>()
  for (const id of kept.trials) {
    const status = byId.get(id)?.status ?? "waiting"
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const varied = variedOf(spec)
  const shown = subsample(kept.trials, most.trials)
  const rows: Array<Row> = []
  for (const id of shown) {
    const run = byId.get(id)
    const row: Record<string, Row[string]> = {}
    for (const setting of varied) {
      const value = run && Configuration.settingOf(run.key.config, setting)
      if (value !== undefined) row[columnOf(setting)] = value
    }
    if (run !== undefined) row["seed"] = run.key.seed
    row["status"] = run?.status ?? "waiting"
    if (metric !== undefined && run?.status === "done") {
      row["metric"] = (yield* measure(metric, run)).value
    }
    if (run !== undefined) row["run"] = run.id
    rows.push(row)
  }
  return {
    id: kept.id,
    experiment: kept.experiment,
    facts: [
      ["sweep", kept.id],
      ["experiment", kept.experiment],
      ...(spec === undefined
        ? []
        : ([
            ["preset", spec.preset],
            ["seeds", spec.seeds],
            ["sampler", spec.sampler],
          ] as const)),
      ["trials", `${statuses.get("done") ?? 0} of ${Table.count(kept.trials.length)} done`],
      ["when", Listing.time(kept.startedAt)],
    ],
    varied: varied.map(columnOf),
    ...(metric !== undefined && { metric: Metric.render(metric) }),
    offered: yield* offered([...byId.values()]),
    columns: { ...Parts.wholeColumnsOf(rows) } as Live.SweepFacts["columns"],
    total: kept.trials.length,
    shown: shown.length,
    notes: notesOf(statuses),
  } satisfies Live.SweepFacts
})
