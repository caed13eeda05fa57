/** Runs that are kept in a database: what writes them, and what reads them. */
import type { Capabilities } from "@nonconvex/runner/Capabilities"
import { idOf, type RunKey } from "@nonconvex/runner/RunKey"
import type { Left } from "@nonconvex/runner/Job"
import {
  type OpenRun,
  type Outcome,
  type Part,
  RunStore,
  StoreFailed,
  type Subject,
} from "@nonconvex/runner/RunStore"
import type { System } from "@nonconvex/evidence/System"
import { Context, DateTime, Effect, Layer } from "effect"
import { Migrator, SqlClient, SqlError } from "effect/sql"
import * as Reading from "./internal/Reading.ts"
import * as Records from "./internal/Records.ts"
import * as Session from "./internal/Session.ts"
import { Patience } from "./internal/Surroundings.ts"
import * as Text from "./internal/Text.ts"
import * as Writer from "./internal/Writer.ts"
import * as Writing from "./internal/Writing.ts"
import * as Migrations from "./Migrations.ts"
import { AmbiguousRun, isName, type Provenance, Runs, UnknownRun } from "./Runs.ts"
import * as Sqlite from "./Sqlite.ts"

export interface Options {
  /** The file, or the database without its password: what messages name. */
  readonly place: string
  /** What the program computes with; `data` is the digest of a folder of the user's own. */
  readonly capabilities: Capabilities
  /** Gives back no part, so that all are computed, and compared with those that are kept. */
  readonly fresh?: boolean
  /** The version of the code of a system; undefined where nobody can tell, and then its runs are not kept. */
  readonly code: (system: System) => Effect.Effect<string | undefined>
  /** Where this program computes; asked for once, when there is something to keep. */
  readonly provenance: Effect.Effect<Provenance>
  /** Tells the user what the program goes on without; by default a warning in the log. */
  readonly say?: (line: string) => Effect.Effect<void>
  /** What an error of the database means, and what to do, in one line; by default that of SQLite. */
  readonly explain?: (error: SqlError.SqlError) => string
}

const none = Effect.succeed<ReadonlyMap<number, Part>>(new Map())

const now = Effect.map(DateTime.now, DateTime.formatIso)

const statusOf = (outcome: Outcome) => (outcome._tag === "Failed" ? "failed" : "done")

const endOf = (run: Records.RunRecord, outcome: Outcome, at: string): Writing.Entry => ({
  _tag: "End",
  run,
  status: statusOf(outcome),
  outcome: Records.outcomeText(outcome),
  at,
})

const isReadOnly = (error: SqlError.SqlError) =>
  Sqlite.isReadOnly(error) || error.reason._tag === "AuthorizationError"

/** Lets the database have the tables of this version. */
const migrated = ({ place, settle, sql }: Session.Session) =>
  Migrations.migrate(place).pipe(
    Effect.provideService(SqlClient.SqlClient, sql),
    Effect.catchTag("MigrationError", ({ cause, message }) =>
      Effect.fail(
        SqlError.isSqlError(cause)
          ? cause
          : new StoreFailed({ place, reason: `its tables cannot be made: ${message}` }),
      ),
    ),
    settle,
  )

const make = Effect.fnUntraced(function* (options: Options) {
  const sql = yield* SqlClient.SqlClient
  const { capabilities, fresh = false, place, say = Effect.logWarning } = options
  const session = Session.make(sql, yield* Patience, place, options.explain ?? Sqlite.explain, say)
  yield* migrated(session)
  const provenance = yield* Effect.cached(Effect.flatMap(options.provenance, Records.provenanceOf))
  const counts = { reused: 0, computed: 0 }
  const transaction = (
    entries: ReadonlyArray<Writing.Entry>,
    by: Records.ProvenanceRecord,
    known: ReadonlySet<string>,
  ) => sql.withTransaction(Writing.entries(session, entries, by, known))
  /** Runs that this program has begun or found, and has not ended. */
  const known = new Set<string>()
  const written = (entries: ReadonlyArray<Writing.Entry>, by: Records.ProvenanceRecord) =>
    transaction(entries, by, known).pipe(
      // one of them was removed on its way, and begins again
      Effect.catchIf(
        ({ reason }) => reason._tag === "ConstraintError" && known.size > 0,
        () => {
          known.clear()
          return transaction(entries, by, known)
        },
      ),
      Effect.tap(() =>
        Effect.sync(() => {
          for (const { _tag, run } of entries)
            _tag === "End" ? known.delete(run.id) : known.add(run.id)
        }),
      ),
    )
  let keeps = true
  const writer = yield* Writer.make<Writing.Entry>((entries) =>
    Effect.flatMap(provenance, (by) =>
      session.settle(
        written(entries, by).pipe(
          Effect.asVoid,
          Effect.catchIf(isReadOnly, () => {
            keeps = false
            return session.say("can be read and not written: nothing of this is kept")
          }),
        ),
      ),
    ),
  )
  const write = (entry: Writing.Entry) =>
    Effect.suspend(() => (keeps ? writer.write(entry) : Effect.void))
  const computed = Effect.sync(() => void (counts.computed += 1))

  const open = Effect.fnUntraced(function* (key: RunKey, parts: number) {
    const id = yield* idOf(key)
    const status = yield* session.settle(Reading.statusOf(session, id))
    const [known, left] =
      status === undefined
        ? [new Map<number, Part>(), new Map<number, Left>()]
        : yield* session.settle(
            Effect.all([fresh ? none : Reading.partsOf(session, id), Reading.leftOf(session, id)]),
          )
    const underWay = new Set(left.keys())
    counts.reused += known.size
    const startedAt = yield* now
    const begun = yield* Effect.cached(
      Effect.map(provenance, (by) => Records.begun(id, key, parts, startedAt, by)),
    )
    if (status === undefined || status === "failed") {
      // the parts come behind it, and say what is wrong with the store
      yield* writer.post({ _tag: "Begin", run: yield* begun, again: status === "failed" })
    }
    return {
      parts: known,
      left: fresh ? new Map() : left,
      leave: Effect.fnUntraced(function* (index, state) {
        underWay.add(index)
        const record = yield* Records.leftRecord(id, index, state)
        yield* write({ _tag: "Left", run: yield* begun, left: record })
      }),
      keep: Effect.fnUntraced(function* (index, part) {
        yield* computed
        const run = yield* begun
        const record = yield* Records.partRecord(run, index, part, yield* now)
        yield* write({ _tag: "Part", run, part: record, hasLeft: underWay.has(index) })
      }),
      // what a finished run came to does not change
      end: Effect.fnUntraced(function* (outcome) {
        if (status !== "done") yield* write(endOf(yield* begun, outcome, yield* now))
      }),
    } satisfies OpenRun
  })

  /** A run that is computed, and kept nowhere. */
  const unkept: OpenRun = {
    parts: new Map(),
    left: new Map(),
    leave: () => Effect.void,
    keep: () => computed,
    end: () => Effect.void,
  }

  const keyOf = Effect.fnUntraced(function* (
    system: System,
    { config, id: subject, kind, seed }: Subject,
  ) {
    const code = yield* options.code(system)
    return code === undefined ? undefined : { kind, subject, config, seed, ...capabilities, code }
  })

  const store = RunStore.of({
    keyOf,
    open: Effect.fnUntraced(function* (system, subject) {
      const key = yield* keyOf(system, subject)
      return key === undefined ? unkept : yield* open(key, subject.parts)
    }),
  })

  const list = Effect.fn("Runs.list")((choice = {}) =>
    session.settle(Reading.list(session, choice)),
  ) satisfies Runs["Service"]["list"]

  const runs = Runs.of({
    place,
    list,
    find: Effect.fn("Runs.find")(function* (name) {
      if (!isName(name)) return yield* new UnknownRun({ name, place })
      const ids = yield* session.settle(
        Reading.beginningWith(session, name.toLowerCase(), AmbiguousRun.most),
      )
      if (ids.length > 1) {
        return yield* new AmbiguousRun({ name, fits: ids.map((id) => id.slice(0, 12)) })
      }
      const [run] = yield* list({ ids })
      return run ?? (yield* new UnknownRun({ name, place }))
    }),
    rowsOf: Effect.fn("Runs.rowsOf")(function* (id) {
      const parts = yield* session.settle(Reading.partsOf(session, id))
      return [...parts.values()].flatMap((part) => (part._tag === "Rows" ? part.rows : []))
    }),
    partsOf: Effect.fn("Runs.partsOf")((id) => session.settle(Reading.partsOf(session, id))),
    remove: Effect.fn("Runs.remove")((ids) =>
      session.settle(sql.withTransaction(Writing.remove(sql, ids))),
    ),
    insert: Effect.fn("Runs.insert")(function* (run, parts) {
      if ((yield* idOf(run.key)) !== run.id) {
        const reason = `run ${run.id.slice(0, 12)} is not named by its key, so it is not taken in; export it again`
        return yield* new StoreFailed({ place, reason })
      }
      const by = yield* Records.provenanceOf(run.provenance)
      const record = Records.begun(run.id, run.key, run.parts, run.startedAt, by)
      const at = run.endedAt ?? (yield* now)
      const entries: Array<Writing.Entry> = [{ _tag: "Begin", run: record, again: false }]
      for (const [index, part] of parts) {
        entries.push({
          _tag: "Part",
          run: record,
          part: yield* Records.partRecord(record, index, part, at),
          hasLeft: true,
        })
      }
      if (run.outcome !== undefined) entries.push(endOf(record, run.outcome, at))
      return yield* session.settle(transaction(entries, by, new Set()))
    }),
    differences: Effect.fn("Runs.differences")((id) =>
      session.settle(Reading.differences(session, id)),
    ),
    sweeps: session.settle(Reading.sweeps(session)),
    keepSweep: Effect.fn("Runs.keepSweep")((sweep) =>
      session.settle(
        sql.withTransaction(Writing.sweep(sql, sweep, sweep.experiment, Text.of(sweep.spec))),
      ),
    ),
    secondsBefore: session.settle(Reading.secondsBefore(session)),
    counts: Effect.sync(() => ({ ...counts })),
  })
  return Context.make(Runs, runs).pipe(Context.add(RunStore, store))
})

/**
 * Keeps the runs of a program in a database, and reads those that are there: gives both `RunStore` and `Runs`.
 *
 * Fails with StoreFailed where the database is damaged, of a newer version, or of another program.
 */
export const layer = (options: Options): Layer.Layer<Runs, StoreFailed, SqlClient.SqlClient> =>
  Layer.effectContext(make(options))

/** The same in a file; see `Sqlite.Options`. */
export const layerFile = (
  file: Sqlite.Options,
  options: Omit<Options, "place" | "explain">,
): Layer.Layer<Runs, StoreFailed | Sqlite.NoSqlite> =>
  Layer.provide(
    layer({ ...options, place: file.file }),
    Sqlite.layer(options.say === undefined ? file : { say: options.say, ...file }),
  )
