import * as Reason from "@nonconvex/evidence/Reason"
import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import type { ThreadEnded } from "@nonconvex/runner/JobFailure"
import { runExperiment } from "@nonconvex/runner/Run"
import { RunStore, type StoreFailed } from "@nonconvex/runner/RunStore"
import { Effect, Schema } from "effect"
import type { Trial } from "./Trial.ts"

/**
 * Result of a trial; `failed` is the reason why a retry would fail again.
 *
 * @internal
 */
interface Performed {
  readonly seconds: number
  readonly failed?: string
}

/** The experiment of a trial is not there. */
class NoExperiment extends Schema.TaggedError<NoExperiment>()("NoExperiment", {
  system: Schema.String,
  experiment: Schema.String,
}) {
  override get message(): string {
    return `${this.system} has no experiment ${this.experiment}`
  }
}

const open = ({ key: { config, kind, seed, subject }, parts }: Trial, system: System) =>
  Effect.flatMap(RunStore, (store) =>
    store.open(system, { kind, id: subject, config, seed, parts }),
  )

/**
 * Stores the reason why a trial failed, unless it is complete.
 *
 * @internal
 */
export const giveUp = Effect.fnUntraced(function* (system: System, trial: Trial, reason: string) {
  const run = yield* open(trial, system)
  if (run.parts.size < trial.parts) yield* run.end({ _tag: "Failed", reason })
})

const configuredBy = (system: System, { key }: Trial) => {
  const experiment = system.experiments.find(({ id }) => id === key.subject)
  if (experiment === undefined) {
    throw new NoExperiment({ system: system.id, experiment: key.subject })
  }
  return experiment.configure(key.config)
}

/**
 * Runs a trial with the program's computing power, and stores it; existing parts are not recomputed.
 *
 * An exception from a case, figure or expectation is a result, because it would occur again. Fails if another attempt may
 * succeed, for example because a thread ended.
 *
 * @internal
 */
export const perform = (
  system: System,
  trial: Trial,
): Effect.Effect<Performed, ThreadEnded | StoreFailed, Compute> =>
  Effect.suspend(() =>
    runExperiment(system, configuredBy(system, trial), { seed: trial.key.seed }),
  ).pipe(
    Effect.map(({ seconds }): Performed => ({ seconds })),
    Effect.catchDefect((defect) => {
      const reason = Reason.of(defect)
      return Effect.as(
        Effect.flatMap(open(trial, system), ({ end }) => end({ _tag: "Failed", reason })),
        { seconds: 0, failed: reason },
      )
    }),
    Effect.catch((error) =>
      error._tag === "StoreFailed" || error._tag === "ThreadEnded"
        ? Effect.fail(error)
        : Effect.succeed({ seconds: 0, failed: Reason.of(error) }),
    ),
  )
