import type { Experiment } from "@nonconvex/evidence/Experiment"
import * as Reason from "@nonconvex/evidence/Reason"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import * as Settings from "@nonconvex/evidence/Settings"
import { mean } from "@nonconvex/evidence/Summary"
import type { System } from "@nonconvex/evidence/System"
import { Cause, Effect, Result, type Schema } from "effect"
import { Compute } from "../Compute.ts"
import type { JobFailure } from "../JobFailure.ts"
import { runExperiment } from "../Run.ts"
import { StoreFailed } from "../RunStore.ts"
import * as Shard from "./Shard.ts"
import * as Lookahead from "./Lookahead.ts"
import * as ParzenSearch from "./ParzenSearch.ts"
import type * as RandomSearch from "./RandomSearch.ts"
import * as SuccessiveHalving from "./SuccessiveHalving.ts"
import { InvalidSweep, type Sweep, type TrialSettings, type TooManyTrials } from "./Sweep.ts"
import * as Trials from "./Trials.ts"
import * as TrialLimit from "./TrialLimit.ts"

/** One run of the experiment of a sweep. */
export interface PreparedTrial {
  /** Varied settings and, with halving, the budget. */
  readonly settings: TrialSettings
  readonly seed: number
  /** Index among all trials of the sweep, from 0. */
  readonly place: number
  /** The whole configuration, encoded. */
  readonly config: Schema.Json
}

/** A finished trial, with its measurements or the reason for its failure. */
export type EndedTrial<Measured> = PreparedTrial &
  (
    | { readonly _tag: "Done"; readonly measured: Measured; readonly seconds: number }
    | { readonly _tag: "Failed"; readonly reason: string }
  )

interface Candidate {
  readonly settings: TrialSettings
  /** Encoded configuration in each rung; the only one if they do not differ. */
  readonly configs: ReadonlyArray<Schema.Json>
  /** Coordinates of a candidate that `tpe` learns from. */
  readonly point?: RandomSearch.Draw["point"]
}

/** Sweep whose configurations are all valid for its experiment. */
export interface PreparedSweep {
  readonly system: System
  readonly experiment: Experiment
  readonly sweep: Sweep
  /** Candidates of the first rung. */
  readonly candidates: ReadonlyArray<Candidate>
  /** Rungs of halving and batches of `tpe`; for other samplers one rung without a budget. */
  readonly rungs: ReadonlyArray<{ readonly candidates: number; readonly resource?: number }>
  /** Number of trials in all, or in its shard. */
  readonly count: number
  /** Part of the trials that run; by default all. */
  readonly shard?: Shard.Shard | undefined
}

/** A value as `Settings.resolve` reads it, and a message shows it. */
const textOf = (value: Schema.Json): string => {
  if (typeof value !== "string") return JSON.stringify(value)
  try {
    JSON.parse(value)
  } catch {
    return value
  }
  return JSON.stringify(value)
}

const overridesOf = (settings: TrialSettings) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, textOf(value)]))

const budgetOf = ({ competition }: Sweep, resource: number | undefined): TrialSettings =>
  competition === undefined || resource === undefined ? {} : { [competition.resource]: resource }

/** Settings of a trial that differ from the preset, including the budget of a rung. */
const settingsIn = (
  sweep: Sweep,
  settings: TrialSettings,
  resource: number | undefined,
): TrialSettings => ({
  ...sweep.set,
  ...budgetOf(sweep, resource),
  ...settings,
})

const resolved = (experiment: Experiment, sweep: Sweep, settings: TrialSettings) =>
  Settings.resolve(experiment, sweep.preset, overridesOf(settings))

/** Budget of the last rung: that of the preset, or the given one. */
const mostOf = Effect.fnUntraced(function* (
  experiment: Experiment,
  { competition, preset, set }: Sweep,
): Effect.fn.Return<number, Settings.UnknownSetting | InvalidSweep> {
  if (competition === undefined) return 1
  const { resource } = competition
  const standard = experiment.preset(preset)
  if (!(resource in standard)) {
    const known = Object.keys(standard)
    return yield* new Settings.UnknownSetting({ experiment: experiment.id, key: resource, known })
  }
  const most = set[resource] ?? standard[resource]
  if (typeof most === "number" && most > 0) return most
  const reason = `its resource ${resource} is ${textOf(most!)}, but halving needs a number above 0`
  return yield* new InvalidSweep({ reason })
})

const rungsOf = (sweep: Sweep, configurations: number, most: number): PreparedSweep["rungs"] => {
  if (sweep.sampler === "tpe") {
    return Trials.batches(sweep).map((candidates) => ({ candidates }))
  }
  return sweep.competition === undefined
    ? [{ candidates: configurations }]
    : SuccessiveHalving.rungs(configurations, most, sweep.competition)
}

/**
 * Prepares a sweep: counts trials, rejects more than `limit` before creating any, and lets the experiment check each
 * configuration. Fails with `TooManyTrials`, `InvalidSweep`, `UnknownSetting` or `InvalidSetting`.
 */
export const prepare = Effect.fn("Sweep.prepare")(function* (
  system: System,
  experiment: Experiment,
  sweep: Sweep,
  limit: number,
): Effect.fn.Return<
  PreparedSweep,
  TooManyTrials | InvalidSweep | Settings.UnknownSetting | Settings.InvalidSetting
> {
  const most = yield* mostOf(experiment, sweep)
  yield* TrialLimit.refuse(sweep, most, limit)
  const drawn: ReadonlyArray<Pick<Candidate, "point" | "settings">> =
    sweep.sampler === "tpe"
      ? yield* Trials.firstDraws(sweep)
      : (yield* Trials.configurations(sweep)).map((settings) => ({ settings }))
  const rungs = rungsOf(sweep, drawn.length, most)
  const budgets = sweep.competition === undefined ? [undefined] : rungs
  const candidates: Array<Candidate> = []
  for (const each of drawn) {
    const configs: Array<Schema.Json> = []
    for (const budget of budgets) {
      const whole = settingsIn(sweep, each.settings, budget?.resource)
      configs.push((yield* resolved(experiment, sweep, whole)).encoded)
    }
    candidates.push({ ...each, configs })
  }
  const count = Number(Trials.count(sweep, most))
  return { system, experiment, sweep, candidates, rungs, count }
})

/**
 * The same sweep, of which only the trials of a shard run. Fails with `InvalidSweep` if there is no such shard, or if trials
 * depend on the results of others.
 */
export const inShard = (
  prepared: PreparedSweep,
  shard: Shard.Shard,
): Effect.Effect<PreparedSweep, InvalidSweep> => {
  const { count, sweep } = prepared
  return Effect.as(Shard.refuse(sweep, count, shard), {
    ...prepared,
    shard,
    count: Shard.sizeOf(shard, count),
  })
}

/** Observer of a sweep, and its measurement. */
export interface Watching<Measured, Error> {
  /** Measures the result of a trial, whose rows are then discarded. A failure fails the sweep. */
  readonly measure: (result: ExperimentResult) => Effect.Effect<Measured, Error>
  /** Score by which halving compares candidates. */
  readonly score: (measured: Measured) => number
  /**
   * Called with trials before they start: all of them, or those of a rung. Trials that failed elsewhere, given by index with
   * the reason, are not run here.
   */
  readonly onTrials: (
    trials: ReadonlyArray<PreparedTrial>,
  ) => Effect.Effect<ReadonlyMap<number, string> | void, StoreFailed, Compute>
  readonly onEnded: (ended: EndedTrial<Measured>) => void
}

/** A failed trial does not end the others, but a failing store does, because it would lose them. */
const attempt = ({ experiment, system }: PreparedSweep, { config, seed }: PreparedTrial) =>
  Effect.suspend(() => runExperiment(system, experiment.configure(config), { seed })).pipe(
    Effect.map(Result.succeed<ExperimentResult>),
    Effect.catchCause((cause: Cause.Cause<JobFailure | StoreFailed>) => {
      if (Cause.hasInterrupts(cause)) return Effect.interrupt
      const error = Cause.squash(cause)
      return error instanceof StoreFailed
        ? Effect.fail(error)
        : Effect.succeed(Result.fail(Reason.of(error)))
    }),
  )

const runTrial = Effect.fnUntraced(function* <Measured, Error>(
  prepared: PreparedSweep,
  trial: PreparedTrial,
  failed: string | undefined,
  { measure, onEnded }: Watching<Measured, Error>,
): Effect.fn.Return<EndedTrial<Measured>, StoreFailed | Error, Compute> {
  const tried = failed === undefined ? yield* attempt(prepared, trial) : Result.fail(failed)
  const ended: EndedTrial<Measured> = Result.isFailure(tried)
    ? { ...trial, _tag: "Failed", reason: tried.failure }
    : {
        ...trial,
        _tag: "Done",
        measured: yield* measure(tried.success),
        seconds: tried.success.seconds,
      }
  onEnded(ended)
  return ended
})

const runTrials = Effect.fnUntraced(function* <Measured, Error>(
  prepared: PreparedSweep,
  trials: ReadonlyArray<PreparedTrial>,
  watching: Watching<Measured, Error>,
) {
  const failed = yield* watching.onTrials(trials)
  const ahead = Lookahead.make((yield* Compute).size)
  return yield* Effect.forEach(
    trials,
    (trial) =>
      ahead.run(runTrial(prepared, trial, failed?.get(trial.place), watching), (ended) =>
        ended._tag === "Done" ? ended.seconds : Infinity,
      ),
    { concurrency: ahead.most },
  )
})

/** Score of each candidate of a rung: the mean over its seeds, NaN if one of them failed. */
const scoresOf = <Measured>(
  ended: ReadonlyArray<EndedTrial<Measured>>,
  candidates: number,
  score: (measured: Measured) => number,
): ReadonlyArray<number> => {
  const seeds = ended.length / candidates
  return Array.from({ length: candidates }, (_, at) =>
    mean(
      ended
        .slice(at * seeds, (at + 1) * seeds)
        .map((each) => (each._tag === "Done" ? score(each.measured) : Number.NaN)),
    ),
  )
}

const costOf = (score: number, goal: Sweep["goal"]): number => {
  if (Number.isNaN(score)) return Infinity
  return goal === "least" ? score : -score
}

/** Trials of a rung for the remaining candidates, in its shard; `before` counts the trials of earlier rungs. */
const trialsOf = (
  { rungs, shard, sweep }: PreparedSweep,
  rung: number,
  alive: ReadonlyArray<Candidate>,
  before: number,
): ReadonlyArray<PreparedTrial> => {
  const budget = budgetOf(sweep, rungs[rung]?.resource)
  const trials = Trials.withSeeds(sweep, alive).map(
    ({ item: { configs, settings }, seed }, at) => ({
      settings: { ...settings, ...budget },
      seed,
      place: before + at,
      config: configs[rung] ?? configs[0]!,
    }),
  )
  return shard === undefined ? trials : trials.filter(({ place }) => Shard.has(shard, place))
}

/** Candidates that `tpe` chooses by all that ended. Fails with `InvalidSweep` if the experiment refuses one. */
const proposed = (
  { experiment, sweep }: PreparedSweep,
  tried: ReadonlyArray<ParzenSearch.Tried>,
  count: number,
): Effect.Effect<ReadonlyArray<Candidate>, InvalidSweep> =>
  Effect.forEach(ParzenSearch.propose(sweep, tried, count), (draw) =>
    resolved(experiment, sweep, { ...sweep.set, ...draw.settings }).pipe(
      Effect.map(({ encoded }): Candidate => ({ ...draw, configs: [encoded] })),
      Effect.mapError(({ message }) => new InvalidSweep({ reason: message })),
    ),
  )

/** Initial trials of a sweep: all, or those of its shard or of the first rung of halving. */
export const firstTrials = (prepared: PreparedSweep): ReadonlyArray<PreparedTrial> =>
  trialsOf(prepared, 0, prepared.candidates, 0)

/**
 * Runs the trials of a sweep like `runExperiment`; parts in the program's store are reused. The result is the same on any
 * number of threads, in the order of the trials; with halving, rung by rung.
 *
 * A trial that fails is a result. Fails if the store or a measurement fails, and with `InvalidSweep` if the experiment refuses a
 * configuration that `tpe` chose.
 */
export const runSweep = Effect.fn("runSweep")(function* <Measured, Error>(
  prepared: PreparedSweep,
  watching: Watching<Measured, Error>,
): Effect.fn.Return<
  ReadonlyArray<EndedTrial<Measured>>,
  StoreFailed | InvalidSweep | Error,
  Compute
> {
  const { candidates, rungs, sweep } = prepared
  const all: Array<EndedTrial<Measured>> = []
  const tried: Array<ParzenSearch.Tried> = []
  let alive = candidates
  for (const rung of rungs.keys()) {
    const trials = trialsOf(prepared, rung, alive, all.length)
    const ended = yield* runTrials(prepared, trials, watching)
    for (const each of ended) all.push(each)
    const next = rungs[rung + 1]
    if (next === undefined) break
    const scores = scoresOf(ended, alive.length, watching.score)
    if (sweep.sampler === "tpe") {
      for (const [place, { point = [], settings }] of alive.entries()) {
        tried.push({ settings, point, cost: costOf(scores[place]!, sweep.goal) })
      }
      alive = yield* proposed(prepared, tried, next.candidates)
      if (alive.length === 0) break
    } else {
      alive = SuccessiveHalving.promoted(scores, next.candidates, sweep.goal).map(
        (place) => alive[place]!,
      )
    }
  }
  return all
})
