/** Selection of kept runs for a command. */
import * as Seam from "@nonconvex/numerics/Seam"
import type { Kind, RunKey } from "@nonconvex/runner/RunKey"
import { isName, type KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as Lookup from "../Lookup.ts"
import { BadExpression } from "./Clause.ts"
import type { Trial } from "./Groups.ts"
import * as Metric from "./Metric.ts"
import * as RunFilter from "./RunFilter.ts"
import { reported } from "../../cli/Failure.ts"

/** A clause, divided into a selection by the store and the rest. Fails with BadExpression. */
const divided = (where: string | undefined, kind: Kind | undefined) =>
  Seam.attempt([BadExpression], (): RunFilter.Divided => {
    const clause = where === undefined ? [] : RunFilter.parse(where)
    const found = RunFilter.divide(clause)
    if (kind === undefined) return found
    return found.choice.kind === undefined || found.choice.kind === kind
      ? { ...found, choice: { ...found.choice, kind } }
      : { choice: { kind }, rest: clause }
  })

/** Runs that match a selection and the further comparisons. */
const fitting = Effect.fnUntraced(function* ({ choice, rest }: RunFilter.Divided) {
  const runs = yield* Runs
  const all = yield* runs.list(choice)
  if (rest.length === 0) return all
  const sweeps = rest.some(({ field }) => field === "sweep") ? yield* runs.sweeps : []
  return yield* Seam.attempt([BadExpression], () => RunFilter.select(rest, all, sweeps))
})

/** Runs that match a clause; all without one. Fails with BadExpression. */
export const selected = Effect.fnUntraced(function* (where: string | undefined, kind?: Kind) {
  return yield* fitting(yield* divided(where, kind))
})

/** A page of the latest runs that a clause fits, the oldest first, and how many fit. Fails with BadExpression. */
export const page = Effect.fnUntraced(function* (
  where: string | undefined,
  latest: { readonly skip: number; readonly count: number },
) {
  const clause = yield* divided(where, undefined)
  const runs = yield* Runs
  if (clause.rest.length === 0) {
    const { choice } = clause
    return { count: yield* runs.count(choice), shown: yield* runs.list({ ...choice, latest }) }
  }
  const all = yield* fitting(clause)
  const end = all.length - latest.skip
  return { count: all.length, shown: all.slice(Math.max(0, end - latest.count), Math.max(0, end)) }
})

/** The run that a text names, or the runs that it fits as a clause. */
export const named = Effect.fnUntraced(function* (text: string) {
  if (isName(text) || !/[=<>~]/.test(text)) return [yield* (yield* Runs).find(text)]
  return yield* selected(text)
}, reported)

/** The system of a run; undefined if no loaded system has its name. */
export const systemOf = ({ kind, subject }: RunKey) =>
  Effect.gen(function* () {
    if (kind === "experiment") return (yield* Lookup.experiment(subject)).system
    return (yield* Lookup.statement(subject)).system
  }).pipe(Effect.catchTag("NotFound", () => Effect.succeed(undefined)))

/** Each run once, in the given order. */
export const distinct = (runs: ReadonlyArray<KeptRun>): ReadonlyArray<KeptRun> => [
  ...new Map(runs.map((run) => [run.id, run])).values(),
]

/** Metric of finished runs of experiments, with a description of the excluded runs. */
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
