/** Trials of a sweep in the store of the program. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import { RunStore, type StoreFailed, type Subject } from "@nonconvex/runner/RunStore"
import { idOf } from "@nonconvex/runner/RunKey"
import {
  firstTrials,
  type PreparedSweep,
  type PreparedTrial,
} from "@nonconvex/runner/sweep/RunSweep"
import { Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Runs } from "@nonconvex/store/Runs"
import { DateTime, Effect, Option, Schema } from "effect"
import { isPruning } from "../program/MedianPruner.ts"

/** Stores the list of trials, and tells which of them existed before. */
export interface KeptTrials {
  /**
   * Stores trials that are about to begin: all, or those of one more rung. Returns those that an earlier run of the sweep has
   * pruned, by their place, with the reason.
   */
  readonly begin: (
    trials: ReadonlyArray<PreparedTrial>,
  ) => Effect.Effect<ReadonlyMap<number, string>, StoreFailed>
  /** Run id of a trial (undefined if not stored), and whether it was computed before. */
  readonly of: (trial: PreparedTrial) => readonly [run: string | undefined, isReused: boolean]
}

/** Subject of the run of a trial. */
export const subjectOf = (
  experiment: Experiment,
  { config, seed }: Pick<PreparedTrial, "config" | "seed">,
): Subject => ({
  kind: "experiment",
  id: experiment.id,
  config,
  seed,
  parts: experiment.configure(config).count,
})

/** For the sweep with this id; `fresh` recomputes all trials, whatever is stored. */
export const make = Effect.fnUntraced(function* (
  prepared: PreparedSweep,
  id: string,
  fresh: boolean,
) {
  const { experiment, shard, sweep, system } = prepared
  const store = yield* RunStore
  const runs = Option.getOrUndefined(yield* Effect.serviceOption(Runs))
  const startedAt = DateTime.formatIso(yield* DateTime.now)
  const ids: Array<string> = []
  const before = new Set<string>()
  return {
    begin: Effect.fnUntraced(function* (trials) {
      const pruned = new Map<number, string>()
      if (runs === undefined) return pruned
      // a shard lists all trials of the sweep, so that the stores of all shards agree
      const listed = shard === undefined ? trials : firstTrials({ ...prepared, shard: undefined })
      for (const trial of listed) {
        const subject = subjectOf(experiment, trial)
        const key = yield* store.keyOf(system, subject)
        if (key === undefined) return pruned
        ids[trial.place] = yield* idOf(key)
      }
      const spec = Schema.encodeSync(Sweep)(sweep)
      yield* runs.keepSweep({ id, experiment: experiment.id, spec, startedAt, trials: ids })
      if (fresh) return pruned
      const beginning = new Map(trials.map(({ place }) => [ids[place], place]))
      for (const { id: run, outcome, status } of yield* runs.list({ sweep: id })) {
        const place = beginning.get(run)
        if (place === undefined) continue
        if (status === "done") before.add(run)
        if (sweep.prune === true && outcome?._tag === "Failed" && isPruning(outcome.reason)) {
          pruned.set(place, outcome.reason)
        }
      }
      return pruned
    }),
    of: ({ place }) => [ids[place], before.has(ids[place] ?? "")],
  } satisfies KeptTrials
})
