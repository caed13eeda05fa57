import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { type Cause, Context, Duration, Effect, Layer, Logger, Schedule } from "effect"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as SqlClient from "effect/sql/SqlClient"
import type { Database } from "../Postgres.ts"
import { type Absence, outlasting, sqlErrorIn } from "./Outlast.ts"
import * as QueueTable from "./QueueTable.ts"
import { serve } from "./Serve.ts"
import { nameOf, queueOf, Trial, type Version, versionOf } from "./Trial.ts"

export type { Absence }

/** A trial that has ended: `failed` says why, and is absent of one that was done. */
export interface Ended {
  /** The id of its run. */
  readonly id: string
  readonly failed?: string
}

/** Trials that wait for a worker of their version. */
export interface Waiting {
  readonly version: Version
  readonly trials: number
}

/** What a worker tells of its work. */
export type Event =
  | { readonly _tag: "Began"; readonly trial: Trial; readonly attempt: number }
  | {
      readonly _tag: "Ended"
      readonly trial: Trial
      /** Of the work of its cases, by whomever it was done. */
      readonly seconds: number
      readonly failed?: string
    }
  /** The attempt came to nothing, and the trial is tried again. */
  | { readonly _tag: "Broke"; readonly trial: Trial; readonly reason: string }
  /** Trials of this system wait for another version than this worker is. Told once for each version. */
  | { readonly _tag: "Refused"; readonly waiting: Waiting; readonly mine?: Version }
  | Absence

export interface Serving<Stale = never> {
  /** A system and the code that it is here. Trials of others are left to others. */
  readonly versions: ReadonlyArray<{ readonly system: System; readonly version: Version }>
  /** Ends when no trial of these versions waits or is under way anywhere; else it goes on until it is interrupted. */
  readonly untilIdle?: boolean
  readonly hear?: (event: Event) => void
  /**
   * Fails where a thread that begins now would no longer load the code that the version names. Is asked before trials of a system are taken
   * and after a thread has ended, and ends the work where it fails.
   */
  readonly check?: (system: System) => Effect.Effect<void, Stale>
}

/** Attempts after which a trial is given up: each of them took a worker or a thread with it. */
const mostAttempts = 5

/** Milliseconds between two looks at what was offered, at least. */
const lookInterval = 500

/** Share of its time that a program may spend looking. */
const lookShare = 0.05

/** Trials that are offered at once. */
const offeredAtOnce = 500

export interface Options extends Pick<Database, "place" | "reasonOf"> {
  /**
   * Seconds after which a trial is free whose worker said nothing; a worker renews it three times as often. The same for all workers of a
   * database, at least 1.
   */
  readonly lease: number
  /** Is told when the database goes and comes back, while trials are offered or awaited. */
  readonly hear?: (absence: Absence) => void
}

/**
 * Trials that are spread over all programs on one database: each is done once, by whoever comes first.
 *
 * A trial is held by a lease that its worker renews. Where the worker dies or freezes the lease ends, and the trial goes to another; what
 * both have computed is compared to the bit by the store. Everything here outlasts a database that is away for a while.
 */
export class Trials extends Context.Service<
  Trials,
  {
    /**
     * Offers trials to all workers; those that are waiting or under way already are offered once. A trial that ended before is tried again:
     * offer only what the store does not have.
     */
    readonly offer: (trials: ReadonlyArray<Trial>) => Effect.Effect<void, StoreFailed>
    /**
     * Does trials of the given versions with the computing power of the program, and keeps them in its RunStore. Interrupting it gives back at
     * once what it holds.
     */
    readonly serve: <Stale = never>(
      serving: Serving<Stale>,
    ) => Effect.Effect<void, StoreFailed | Stale, Compute>
    /**
     * Waits until all of these runs have ended, here or elsewhere, and tells of each as it does. Those that failed are those that were given up
     * a moment ago: how any other ended is in the store.
     */
    readonly awaitAll: (
      ids: ReadonlyArray<string>,
      onEnded?: (ended: Ended) => void,
    ) => Effect.Effect<ReadonlyArray<Ended>, StoreFailed>
  }
>()("@nonconvex/store/queue/Trials") {
  /** Over a client of the database. Makes the table of the queue where there is none. */
  static readonly layer = (
    options: Options,
  ): Layer.Layer<Trials, StoreFailed, SqlClient.SqlClient> =>
    Layer.effect(Trials, make(options)).pipe(
      Layer.provide(queues(options)),
      Layer.catchCause((cause) => Layer.effectContext(refused(options, cause))),
    )
}

const refused = ({ place, reasonOf }: Options, cause: Cause.Cause<unknown>) => {
  // the queue dies where its table cannot be made
  const error = sqlErrorIn(cause)
  return error === undefined
    ? Effect.failCause(cause as Cause.Cause<never>)
    : Effect.fail(new StoreFailed({ place, reason: reasonOf(error) }))
}

/** What effect's queue warns of is what the programs here outlast, and say themselves. */
const silent = Logger.layer([])

const queues = ({ lease }: Options) => {
  const store = PersistedQueue.layerStoreSql({
    tableName: QueueTable.tableName,
    pollInterval: lookInterval,
    lockExpiration: Duration.seconds(lease),
    lockRefreshInterval: Duration.seconds(lease / 3),
  })
  const ended = PersistedQueue.layerCleanup({ timeToLive: "1 day", failedTimeToLive: "30 days" })
  return PersistedQueue.layer.pipe(Layer.merge(ended), Layer.provide(store), Layer.provide(silent))
}

const make = Effect.fnUntraced(function* (options: Options) {
  const sql = yield* SqlClient.SqlClient
  const factory = yield* PersistedQueue.PersistedQueueFactory
  const table = QueueTable.over(sql, options.lease)
  const { hear = () => undefined } = options
  const { outlast } = outlasting(sql, options, hear)
  const queue = (name: string) =>
    factory.make({
      name,
      schema: Trial,
      maxAttempts: mostAttempts,
      retrySchedule: Schedule.spaced("1 second"),
    })

  const offerSome = Effect.fnUntraced(function* (trials: ReadonlyArray<Trial>) {
    const ids = yield* Effect.forEach(trials, nameOf)
    yield* table.forget(ids)
    for (const [at, trial] of trials.entries()) {
      const to = yield* queue(queueOf(versionOf(trial)))
      yield* to.offer(trial, { id: ids[at]! })
    }
  })

  const awaitAll = Effect.fnUntraced(function* (
    ids: ReadonlyArray<string>,
    onEnded: (ended: Ended) => void = () => undefined,
  ) {
    const all: Array<Ended> = []
    let left: ReadonlyArray<string> = [...new Set(ids)]
    while (true) {
      const began = performance.now()
      const pending = new Set((yield* outlast(table.pendingAmong(left))).map(({ id }) => id))
      const ended = left.filter((id) => !pending.has(id))
      const givenUp = new Map(
        (yield* outlast(table.givenUpAmong(ended))).map((each) => [
          each.id,
          QueueTable.reasonOf(mostAttempts, each),
        ]),
      )
      for (const id of ended) {
        const failed = givenUp.get(id)
        const each = failed === undefined ? { id } : { id, failed }
        all.push(each)
        onEnded(each)
      }
      left = left.filter((id) => pending.has(id))
      if (left.length === 0) return all
      yield* Effect.sleep(Math.max(lookInterval, (performance.now() - began) / lookShare))
    }
  })

  return Trials.of({
    offer: (trials) =>
      Effect.forEach(
        Array.from({ length: Math.ceil(trials.length / offeredAtOnce) }, (_, i) =>
          trials.slice(i * offeredAtOnce, (i + 1) * offeredAtOnce),
        ),
        (some) => outlast(sql.withTransaction(offerSome(some))),
        { discard: true },
      ),
    serve: (serving) =>
      serve(
        {
          table,
          queue,
          mostAttempts,
          outlasting: outlasting(sql, options, (absence) => {
            hear(absence)
            serving.hear?.(absence)
          }),
        },
        serving,
      ),
    awaitAll,
  })
})
