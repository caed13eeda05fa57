/**
 * Runs in MLflow's SQLite database: tables `runs`, `metrics` and `params`. It is opened read-only, and nothing in it is
 * executed.
 */
import { Effect, Predicate } from "effect"
import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import process from "node:process"
import { LogTooLarge, UnreadableDatabase } from "../logs/LogError.ts"
import type { RunLog } from "../logs/RunLog.ts"
import { Collector } from "../logs/Series.ts"
import * as Settings from "../logs/Settings.ts"

/** A run of a database. */
export interface DatabaseRun {
  readonly id: string
  readonly name: string
}

/** Maximum number of runs to list. */
const mostRuns = 100_000

/** Meaning of an SQLite error for a log, by its code. */
const reasons: Readonly<Record<number, string>> = {
  5: "another program has locked it; try again later, or give a copy",
  6: "another program has locked it; try again later, or give a copy",
  11: "the database is damaged; give a copy from a backup",
  14: "the database cannot be opened; check that it and its folder may be read",
  26: "it is not a SQLite database, or damaged; copy the file again while no program writes to it",
}

const reasonOf = (cause: unknown): string => {
  const code = Predicate.hasProperty(cause, "errcode") ? Number(cause.errcode) & 0xff : 0
  return reasons[code] ?? `the database cannot be read (${(cause as Error).message})`
}

/** Columns that are read, by table. */
const needed = {
  runs: ["run_uuid", "name", "start_time"],
  metrics: ["run_uuid", "key", "value", "step", "is_nan", "timestamp"],
  params: ["run_uuid", "key", "value"],
} as const

const notMlflow =
  "it is not an MLflow database, which has the tables runs, metrics and params; nonconvex runs --store reads a store of nonconvex"

/** Checks that only plain tables are read: views and virtual tables may run arbitrary computations. */
const check = (database: DatabaseSync, path: string): void => {
  for (const [table, columns] of Object.entries(needed)) {
    const found = database
      .prepare("SELECT type, sql FROM sqlite_schema WHERE name = ? AND length(sql) < 100000")
      .get(table)
    const isPlain =
      found?.["type"] === "table" && /^create\s+table/i.test(String(found["sql"]).trim())
    const has = !isPlain
      ? []
      : database
          .prepare("SELECT name FROM pragma_table_info(?)")
          .all(table)
          .map(({ name }) => name)
    if (!columns.every((column) => has.includes(column))) {
      throw new UnreadableDatabase({ path, reason: notMlflow })
    }
  }
}

/** Opens a database, calls `use`, and closes it. Fails with UnreadableDatabase and LogTooLarge. */
const reading = <A>(path: string, use: (database: DatabaseSync) => A) =>
  Effect.gen(function* () {
    const { DatabaseSync } = yield* Effect.tryPromise({
      try: () => import("node:sqlite"),
      catch: () =>
        new UnreadableDatabase({
          path,
          reason: `Node ${process.versions.node} has no SQLite; use Node 22.13 or newer, or export the run as CSV`,
        }),
    })
    return yield* Effect.try({
      try: () => {
        const database = new DatabaseSync(path, { readOnly: true, allowExtension: false })
        try {
          database.exec(
            "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA busy_timeout = 500",
          )
          check(database, path)
          return use(database)
        } finally {
          database.close()
        }
      },
      catch: (cause) =>
        cause instanceof UnreadableDatabase || cause instanceof LogTooLarge
          ? cause
          : new UnreadableDatabase({ path, reason: reasonOf(cause) }),
    })
  })

const text = (value: SQLOutputValue | undefined): string =>
  typeof value === "string" ? value.slice(0, 200) : ""

/** Runs of a database by starting time. */
export const runs = (
  path: string,
): Effect.Effect<ReadonlyArray<DatabaseRun>, UnreadableDatabase | LogTooLarge> =>
  reading(path, (database) => {
    const found = database
      .prepare("SELECT run_uuid, name FROM runs ORDER BY start_time, run_uuid LIMIT ?")
      .all(mostRuns + 1)
    if (found.length > mostRuns) throw new LogTooLarge({ path, what: "runs", most: mostRuns })
    return found.map(({ name, run_uuid: id }) => ({ id: text(id), name: text(name) || text(id) }))
  })

/** MLflow writes infinities as the largest finite numbers. */
const largest = Number.MAX_VALUE

const numberOf = (value: SQLOutputValue | undefined, isNan: SQLOutputValue | undefined): number => {
  if (Number(isNan) !== 0 || typeof value !== "number") return Number.NaN
  return Math.abs(value) === largest ? Math.sign(value) * Number.POSITIVE_INFINITY : value
}

/** Reads all numbers and parameters of a run in a database. */
export const read = (
  path: string,
  run: string,
): Effect.Effect<RunLog, UnreadableDatabase | LogTooLarge> =>
  reading(path, (database) => {
    const collector = new Collector(path)
    const settings = new Map<string, string>()
    // a run that was resumed writes steps again: in the order of time
    const metrics = database.prepare(
      "SELECT key, value, step, is_nan FROM metrics WHERE run_uuid = ? ORDER BY timestamp, step",
    )
    for (const { is_nan: isNan, key, step, value } of metrics.iterate(run)) {
      collector.add(text(key), Number(step), numberOf(value, isNan))
    }
    const params = database.prepare("SELECT key, value FROM params WHERE run_uuid = ?")
    for (const { key, value } of params.iterate(run)) {
      Settings.add(settings, text(key), text(value))
    }
    return { columns: collector.columns(), isByRow: false, settings, notes: [] }
  })
