/** Trials of a sweep, done by this program and by all workers of its database. */
import type { System } from "@nonconvex/evidence/System"
import { idOf } from "@nonconvex/runner/RunKey"
import { RunStore, type Subject } from "@nonconvex/runner/RunStore"
import { Runs } from "@nonconvex/store/Runs"
import { type Trial, versionOf } from "@nonconvex/store/queue/Trial"
import { type Event, Trials } from "@nonconvex/store/queue/Trials"
import { Effect, Option } from "effect"
import * as Messages from "./Messages.ts"

const trialOf = Effect.fnUntraced(function* (system: System, subject: Subject) {
  const key = yield* (yield* RunStore).keyOf(system, subject)
  if (key === undefined) return []
  const trial: Trial = { system: system.id, key, parts: subject.parts }
  return [{ trial, id: yield* idOf(key) }]
})

export interface SpreadEvents {
  /** Called for each run that ends, except those that the store had. */
  readonly onEnded: () => void
  /** Reports events: a database that is unreachable, a trial that is retried. */
  readonly say: (line: string) => void
}

/**
 * Offers the missing runs, takes part in the work, and waits until all have ended. Afterwards the store has all except
 * failed ones. Returns the failures by their index in `subjects`. Does nothing in a program without `Trials`.
 */
export const spread = Effect.fnUntraced(function* (
  system: System,
  subjects: ReadonlyArray<Subject>,
  { onEnded, say }: SpreadEvents,
) {
  const failures = new Map<number, string>()
  const queue = Option.getOrUndefined(yield* Effect.serviceOption(Trials))
  const runs = Option.getOrUndefined(yield* Effect.serviceOption(Runs))
  if (queue === undefined || runs === undefined) return failures
  const all = (yield* Effect.forEach(subjects, (subject) => trialOf(system, subject))).flat()
  // a system whose code cannot be told has no run that others could do
  if (all.length === 0 || all.length < subjects.length) return failures
  const ids = all.map(({ id }) => id)
  const before = new Map((yield* runs.list({ ids })).map((run) => [run.id, run]))
  const open = all.filter(({ id }) => before.get(id)?.status !== "done")
  yield* queue.offer(open.map(({ trial }) => trial))
  const hear = (event: Event) => {
    const line = event._tag === "Refused" ? undefined : Messages.line(event)
    if (line !== undefined) say(line)
  }
  const versions = [{ system, version: versionOf(all[0]!.trial) }]
  const waiting = queue.awaitAll(
    open.map(({ id }) => id),
    onEnded,
  )
  const givenUp = new Map(
    (yield* Effect.raceFirst(
      waiting,
      Effect.andThen(queue.serve({ versions, hear }), Effect.never),
    )).map(({ failed, id }) => [id, failed]),
  )
  const after = new Map((yield* runs.list({ ids })).map((run) => [run.id, run]))
  for (const [place, id] of ids.entries()) {
    const outcome = after.get(id)?.outcome
    const reason = givenUp.get(id) ?? (outcome?._tag === "Failed" ? outcome.reason : undefined)
    if (reason !== undefined) failures.set(place, reason)
  }
  return failures
})
