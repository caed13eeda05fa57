/** SQLite in one file, by Node's own driver, as a client of `effect/sql`. */
import { StoreFailed } from "@nonconvex/runner/RunStore"
import {
  Clock,
  Context,
  Effect,
  Layer,
  Predicate,
  Schedule,
  Schema,
  type Scope,
  Semaphore,
  Stream,
} from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as SqlClient from "effect/sql/SqlClient"
import type * as SqlConnection from "effect/sql/SqlConnection"
import * as SqlError from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import * as Files from "./internal/Files.ts"
import { MostPages, Patience } from "./internal/Environment.ts"

/** This Node has no `node:sqlite`. */
export class NoSqlite extends Schema.TaggedError<NoSqlite>()("NoSqlite", {
  node: Schema.String,
}) {
  override get message(): string {
    return `Node ${this.node} has no SQLite; use Node 22.13 or newer to save runs`
  }
}

/** A file of runs, and how it is opened. */
export interface Options {
  /** Created with its folders if it does not exist. */
  readonly file: string
  /** Opens an existing file without changing it. A file that cannot be written is not changed either. */
  readonly readOnly?: boolean
  /** Called with a line if this file needs special treatment, for example on a network; by default a warning in the log. */
  readonly say?: (line: string) => Effect.Effect<void>
}

/** Milliseconds for which a statement waits for another program; this thread is blocked meanwhile. */
const busyTimeout = 100

/** Maximum number of cached prepared statements. */
const mostPrepared = 256

const elsewhere = "give another file with --store FILE"

/** Extended error code of SQLite; undefined for other errors. */
const detailOf = (cause: unknown): number | undefined =>
  Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number"
    ? cause.errcode
    : undefined

/** Primary error code of SQLite. */
const codeOf = (cause: unknown): number | undefined => {
  const detail = detailOf(cause)
  return detail === undefined ? undefined : detail & 0xff
}

const unlocked = `its file system does not lock files; use a disk of this machine, or ${elsewhere}`

/** Meaning of each SQLite code for a file of runs, and the next step. */
const reasons: Readonly<Record<number, string>> = {
  3: `is not accessible to this user; change its permissions, or ${elsewhere}`,
  5: "another program is using it; try again later",
  6: "another program is using it; try again later",
  8: `cannot be written; change its permissions, or ${elsewhere}`,
  10: `the disk failed to read or write it; check the disk, or ${elsewhere}`,
  11: `is damaged; move it away to start a new one, or ${elsewhere}`,
  13: `the disk is full; free some space, or ${elsewhere}`,
  14: `cannot be opened; check the permissions of the file and its folder, or ${elsewhere}`,
  15: unlocked,
  26: `is not a database of runs; ${elsewhere}`,
  3850: unlocked,
}

/** Explains an SQLite error for a file of runs and the next step, in one line without the file name. */
export const explain = ({ reason }: SqlError.SqlError): string => {
  const { cause } = reason
  const known = reasons[detailOf(cause) ?? 0] ?? reasons[codeOf(cause) ?? 0]
  if (known !== undefined) return known
  return `failed: ${cause instanceof Error ? cause.message : reason.message}`
}

/** Tests whether an error means that another program keeps the file busy. */
const isBusy = ({ reason }: SqlError.SqlError): boolean => reason._tag === "LockTimeoutError"

/**
 * Tests whether an error means that the file is readable but not writable.
 *
 * @internal
 */
export const isReadOnly = ({ reason }: SqlError.SqlError): boolean => codeOf(reason.cause) === 8

const failed = (operation: string) => (cause: unknown) =>
  new SqlError.SqlError({
    reason: SqlError.classifySqliteError(
      // the number by which effect tells a busy file from a broken rule
      cause instanceof Error ? Object.assign(cause, { errno: codeOf(cause) }) : cause,
      { operation, message: `Failed to ${operation}` },
    ),
  })

const bound = (value: unknown): SQLInputValue => {
  if (value === undefined) return null
  if (typeof value === "boolean") return Number(value)
  return value instanceof Date ? value.toISOString() : (value as SQLInputValue)
}

const connectionOf = (database: DatabaseSync): SqlConnection.Connection => {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    if (prepared.size === mostPrepared) prepared.delete(prepared.keys().next().value!)
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const all =
    (statementOf: (sql: string) => StatementSync) =>
    (sql: string, values: ReadonlyArray<unknown>) =>
      Effect.try({
        try: () => statementOf(sql).all(...values.map(bound)),
        catch: failed("execute"),
      })
  const run = all(prepare)
  const runOnce = all((sql) => database.prepare(sql))
  const runValues = (sql: string, values: ReadonlyArray<unknown>) =>
    Effect.map(runOnce(sql, values), (rows) => rows.map((row) => Object.values(row)))
  return {
    execute: (sql, values, transform) =>
      transform === undefined ? run(sql, values) : Effect.map(run(sql, values), transform),
    executeRaw: run,
    executeStream: (sql, values, transform) => {
      const rows = run(sql, values)
      return Stream.fromIterableEffect(transform === undefined ? rows : Effect.map(rows, transform))
    },
    executeValues: runValues,
    executeValuesUnprepared: runValues,
    executeUnprepared: (sql, values, transform) =>
      transform === undefined ? runOnce(sql, values) : Effect.map(runOnce(sql, values), transform),
  }
}

const networked = (file: string, network: string) =>
  `${file}: is on ${network}, which other machines may share: writing is slower, and safe only if the file system locks files; for several machines use --database postgres://...`

const open = Effect.fnUntraced(function* ({
  file,
  readOnly = false,
  say = Effect.logWarning,
}: Options) {
  const { DatabaseSync } = yield* Effect.tryPromise({
    try: () => import("node:sqlite"),
    catch: () => new NoSqlite({ node: process.versions.node }),
  })
  const found = yield* Files.look(file, readOnly)
  const changes = !found.isReadOnly && !readOnly
  if (found.network !== undefined && changes) yield* say(networked(file, found.network))
  const database = yield* Effect.acquireRelease(
    Effect.try({
      // whoever only reads opens it to write where it may: then the last to close it clears up what SQLite puts beside it
      try: () => new DatabaseSync(found.location, { readOnly: found.isReadOnly }),
      catch: failed("open"),
    }),
    (opened) => Effect.sync(() => opened.close()),
  )
  const pages = yield* MostPages
  const pragmas = [
    `PRAGMA busy_timeout = ${busyTimeout}`,
    "PRAGMA foreign_keys = ON",
    ...(pages === undefined ? [] : [`PRAGMA max_page_count = ${pages}`]),
    // WAL shares memory between programs, which machines do not; NORMAL outlasts any end of the program, and a power cut but for the last moments
    ...(changes
      ? [
          `PRAGMA journal_mode = ${found.network === undefined ? "WAL" : "DELETE"}`,
          "PRAGMA synchronous = NORMAL",
        ]
      : ["PRAGMA query_only = ON", "SELECT count(*) FROM sqlite_schema"]),
  ]
  yield* Effect.try({ try: () => database.exec(pragmas.join("; ")), catch: failed("open") }).pipe(
    Effect.retry({
      while: isBusy,
      schedule: Schedule.spaced("50 millis").pipe(Schedule.upTo({ duration: yield* Patience })),
    }),
    // other programs do not wait by the clock of a test
    Effect.provideService(Clock.Clock, Clock.Clock.defaultValue()),
  )
  return database
})

const make = (
  options: Options,
): Effect.Effect<
  SqlClient.SqlClient,
  StoreFailed | NoSqlite,
  Scope.Scope | Reactivity.Reactivity
> =>
  Effect.gen(function* () {
    const database = yield* open(options)
    const connection = connectionOf(database)
    const semaphore = yield* Semaphore.make(1)
    return yield* SqlClient.make({
      ...SqlClient.makeSqliteAcquirers({
        connection: Effect.succeed(connection),
        semaphore,
        // before Node 22.16 no one can tell, and what is undone may have been undone already
        isTransaction: "isTransaction" in database ? () => database.isTransaction : undefined,
      }),
      compiler: Statement.makeCompilerSqlite(),
      driver: "node:sqlite",
      spanAttributes: [["db.system.name", "sqlite"]],
      // a transaction that reads first and then finds that another wrote could only begin again
      beginTransaction: "BEGIN IMMEDIATE",
      prepareTransactionControls: true,
      releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    })
  }).pipe(
    Effect.catchTag("SqlError", (error) =>
      Effect.fail(new StoreFailed({ place: options.file, reason: explain(error) })),
    ),
  )

/**
 * Runs in a file, as a client of `effect/sql`; see `explain` for its errors.
 *
 * Fails with StoreFailed if the file cannot be opened, and with NoSqlite if Node has no SQLite.
 */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient, StoreFailed | NoSqlite> =>
  Layer.effectContext(
    Effect.map(make(options), (client) => Context.make(SqlClient.SqlClient, client)),
  ).pipe(Layer.provide(Reactivity.layer))
