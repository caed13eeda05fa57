/** Progress of a command: the job of each thread, and the expected total time. */
import type * as Experiment from "@nonconvex/evidence/Experiment"
import type * as Plan from "@nonconvex/evidence/Plan"
import type { System } from "@nonconvex/evidence/System"
import { Compute, type JobOf, Watch } from "@nonconvex/runner/Compute"
import { canonical } from "@nonconvex/runner/RunKey"
import { RunStore } from "@nonconvex/runner/RunStore"
import { configOf, idOf, partsOf, type Target } from "@nonconvex/runner/Verify"
import { Runs } from "@nonconvex/store/Runs"
import { Clock, Effect, Option, type Schema } from "effect"
import * as MonotonicTime from "../cli/MonotonicTime.ts"
import * as Progress from "../cli/Progress.ts"
import * as Estimate from "./Estimate.ts"

/** Earlier durations of work in the store; undefined without a store. */
export type Before = (id: string, config: Schema.Json) => number | undefined

/** Earlier durations from the program's store. Errors of the store are left to the code that opens a run. */
export const before: Effect.Effect<Before> = Effect.gen(function* () {
  const runs = yield* Effect.serviceOption(Runs)
  if (Option.isNone(runs)) return () => undefined
  const seconds = yield* Effect.orElseSucceed(
    runs.value.secondsBefore,
    () => new Map<string, number>(),
  )
  return (id: string, config: Schema.Json) => seconds.get(`${id} ${canonical(config)}`)
})

/** Item for an experiment in a configuration. A duration measured elsewhere is used if there is none from this machine. */
export const ofExperiment = (
  system: System,
  { count, encoded, experiment }: Experiment.Configured,
  known: Before,
  measured?: number,
): Estimate.Item => ({
  id: experiment.id,
  group: system.id,
  parts: Array.from({ length: count }, () => ({ kind: "case", units: 1 })),
  before: known(experiment.id, encoded) ?? measured,
})

const kindOf = (control: string | undefined): Estimate.Kind =>
  control === undefined ? "search" : "control"

/** A statement and the effort of its search. */
export const ofTarget = (target: Target, effort: Plan.Effort, known: Before): Estimate.Item => ({
  id: idOf(target),
  group: target.system.id,
  parts: partsOf(target, effort).map(({ control, search }) => ({
    kind: kindOf(control),
    units: search.runs,
  })),
  before: known(idOf(target), configOf(effort)),
})

/** A job as a part of its item. */
export const partOf = (job: JobOf): Estimate.Part =>
  job._tag === "SearchClaim" || job._tag === "SearchErratum"
    ? { kind: kindOf("control" in job ? job.control : undefined), units: job.search.runs }
    : { kind: "case", units: 1 }

const nameOf = (job: JobOf, item: Estimate.Item | undefined): string => {
  switch (job._tag) {
    case "RunCase":
      return `${job.id}, case ${job.case + 1}${item === undefined ? "" : ` of ${item.parts.length}`}`
    case "SearchClaim":
      return job.control === undefined ? job.id : `${job.id}, control: ${job.control}`
    default:
      return job.id
  }
}

/** Shows the current job of each thread during `work`. */
export const showing = <A, E, R>(
  { running }: Progress.Meter,
  work: Effect.Effect<A, E, R>,
  items: ReadonlyMap<string, Estimate.Item> = new Map(),
): Effect.Effect<A, E, R> =>
  Effect.flatMap(Watch, (watch) =>
    Effect.provideService(work, Watch, (job) => {
      const ended = [watch(job), running(nameOf(job, items.get(job.id)))]
      return () => {
        for (const each of ended) each()
      }
    }),
  )

/**
 * Shows the progress of `use` like `Progress.track`, by the expected duration of its jobs, and the job of each thread.
 *
 * `items` are all pieces of work; `closed` marks one as finished, whatever its outcome.
 */
export const track = Effect.fnUntraced(function* <A, E, R>(
  work: Progress.Work,
  items: ReadonlyArray<Estimate.Item>,
  use: (meter: Progress.Meter, closed: (id: string) => void) => Effect.Effect<A, E, R>,
) {
  const { size } = yield* Compute
  const clock = yield* Clock.Clock
  const estimate = Estimate.make(items, size, () => MonotonicTime.seconds(clock))
  const known = new Map(items.map((item) => [item.id, item]))
  const watch = yield* Watch
  const store = yield* RunStore
  const open: typeof store.open = (system, subject) =>
    Effect.tap(store.open(system, subject), ({ parts }) =>
      Effect.sync(() => {
        const of = known.get(subject.id)?.parts ?? []
        const kept = [...parts].flatMap(([place, { seconds }]) => {
          const part = of[place]
          return part === undefined ? [] : [{ ...part, seconds }]
        })
        estimate.reused(subject.id, kept)
      }),
    )
  const estimated = Effect.provideService(Watch, (job: JobOf) => {
    const ended = [watch(job), estimate.began(job.id, partOf(job))]
    return () => {
      for (const each of ended) each()
    }
  })
  return yield* Progress.track({ ...work, estimate: estimate.now }, (meter) =>
    showing(meter, use(meter, estimate.closed), known).pipe(
      estimated,
      Effect.provideService(RunStore, { ...store, open }),
    ),
  )
})
