/** Queries on the table of effect's persisted queue of trials, in addition to those of the queue itself. */
import { Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

export const tableName = "nonconvex_trials"

/**
 * A queue with trials that have not ended.
 *
 * @internal
 */
export interface Pending {
  readonly queue: string
  readonly trials: number
  /** The place in the table of the first that no one holds; null where all are held. */
  readonly first: number | null
}

/**
 * A trial that no attempt could do.
 *
 * @internal
 */
interface GivenUp {
  readonly id: string
  readonly queue: string
  /** The trial as the queue encodes it. */
  readonly element: string
  readonly failure: string
}

/** Ids in one statement. */
const atOnce = 1000

const chunksOf = (ids: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, i) =>
    ids.slice(i * atOnce, (i + 1) * atOnce),
  )

/**
 * Statements over a PostgreSQL client. A trial whose worker has been silent for `lease` seconds is free.
 *
 * @internal
 */
export const over = (sql: SqlClient, lease: number) => {
  const table = sql(tableName)
  const isFree = sql`visible_at <= NOW() AND (acquired_at IS NULL OR acquired_at < NOW() - ${lease}::FLOAT8 * INTERVAL '1 second')`
  const among =
    <A>(ask: (chunk: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<A>, SqlError>) =>
    (ids: ReadonlyArray<string>) =>
      Effect.map(Effect.forEach(chunksOf(ids), ask), (found) => found.flat())
  return {
    /** Unfinished trials, by queue. */
    pending: sql<Pending>`
      SELECT queue_name AS queue, COUNT(*)::INT AS trials,
        (MIN(sequence) FILTER (WHERE ${isFree}))::FLOAT8 AS first
      FROM ${table} WHERE state = 'pending' GROUP BY queue_name`,
    /** Deletes the outcomes of trials, so that they can be offered again; returns those that existed. */
    forget: among(
      (ids) =>
        sql<{ readonly id: string }>`
        DELETE FROM ${table} WHERE state <> 'pending' AND ${sql.in("id", ids)} RETURNING id`,
    ),
    /** Trials that have not ended. */
    pendingAmong: among(
      (ids) =>
        sql<{ readonly id: string }>`
        SELECT id FROM ${table} WHERE state = 'pending' AND ${sql.in("id", ids)}`,
    ),
    /** Trials that were given up, among given ones. */
    givenUpAmong: among(
      (ids) =>
        sql<GivenUp>`
        SELECT id, queue_name AS queue, element, COALESCE(last_failure, '') AS failure
        FROM ${table} WHERE state = 'failed' AND ${sql.in("id", ids)}`,
    ),
    /** Trials that were given up, in given queues. */
    givenUpIn: (queues: ReadonlyArray<string>) =>
      sql<GivenUp>`
        SELECT id, queue_name AS queue, element, COALESCE(last_failure, '') AS failure
        FROM ${table} WHERE state = 'failed' AND ${sql.in("queue_name", queues)}`,
  }
}
export type Statements = ReturnType<typeof over>

/**
 * Reason why a trial was given up, from the record of the queue.
 *
 * @internal
 */
export const reasonOf = (attempts: number, { failure }: GivenUp): string => {
  const line = failure
    .trim()
    .split("\n", 1)[0]!
    .replace(/^[A-Za-z]*Error: |^[A-Za-z]+: /, "")
  return line === "" || line.startsWith("Lock expired")
    ? `each of the ${attempts} workers that tried it died or stopped answering`
    : line
}
