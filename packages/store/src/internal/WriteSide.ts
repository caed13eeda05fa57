/** The side of a store that programs write to as they compute. */
import type { System } from "@nonconvex/evidence/System"
import type { Checkpoint } from "@nonconvex/runner/Checkpoint"
import { idOf, type RunKey } from "@nonconvex/runner/RunKey"
import { type OpenRun, type Part, RunStore, type Subject } from "@nonconvex/runner/RunStore"
import { Effect } from "effect"
import type { Provenance } from "../Runs.ts"
import * as Sqlite from "../Sqlite.ts"
import * as QueryBatch from "./QueryBatch.ts"
import * as Reading from "./Reading.ts"
import * as Records from "./Records.ts"
import type { Session } from "./Session.ts"
import * as Writer from "./Writer.ts"
import * as Writing from "./Writing.ts"

/** See `KeptRuns.Options`. */
interface Options {
  readonly capabilities: Pick<RunKey, "kernels" | "data">
  readonly fresh?: boolean
  readonly code: (system: System) => Effect.Effect<string | undefined>
  readonly provenance: Effect.Effect<Provenance>
  readonly pause?: number
}

/** Number of parts taken from the store, and of those computed. */
export interface Counts {
  reused: number
  computed: number
}

const none = Effect.succeed<ReadonlyMap<number, Part>>(new Map())

/** Writes entries in transactions, and begins again a run that was removed on its way. */
const writing = (session: Session) => {
  /** Runs that this program has begun or found, and has not ended. */
  const known = new Set<string>()
  return (entries: ReadonlyArray<Writing.Entry>, by: Records.ProvenanceRecord) =>
    Writing.together(session, entries, by, known).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "ConstraintError" && known.size > 0,
        () => {
          known.clear()
          return Writing.together(session, entries, by, known)
        },
      ),
      Effect.map(() => {
        for (const { _tag, run } of entries) {
          if (_tag === "End") known.delete(run.id)
          else known.add(run.id)
        }
      }),
    )
}

/** A store in the database of a session; pending writes are flushed when the scope closes. */
export const make = Effect.fnUntraced(function* (
  session: Session,
  { capabilities, code: codeOf, fresh = false, pause, provenance: asked }: Options,
  counts: Counts,
) {
  // asked for where the first transaction is written, while others compute
  const provenance = yield* Effect.cached(Effect.flatMap(asked, Records.provenanceOf))
  const write = writing(session)
  const sqlite = session.sql.onDialectOrElse({ sqlite: () => true, orElse: () => false })
  let keeps = true
  let isClosing = false
  const writer = yield* Writer.make<Writing.Entry>(
    (entries) =>
      Effect.flatMap(provenance, (by) =>
        session.settle(
          write(entries, by).pipe(
            Effect.catchIf(Sqlite.isReadOnly, () => {
              keeps = false
              return session.say("is read-only: these results are not saved")
            }),
            Effect.andThen(session.present),
          ),
        ),
      ).pipe(
        // whoever waited for it has been interrupted
        Effect.tapError(({ reason }) =>
          isClosing ? session.say(`the last result is not saved: ${reason}`) : Effect.void,
        ),
      ),
    // SQLite writes on this thread, and keeps it from what it is told by others
    { ...(pause === undefined ? {} : { pause }), share: sqlite ? 0.1 : 1 },
  )
  yield* Effect.addFinalizer(() => {
    isClosing = true
    return session.hurry
  })
  const keep = (entry: Writing.Entry) =>
    Effect.suspend(() => (keeps ? writer.write(entry) : Effect.void))
  const computed = Effect.sync(() => void (counts.computed += 1))

  const statusOf = yield* QueryBatch.make((ids) => session.settle(Reading.statuses(session, ids)))

  const open = Effect.fnUntraced(function* (key: RunKey, parts: number) {
    const id = yield* idOf(key)
    const status = yield* statusOf(id)
    const [known, left] =
      status === undefined
        ? [new Map<number, Part>(), new Map<number, Checkpoint>()]
        : yield* session.settle(
            Effect.all([fresh ? none : Reading.partsOf(session, id), Reading.leftOf(session, id)]),
          )
    const underWay = new Set(left.keys())
    counts.reused += known.size
    const startedAt = yield* Records.now
    const run = Records.begun(id, key, parts, startedAt)
    if (status === undefined || status === "failed") {
      // the parts come behind it, and say what is wrong with the store
      yield* writer.post({ _tag: "Begin", run, again: status === "failed" })
    }
    return {
      parts: known,
      left: fresh ? new Map() : left,
      leave: Effect.fnUntraced(function* (index, state) {
        underWay.add(index)
        const made = yield* Records.checkpointRecord(id, index, state)
        yield* keep({ _tag: "Left", run, left: made })
      }),
      keep: Effect.fnUntraced(function* (index, part) {
        yield* computed
        const made = yield* Records.partRecord(run, index, part, yield* Records.now)
        yield* keep({ _tag: "Part", run, part: made, hasLeft: underWay.has(index) })
      }),
      // what a finished run came to does not change
      end: Effect.fnUntraced(function* (outcome) {
        if (status !== "done") yield* keep(Writing.endOf(run, outcome, yield* Records.now))
      }),
    } satisfies OpenRun
  })

  /** A run that is computed without being stored. */
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
    const code = yield* codeOf(system)
    return code === undefined ? undefined : { kind, subject, config, seed, ...capabilities, code }
  })

  return RunStore.of({
    keyOf,
    open: Effect.fnUntraced(function* (system, subject) {
      const key = yield* keyOf(system, subject)
      return key === undefined ? unkept : yield* open(key, subject.parts)
    }),
  })
})
