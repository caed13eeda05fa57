/** Tasks started from the page of `nonconvex open`: runs and sweeps, each an interruptible fiber. */
import * as Reason from "@nonconvex/evidence/Reason"
import * as Settings from "@nonconvex/evidence/Settings"
import type * as Live from "@nonconvex/gallery/internal/Live"
import { type Compute, Watch } from "@nonconvex/runner/Compute"
import { runExperiment } from "@nonconvex/runner/Run"
import { idOf } from "@nonconvex/runner/RunKey"
import { RunStore } from "@nonconvex/runner/RunStore"
import * as RunSweep from "@nonconvex/runner/sweep/RunSweep"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import { Cause, Clock, Context, Effect, Exit, FiberMap, Layer, Schema } from "effect"
import type { Capability } from "../cli/Capabilities.ts"
import * as MonotonicTime from "../cli/MonotonicTime.ts"
import * as Estimate from "../evidence/Estimate.ts"
import * as Lookup from "../evidence/Lookup.ts"
import * as KeptTrials from "../evidence/sweep/KeptTrials.ts"
import * as Trial from "../evidence/sweep/Trial.ts"
import * as VariedSettings from "../evidence/sweep/VariedSettings.ts"
import type { Systems } from "../evidence/Systems.ts"

/** Too many tasks are running. */
export class TooManyTasks extends Schema.TaggedError<TooManyTasks>()("TooManyTasks", {
  limit: Schema.Int,
}) {
  override get message(): string {
    return `${this.limit} runs and sweeps of this page are in progress, which is the limit; stop one, or wait until one ends`
  }
}

/** Limits on concurrent tasks, and on remembered ones. */
const most = { open: 100, ended: 50 } as const

/** Trials of one sweep: each has a place in memory. */
const mostTrials = 10_000

/** Messages of a task in progress. */
interface Telling {
  /** Number of its parts that have ended. */
  readonly done: (count: number) => void
  /** Runs of the store that belong to it. */
  readonly owns: (runs: ReadonlyArray<string>) => void
  readonly estimate: ReturnType<typeof Estimate.ofAlike>
}

type Known = Pick<Live.Task, "kind" | "experiment" | "of" | "total">

const outcomeOf = (exit: Exit.Exit<unknown, unknown>): Pick<Live.Task, "state" | "reason"> => {
  if (Exit.isSuccess(exit)) return { state: "done" }
  return Cause.hasInterrupts(exit.cause)
    ? { state: "stopped" }
    : { state: "failed", reason: Reason.of(Cause.squash(exit.cause)) }
}

const isOpen = ({ state }: Live.Task): boolean => state === "waiting" || state === "running"

const make = Effect.gen(function* () {
  const fibers = yield* FiberMap.make<string>()
  const clock = yield* Clock.Clock
  const tasks = new Map<string, Live.Task>()
  const estimates = new Map<string, Telling["estimate"]>()
  const started = new Map<string, number>()
  const owned = new Set<string>()
  let count = 0

  const change = (id: string, to: Partial<Live.Task>) => {
    const task = tasks.get(id)
    if (task !== undefined) tasks.set(id, { ...task, ...to })
  }

  const secondsSince = (startedAt: number): number =>
    Math.floor((MonotonicTime.milliseconds(clock) - startedAt) / 1000)

  const ended = (id: string, to: Pick<Live.Task, "state" | "reason">) => {
    change(id, { ...to, seconds: secondsSince(started.get(id) ?? 0) })
    started.delete(id)
    estimates.delete(id)
    const old = [...tasks.values()].filter((task) => !isOpen(task)).slice(0, -most.ended)
    for (const task of old) tasks.delete(task.id)
  }

  /** Starts the task unless it is already running, and returns it. */
  const begin = Effect.fnUntraced(function* <E>(
    known: Known,
    work: (telling: Telling) => Effect.Effect<unknown, E, Compute>,
  ): Effect.fn.Return<Live.Task, TooManyTasks, Compute> {
    const open = [...tasks.values()].filter(isOpen)
    const same = open.find(({ of }) => of !== undefined && of === known.of)
    if (same !== undefined) return same
    if (open.length >= most.open) return yield* new TooManyTasks({ limit: most.open })
    const id = String(++count)
    started.set(id, MonotonicTime.milliseconds(clock))
    const estimate = Estimate.ofAlike(known.total, () => MonotonicTime.seconds(clock))
    const task: Live.Task = { ...known, id, state: "waiting", done: 0, seconds: 0 }
    tasks.set(id, task)
    estimates.set(id, estimate)
    const telling: Telling = {
      done: (done) => change(id, { done }),
      owns: (runs) => {
        for (const run of runs) owned.add(run)
      },
      estimate,
    }
    const watched = Effect.flatMap(Watch, (watch) =>
      Effect.provideService(work(telling), Watch, (job) => {
        if (tasks.get(id)?.state === "waiting") change(id, { state: "running" })
        return watch(job)
      }),
    )
    yield* FiberMap.run(
      fibers,
      id,
      watched.pipe(
        Effect.onExit((exit) => Effect.sync(() => ended(id, outcomeOf(exit)))),
        // what went wrong is told by the task
        Effect.exit,
      ),
    )
    return task
  })

  const startRun = Effect.fn("Tasks.startRun")(function* (asked: Live.StartRun) {
    const { experiment, system } = yield* Lookup.experiment(asked.experiment)
    const { preset, seed, settings } = asked
    const configured = yield* Settings.resolve(experiment, preset, settings)
    const { count: total, encoded } = configured
    const subject = KeptTrials.subjectOf(experiment, { config: encoded, seed })
    const key = yield* (yield* RunStore).keyOf(system, subject)
    const of = key === undefined ? {} : { of: yield* idOf(key) }
    const known: Known = { kind: "run", experiment: experiment.id, total, ...of }
    return yield* begin(known, ({ done, estimate, owns }) => {
      owns(of.of === undefined ? [] : [of.of])
      let [computed, reused] = [0, 0]
      const onCase = (_: unknown, all: number) => {
        done(all)
        const kept = Math.max(0, all - computed)
        estimate.reused(Math.max(0, kept - reused))
        reused = Math.max(reused, kept)
      }
      return Effect.flatMap(Watch, (watch) =>
        Effect.provideService(runExperiment(system, configured, { seed, onCase }), Watch, (job) => {
          const left = watch(job)
          return () => {
            computed++
            estimate.ended()
            left()
          }
        }),
      )
    })
  })

  const startSweep = Effect.fn("Tasks.startSweep")(function* (asked: Live.StartSweep) {
    const { experiment, system } = yield* Lookup.experiment(asked.experiment)
    const { goal, metric, preset, seeds, settings, trials, vary } = asked
    const written = Object.entries(vary).map(([name, text]) => `${name}=${text}`)
    const isRange = (text: string) => VariedSettings.isRange(text.slice(text.indexOf("=") + 1))
    const ranges = written.filter(isRange)
    const varied = yield* VariedSettings.varied(
      written.filter((text) => !isRange(text)),
      ranges,
    )
    const set = Object.entries(settings).map(
      ([name, text]) => [name, VariedSettings.valueOf(text)] as const,
    )
    const sweep = yield* Sweep.complete({
      experiment: experiment.id,
      preset,
      seeds,
      goal,
      set: Object.fromEntries(set),
      ...(varied !== undefined && { vary: varied }),
      ...(metric !== undefined && { metric }),
      // a grid has all of its values
      ...(trials !== undefined && { trials, sampler: "halton" as const }),
    })
    const measured = yield* Trial.metricOf(sweep)
    const prepared = yield* RunSweep.prepare(system, experiment, sweep, mostTrials)
    const id = yield* Sweep.idOf(sweep)
    const known: Known = { kind: "sweep", experiment: experiment.id, of: id, total: prepared.count }
    return yield* begin(
      known,
      Effect.fnUntraced(function* ({ done, estimate, owns }) {
        const kept = yield* KeptTrials.make(prepared, id, false)
        let all = 0
        return yield* RunSweep.runSweep(prepared, {
          measure: (result) => Trial.measure(measured, result),
          score: (found) => found.metric ?? Number.NaN,
          onTrials: Effect.fnUntraced(function* (begun) {
            yield* kept.begin(begun)
            owns(begun.flatMap((trial) => kept.of(trial)[0] ?? []))
            estimate.reused(begun.filter((trial) => kept.of(trial)[1]).length)
          }),
          onEnded: (trial) => {
            done(++all)
            if (!kept.of(trial)[1]) estimate.ended()
          },
        })
      }),
    )
  })

  return Tasks.of({
    start: (asked) => (asked._tag === "Run" ? startRun(asked) : startSweep(asked)),
    stop: (id) =>
      Effect.suspend(() => {
        const task = tasks.get(id)
        return Effect.as(FiberMap.remove(fibers, id), task !== undefined)
      }),
    now: Effect.sync(() =>
      Array.from(tasks.values(), (task) => {
        const [startedAt, left] = [started.get(task.id), estimates.get(task.id)?.now()?.left]
        if (startedAt === undefined) return task
        const seconds = secondsSince(startedAt)
        return left === undefined || !Number.isFinite(left)
          ? { ...task, seconds }
          : { ...task, seconds, left: Math.ceil(left) }
      }),
    ),
    owns: (run) => owned.has(run),
  })
})

type StartFailed = Effect.Error<
  ReturnType<
    | typeof Lookup.experiment
    | typeof Settings.resolve
    | typeof Sweep.complete
    | typeof RunSweep.prepare
    | typeof Trial.metricOf
    | typeof VariedSettings.varied
  >
>

/** Runs and sweeps that were started here. */
export class Tasks extends Context.Service<
  Tasks,
  {
    /**
     * Starts a run or a sweep. One that is already running is not started again. Fails with the error of the request, or
     * with TooManyTasks.
     */
    readonly start: (
      asked: Live.Start,
    ) => Effect.Effect<Live.Task, StartFailed | TooManyTasks, Systems | Capability>
    /** Interrupts a task in any state; its finished work is kept. Returns whether the task exists. */
    readonly stop: (id: string) => Effect.Effect<boolean>
    /** All running tasks and the latest ended ones, in the order in which they were started. */
    readonly now: Effect.Effect<ReadonlyArray<Live.Task>>
    /** Tests whether a run of the store belongs to a task. */
    readonly owns: (run: string) => boolean
  }
>()("@nonconvex/lab/live/Tasks") {
  static readonly layer: Layer.Layer<Tasks> = Layer.effect(Tasks, make)
}
