/** Runs that are stored in a database, with their writer and reader. */
import type { System } from "@nonconvex/evidence/System"
import type { RunKey } from "@nonconvex/runner/RunKey"
import { RunStore, StoreFailed } from "@nonconvex/runner/RunStore"
import { Context, Effect, Layer } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlError from "effect/sql/SqlError"
import * as Files from "./internal/Files.ts"
import * as WriteSide from "./internal/WriteSide.ts"
import * as ReadSide from "./internal/ReadSide.ts"
import * as Session from "./internal/Session.ts"
import { Patience } from "./internal/Environment.ts"
import * as Migrations from "./Migrations.ts"
import { type Provenance, Runs } from "./Runs.ts"
import * as Sqlite from "./Sqlite.ts"

export { NoSqlite } from "./Sqlite.ts"

/** Provenance that a program gives the store of its runs. */
export interface Options {
  /** The file, or the database without its password, as named in messages. */
  readonly place: string
  /** Identity of the program's capabilities, as `Code.identityOf` returns it. */
  readonly capabilities: Pick<RunKey, "kernels" | "data">
  /** Reuses no part: all are computed, and compared with the stored ones. */
  readonly fresh?: boolean
  /** Version of the code of a system; undefined if unknown, and then its runs are not stored. */
  readonly code: (system: System) => Effect.Effect<string | undefined>
  /** Provenance of this program; evaluated once, at the first write. */
  readonly provenance: Effect.Effect<Provenance>
  /** Reports a capability that is missing; by default a warning in the log. */
  readonly say?: (line: string) => Effect.Effect<void>
  /** Explains an error of the database and the next step in one line; by default for SQLite. */
  readonly explain?: (error: SqlError.SqlError) => string
  /** Milliseconds between two transactions, default 5; use more if transactions are expensive and many parts run at once. */
  readonly pause?: number
}

/** Lets the database have the tables of this version. */
const migrated = ({ place, settle, sql }: Session.Session) =>
  Migrations.migrate(place).pipe(
    Effect.provideService(SqlClient.SqlClient, sql),
    Effect.catchTag("MigrationError", ({ cause, message }) =>
      Effect.fail(
        SqlError.isSqlError(cause)
          ? cause
          : new StoreFailed({ place, reason: `its tables cannot be created: ${message}` }),
      ),
    ),
    // tables are only made where there are none
    Effect.catchIf(
      (error) => SqlError.isSqlError(error) && Sqlite.isReadOnly(error),
      () =>
        Effect.fail(
          new StoreFailed({ place, reason: "has no runs yet, and is opened for reading only" }),
        ),
    ),
    settle,
  )

const make = Effect.fnUntraced(function* (
  options: Options,
  present: Effect.Effect<void, StoreFailed> = Effect.void,
) {
  const sql = yield* SqlClient.SqlClient
  const { explain = Sqlite.explain, place, say = Effect.logWarning } = options
  const session = Session.make(sql, yield* Patience, place, explain, say, present)
  yield* migrated(session)
  const counts: WriteSide.Counts = { reused: 0, computed: 0 }
  const store = yield* WriteSide.make(session, options, counts)
  return Context.make(Runs, ReadSide.make(session, counts)).pipe(Context.add(RunStore, store))
})

/**
 * Stores the runs of a program in a database and reads existing ones: provides both `RunStore` and `Runs`.
 *
 * Fails with StoreFailed if the database is damaged, of a newer version, or from another program.
 */
export const layer = (options: Options): Layer.Layer<Runs, StoreFailed, SqlClient.SqlClient> =>
  Layer.effectContext(make(options))

/** The same in a file; see `Sqlite.Options`. */
export const layerFile = (
  file: Sqlite.Options,
  options: Omit<Options, "place" | "explain">,
): Layer.Layer<Runs, StoreFailed | Sqlite.NoSqlite> =>
  Layer.provide(
    Layer.effectContext(
      Effect.flatMap(Files.staying(file.file), (present) =>
        make({ ...options, place: file.file }, present),
      ),
    ),
    Sqlite.layer(options.say === undefined ? file : { say: options.say, ...file }),
  )
