/** The kept runs that a command is about. */
import * as Seam from "@nonconvex/numerics/Seam"
import type { Kind, RunKey } from "@nonconvex/runner/RunKey"
import { isName, type KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as Lookup from "../Lookup.ts"
import { BadExpression } from "./Comparison.ts"
import type { Trial } from "./Groups.ts"
import * as Metric from "./Metric.ts"
import * as Where from "./Where.ts"
import { reported } from "../../cli/Failure.ts"

/** The runs that a clause fits, all of them where there is none. Fails with BadExpression. */
export const selected = Effect.fnUntraced(function* (where: string | undefined, kind?: Kind) {
  const clause =
    where === undefined ? [] : yield* Seam.attempt([BadExpression], () => Where.parse(where))
  const runs = yield* Runs
  const all = yield* runs.list(kind === undefined ? {} : { kind })
  const sweeps = clause.some(({ field }) => field === "sweep") ? yield* runs.sweeps : []
  return yield* Seam.attempt([BadExpression], () => Where.select(clause, all, sweeps))
})

/** The run that a text names, or the runs that it fits as a clause. */
export const named = Effect.fnUntraced(function* (text: string) {
  if (isName(text) || !/[=<>~]/.test(text)) return [yield* (yield* Runs).find(text)]
  return yield* selected(text)
}, reported)

/** The system that a run is of; undefined where nothing here has its name. */
export const systemOf = ({ kind, subject }: RunKey) =>
  Effect.gen(function* () {
    if (kind === "experiment") return (yield* Lookup.experiment(subject)).system
    return (yield* Lookup.statement(subject)).system
  }).pipe(Effect.catchTag("NotFound", () => Effect.succeed(undefined)))

/** Each run once, in the order in which they come. */
export const distinct = (runs: ReadonlyArray<KeptRun>): ReadonlyArray<KeptRun> => [
  ...new Map(runs.map((run) => [run.id, run])).values(),
]

/** The metric of finished runs of experiments, and in words what was left out. */
export const measured = Effect.fnUntraced(function* (
  metric: Metric.Metric,
  runs: ReadonlyArray<KeptRun>,
) {
  const { rowsOf } = yield* Runs
  const counted = runs.filter(({ key, status }) => key.kind === "experiment" && status === "done")
  const trials = yield* Effect.forEach(counted, (run) =>
    Effect.flatMap(rowsOf(run.id), (rows) =>
      Seam.attempt([BadExpression], (): Trial => ({
        run,
        measured: Metric.evaluate(metric, rows),
      })),
    ),
  )
  const left = (["unfinished", "failed"] as const).flatMap((status) => {
    const count = runs.filter((run) => run.status === status).length
    return count === 0 ? [] : [`${Table.plural(count, `${status} run`)} omitted`]
  })
  const others = runs.filter(({ key, status }) => key.kind !== "experiment" && status === "done")
  const notes = [
    ...left,
    ...(others.length === 0
      ? []
      : [
          `${Table.plural(others.length, "verdict")} omitted: metrics apply to rows of experiments`,
        ]),
  ]
  return { trials, notes }
})
