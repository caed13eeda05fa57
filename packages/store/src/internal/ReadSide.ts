/** The read side of a store. */
import { idOf } from "@nonconvex/runner/RunKey"
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { Effect } from "effect"
import { Runs } from "../Runs.ts"
import type { Counts } from "./WriteSide.ts"
import * as Reading from "./Reading.ts"
import * as Records from "./Records.ts"
import type { Session } from "./Session.ts"
import * as Text from "./Text.ts"
import * as Writing from "./Writing.ts"
import { AmbiguousRun, DamagedRun, isName, UnknownRun } from "../RunError.ts"

/** The runs in the database of a session. */
export const make = (session: Session, counts: Counts): Runs["Service"] => {
  const { place, present, settle, sql } = session
  /** Makes a change; fails if the database is gone. */
  const changed: Session["settle"] = (work) => Effect.tap(settle(work), present)
  const list = Effect.fn("Runs.list")((choice = {}) =>
    settle(Reading.list(session, choice)),
  ) satisfies Runs["Service"]["list"]

  const idNamed = Effect.fn("Runs.idOf")(function* (name: string) {
    if (!isName(name)) return yield* new UnknownRun({ name, place })
    const ids = yield* settle(Reading.beginningWith(session, name.toLowerCase(), AmbiguousRun.most))
    if (ids.length > 1) {
      return yield* new AmbiguousRun({ name, fits: ids.map((id) => id.slice(0, 12)) })
    }
    return ids[0] ?? (yield* new UnknownRun({ name, place }))
  })

  return Runs.of({
    place,
    list,
    count: Effect.fn("Runs.count")((choice = {}) => settle(Reading.count(session, choice))),
    stamp: Effect.andThen(present, settle(Reading.stamp(session))),
    idOf: idNamed,
    find: Effect.fn("Runs.find")(function* (name) {
      const id = yield* idNamed(name)
      const [record] = yield* settle(Reading.listOnce(session, { ids: [id] }))
      if (record === undefined) return yield* new UnknownRun({ name, place })
      return Records.keptRun(record) ?? (yield* new DamagedRun({ id, place }))
    }),
    rowsOf: Effect.fn("Runs.rowsOf")(function* (id) {
      const parts = yield* settle(Reading.partsOf(session, id))
      return [...parts.values()].flatMap((part) => (part._tag === "Rows" ? part.rows : []))
    }),
    partsOf: Effect.fn("Runs.partsOf")((id) => settle(Reading.partsOf(session, id))),
    remove: Effect.fn("Runs.remove")((ids) =>
      changed(sql.withTransaction(Writing.remove(sql, ids))),
    ),
    insert: Effect.fn("Runs.insert")(function* (run, parts) {
      if ((yield* idOf(run.key)) !== run.id) {
        const reason = `run ${run.id.slice(0, 12)} has an id that does not match its content, so it is not imported; export it again`
        return yield* new StoreFailed({ place, reason })
      }
      const by = yield* Records.provenanceOf(run.provenance)
      const record = Records.begun(run.id, run.key, run.parts, run.startedAt)
      const at = run.endedAt ?? (yield* Records.now)
      const entries: Array<Writing.Entry> = [{ _tag: "Begin", run: record, again: false }]
      for (const [index, part] of parts) {
        entries.push({
          _tag: "Part",
          run: record,
          part: yield* Records.partRecord(record, index, part, at),
          hasLeft: true,
        })
      }
      if (run.outcome !== undefined) entries.push(Writing.endOf(record, run.outcome, at))
      return yield* changed(Writing.together(session, entries, by, new Set()))
    }),
    differences: Effect.fn("Runs.differences")((id) => settle(Reading.differences(session, id))),
    sweeps: settle(Reading.sweeps(session)),
    keepSweep: Effect.fn("Runs.keepSweep")((sweep) =>
      changed(
        sql.withTransaction(Writing.sweep(sql, sweep, sweep.experiment, Text.of(sweep.spec))),
      ),
    ),
    secondsBefore: settle(Reading.secondsBefore(session)),
    counts: Effect.sync(() => ({ ...counts })),
  })
}
