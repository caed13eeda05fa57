/** Tables of a store of runs, and the migration of older stores. */
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { Effect } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Migrator from "effect/sql/Migrator"
import type * as SqlError from "effect/sql/SqlError"

const table = "nonconvex_migrations"

const first = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const bytes = sql.literal(sql.onDialectOrElse({ pg: () => "bytea", orElse: () => "blob" }))
  const float64 = sql.literal(
    sql.onDialectOrElse({ pg: () => "double precision", orElse: () => "real" }),
  )
  yield* sql`CREATE TABLE provenances (
    digest text NOT NULL PRIMARY KEY,
    content text NOT NULL
  )`
  yield* sql`CREATE TABLE runs (
    id text NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    config text NOT NULL,
    seed bigint NOT NULL,
    kernels text NOT NULL,
    data text,
    code text NOT NULL,
    parts integer NOT NULL,
    status text NOT NULL,
    started_at text NOT NULL,
    ended_at text,
    provenance text NOT NULL REFERENCES provenances (digest),
    outcome text
  )`
  yield* sql`CREATE INDEX runs_of_subject ON runs (subject)`
  // the content comes last: what stands before it is read without it
  yield* sql`CREATE TABLE parts (
    run text NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    place integer NOT NULL,
    seconds ${float64} NOT NULL,
    kept_at text NOT NULL,
    provenance text NOT NULL REFERENCES provenances (digest),
    digest text NOT NULL,
    content ${bytes} NOT NULL,
    PRIMARY KEY (run, place)
  )`
  // the state of a part that is under way
  yield* sql`CREATE TABLE snapshots (
    run text NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    place integer NOT NULL,
    seconds ${float64} NOT NULL,
    digest text NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (run, place)
  )`
  yield* sql`CREATE TABLE differences (
    run text NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    part integer NOT NULL,
    found_digest text NOT NULL,
    found_by text NOT NULL REFERENCES provenances (digest),
    kept_by text NOT NULL REFERENCES provenances (digest),
    place text NOT NULL,
    kept text NOT NULL,
    found text NOT NULL,
    at text NOT NULL,
    PRIMARY KEY (run, part, found_digest, found_by)
  )`
  yield* sql`CREATE TABLE sweeps (
    id text NOT NULL PRIMARY KEY,
    experiment text NOT NULL,
    spec text NOT NULL,
    started_at text NOT NULL
  )`
  // a trial may name a run that has not begun
  yield* sql`CREATE TABLE trials (
    sweep text NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
    place integer NOT NULL,
    run text NOT NULL,
    PRIMARY KEY (sweep, place)
  )`
  yield* sql`CREATE INDEX trials_of_run ON trials (run)`
})

const migrations = [[1, "runs", Effect.succeed(first)]] as const

/** The version of the tables that this version of the package reads and writes. */
export const version: number = migrations.length

const byStart = "runs_by_start"

/**
 * The order of the list of runs. A store older than this index receives it; a program that opens the store read-only works
 * without it.
 */
const indexed = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const found = yield* sql.onDialectOrElse({
    pg: () =>
      sql`SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = ${byStart}`,
    orElse: () => sql`SELECT 1 FROM sqlite_schema WHERE name = ${byStart}`,
  })
  if (found.length > 0) return
  yield* Effect.ignore(sql`CREATE INDEX IF NOT EXISTS ${sql(byStart)} ON runs (started_at, id)`)
})

const namesOf = (sql: SqlClient.SqlClient) =>
  Effect.map(
    sql.onDialectOrElse({
      pg: () =>
        sql<{
          name: string
        }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
      orElse: () => sql<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table'`,
    }),
    (rows) => rows.map(({ name }) => name),
  )

const versionOf = (sql: SqlClient.SqlClient) =>
  Effect.map(
    sql<{ version: number | null }>`SELECT max(migration_id) AS version FROM ${sql(table)}`,
    ([row]) => row?.version ?? 0,
  )

/**
 * Creates or updates the tables to this version. A current store is only read; one of a newer version is rejected, like an
 * SQLite file of another program.
 */
export const migrate = Effect.fn("Migrations.migrate")(function* (
  place: string,
): Effect.fn.Return<
  void,
  StoreFailed | SqlError.SqlError | Migrator.MigrationError,
  SqlClient.SqlClient
> {
  const sql = yield* SqlClient.SqlClient
  const names = yield* namesOf(sql)
  const found = names.includes(table) ? yield* versionOf(sql) : undefined
  if (found !== undefined && found > version) {
    return yield* new StoreFailed({
      place,
      reason: `has version ${found}, but this nonconvex reads up to version ${version}; use a newer nonconvex, or give another file with --store FILE`,
    })
  }
  const isForeign = sql.onDialectOrElse({ pg: () => false, orElse: () => names.length > 0 })
  if (found === undefined && isForeign) {
    return yield* new StoreFailed({
      place,
      reason: `is a database of another program, with a table ${names[0]}; give another file with --store FILE`,
    })
  }
  if (found === version) return yield* indexed(sql)
  // most stores have their tables, and need nothing that makes them
  const { make } = yield* Effect.promise(() => import("effect/sql/Migrator"))
  yield* make({})({ loader: Effect.succeed(migrations), table })
  yield* indexed(sql)
})
