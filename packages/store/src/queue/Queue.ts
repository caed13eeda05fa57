/** Queue of trials in a database: effect's persisted queue, and queries on its table. */
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { type Cause, Duration, Effect, Layer, Logger, Schedule } from "effect"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as SqlClient from "effect/sql/SqlClient"
import type { Database } from "../internal/Postgres.ts"
import { sqlErrorIn } from "../internal/LostTransaction.ts"
import { type Outage, outlasting } from "./Outage.ts"
import * as LookPause from "./LookPause.ts"
import * as QueueTable from "./QueueTable.ts"
import { serve } from "./Serve.ts"
import { Trial, versionOf } from "./Trial.ts"
import type { Ended } from "./Serving.ts"
import { Trials } from "./Trials.ts"
import { nameOf, queueOf } from "./QueueName.ts"

/** Maximum attempts of a trial, each of which cost a worker or a thread. */
const mostAttempts = 5

/** Minimum milliseconds between two polls of offered trials. */
const lookInterval = 500

/** Trials that are offered at once. */
const offeredAtOnce = 500

/** Options of a queue of trials. */
export interface Options extends Pick<Database, "place" | "reasonOf"> {
  /**
   * Seconds after which the trial of a silent worker is released; a worker renews its lease three times as often. The same
   * for all workers of a database, at least 1.
   */
  readonly lease: number
  /** Called when the database goes away and returns, while trials are offered or awaited. */
  readonly hear?: (outage: Outage) => void
}

const refused = ({ place, reasonOf }: Options, cause: Cause.Cause<unknown>) => {
  // the queue dies where its table cannot be made
  const error = sqlErrorIn(cause)
  return error === undefined
    ? Effect.failCause(cause as Cause.Cause<never>)
    : Effect.fail(new StoreFailed({ place, reason: reasonOf(error) }))
}

/** Silences warnings of effect's queue that the programs here survive, and report themselves. */
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
      const [asked, unfinished] = yield* outlast(Effect.timed(table.pendingAmong(left)))
      const pending = new Set(unfinished.map(({ id }) => id))
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
      yield* Effect.sleep(LookPause.after(asked, lookInterval))
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
          outlasting: outlasting(sql, options, (outage) => {
            hear(outage)
            serving.hear?.(outage)
          }),
        },
        serving,
      ),
    awaitAll,
  })
})

/**
 * `Trials` over a client of the database. Creates the table of the queue if it does not exist.
 *
 * @internal
 */
export const layer = (options: Options): Layer.Layer<Trials, StoreFailed, SqlClient.SqlClient> =>
  Layer.effect(Trials, make(options)).pipe(
    Layer.provide(queues(options)),
    Layer.catchCause((cause) => Layer.effectContext(refused(options, cause))),
  )
