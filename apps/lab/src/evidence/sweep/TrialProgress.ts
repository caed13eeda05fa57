/** Trials of a sweep as they run: from the program's store, on this machine or several, with progress on the screen. */
import * as RunSweep from "@nonconvex/runner/sweep/RunSweep"
import { Clock, Effect } from "effect"
import { Quiet } from "../../cli/Flags.ts"
import * as MonotonicTime from "../../cli/MonotonicTime.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Estimate from "../Estimate.ts"
import * as JobProgress from "../JobProgress.ts"
import { isPruning } from "../program/MedianPruner.ts"
import { spread } from "../worker/Spread.ts"
import * as KeptTrials from "./KeptTrials.ts"

/** Measures the result of a trial, and the score by which candidates compete. */
export type Measuring<Measured, Error> = Pick<
  RunSweep.Watching<Measured, Error>,
  "measure" | "score"
>

/**
 * Runs the trials of the sweep with this id, and reports progress. `latest` is the number of trials that began last: those
 * of the last rung.
 */
export const run = Effect.fnUntraced(function* <Measured, Error>(
  prepared: RunSweep.PreparedSweep,
  id: string,
  { measure, score }: Measuring<Measured, Error>,
  fresh: boolean,
) {
  const { count, experiment, system } = prepared
  const kept = yield* KeptTrials.make(prepared, id, fresh)
  let latest = 0
  const screen = yield* Progress.Progress
  const quiet = yield* Quiet
  const say = (line: string) => {
    if (!quiet) screen.write(`${line}\n`)
  }
  const clock = yield* Clock.Clock
  const estimate = Estimate.ofAlike(count, () => MonotonicTime.seconds(clock))
  const isReused = (trial: RunSweep.PreparedTrial) => kept.of(trial)[1]
  const work = { label: experiment.id, total: count, unit: "trials" }
  const ended = yield* Progress.track({ ...work, estimate: estimate.now }, (meter) => {
    let all = 0
    let failed = 0
    /** Trials that had ended, here or on other machines, before they were read from the store. */
    let spreadOut = 0
    const trials = RunSweep.runSweep(prepared, {
      measure,
      score,
      onTrials: Effect.fnUntraced(function* (begun) {
        latest = begun.length
        const pruned = yield* kept.begin(begun)
        const before = begun.filter(isReused).length
        estimate.reused(before)
        spreadOut = all + before
        const subjects = begun.map((trial) => KeptTrials.subjectOf(experiment, trial))
        const failures = yield* spread(system, subjects, {
          say,
          onEnded: () => {
            meter.done(++spreadOut)
            estimate.ended()
          },
        })
        return new Map([
          ...pruned,
          ...[...failures].map(([at, reason]) => [begun[at]!.place, reason] as const),
        ])
      }),
      onEnded: (trial) => {
        all += 1
        meter.done(Math.max(all, spreadOut))
        if (all > spreadOut && !isReused(trial)) estimate.ended()
        if (trial._tag === "Failed" && !isPruning(trial.reason)) meter.note(`${++failed} failed`)
      },
    })
    return JobProgress.showing(meter, trials)
  })
  return { ended, kept, latest }
})
