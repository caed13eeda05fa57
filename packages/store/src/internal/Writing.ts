/** Writes to a database of runs; each of these belongs into a transaction. */
import type { Outcome } from "@nonconvex/runner/RunStore"
import { Effect } from "effect"
import { chunksOf, type NonEmptyReadonlyArray } from "effect/Array"
import type * as SqlClient from "effect/sql/SqlClient"
import type * as SqlError from "effect/sql/SqlError"
import { firstDifference } from "../Compare.ts"
import type { KeptSweep } from "../Runs.ts"
import * as Parts from "./Parts.ts"
import * as Records from "./Records.ts"
import type { Session } from "./Session.ts"

/** Change to write to a run. */
export type Entry =
  | { readonly _tag: "Begin"; readonly run: Records.RunRecord; readonly again: boolean }
  | {
      readonly _tag: "Part"
      readonly run: Records.RunRecord
      readonly part: Records.PartRecord
      /** True if it saved a state on its way. */
      readonly hasLeft: boolean
    }
  | {
      readonly _tag: "Left"
      readonly run: Records.RunRecord
      readonly left: Records.CheckpointRecord
    }
  | {
      readonly _tag: "End"
      readonly run: Records.RunRecord
      readonly status: "done" | "failed"
      readonly outcome: string
      readonly at: string
    }

export const endOf = (run: Records.RunRecord, outcome: Outcome, at: string): Entry => ({
  _tag: "End",
  run,
  status: outcome._tag === "Failed" ? "failed" : "done",
  outcome: Records.outcomeText(outcome),
  at,
})

/** Maximum rows per statement, since databases number its values with 16 bits. */
const rowsAtOnce = 500

/** Writes all in statements of the maximum number of rows. */
const inGroups = <A>(
  all: ReadonlyArray<A>,
  write: (some: NonEmptyReadonlyArray<A>) => Effect.Effect<unknown, SqlError.SqlError>,
): Effect.Effect<void, SqlError.SqlError> =>
  Effect.forEach(chunksOf(all, rowsAtOnce), write, { discard: true })

const keepProvenance = (sql: SqlClient.SqlClient, record: Records.ProvenanceRecord) =>
  sql`INSERT INTO provenances ${sql.insert({ ...record })} ON CONFLICT (digest) DO NOTHING`

const byName = (a: string, b: string) => (a < b ? -1 : Number(a > b))

const begin = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  entries: ReadonlyArray<Entry>,
  provenance: string,
) {
  const runs = [...new Map(entries.map(({ run }) => [run.id, run])).values()]
  // in one order everywhere, so that two programs never wait for each other
  yield* inGroups(
    runs.toSorted((a, b) => byName(a.id, b.id)).map((run) => ({ ...run, provenance })),
    (some) => sql`INSERT INTO runs ${sql.insert(some)} ON CONFLICT (id) DO NOTHING`,
  )
  const again = entries.flatMap((entry) =>
    entry._tag === "Begin" && entry.again ? [entry.run.id] : [],
  )
  yield* inGroups(
    again,
    (some) =>
      sql`UPDATE runs SET status = 'unfinished', outcome = NULL, ended_at = NULL WHERE status = 'failed' AND ${sql.in("id", some)}`,
  )
})

const describe = ({
  found,
  kept,
  place,
}: NonNullable<ReturnType<typeof firstDifference>>): string =>
  `${place === "" ? "" : `${place}: `}${kept} earlier and ${found} now`

/** Compares a part with the stored one, and records a difference; a damaged part is replaced. */
const compare = Effect.fnUntraced(function* (
  { say, sql }: Session,
  found: Records.PartRecord,
  provenance: string,
) {
  const { place, run } = found
  const [kept] = yield* sql<
    Records.PartRecord & { readonly provenance: string }
  >`SELECT run, place, seconds, kept_at, provenance, digest, content FROM parts WHERE run = ${run} AND place = ${place}`
  if (kept === undefined) return
  const part = yield* Records.readPart(kept)
  if (part === undefined) {
    yield* sql`UPDATE parts SET ${sql.update({ ...found, provenance }, ["run", "place"])} WHERE run = ${run} AND place = ${place}`
    return
  }
  if (kept.digest === found.digest) return
  const apart = firstDifference(part, Parts.read(found.content, found.seconds))
  if (apart === undefined) return
  const difference = {
    run,
    part: place,
    found_digest: found.digest,
    found_by: provenance,
    kept_by: kept.provenance,
    ...apart,
    at: found.kept_at,
  }
  yield* sql`INSERT INTO differences ${sql.insert(difference)} ON CONFLICT (run, part, found_digest, found_by) DO NOTHING`
  yield* say(
    `part ${place} of run ${run.slice(0, 12)} has different bits than the saved result (${describe(apart)}); the first result is kept`,
  )
})

const parts = Effect.fnUntraced(function* (
  session: Session,
  entries: ReadonlyArray<Entry>,
  provenance: string,
) {
  const { sql } = session
  const all = entries.flatMap((entry) => (entry._tag === "Part" ? [entry.part] : []))
  const first = new Map(all.toReversed().map((part) => [`${part.run} ${part.place}`, part]))
  const ordered = [...first.values()].toSorted((a, b) => byName(a.run, b.run) || a.place - b.place)
  const inserted = new Set<Records.PartRecord>()
  yield* inGroups(
    ordered.map((part) => ({ ...part, provenance })),
    (some) =>
      Effect.map(
        sql<
          Pick<Records.PartRecord, "run" | "place">
        >`INSERT INTO parts ${sql.insert(some)} ON CONFLICT (run, place) DO NOTHING RETURNING run, place`,
        (rows) => {
          for (const { place, run } of rows) inserted.add(first.get(`${run} ${place}`)!)
        },
      ),
  )
  yield* Effect.forEach(
    all.filter((part) => !inserted.has(part)),
    (part) => compare(session, part, provenance),
    { discard: true },
  )
  return inserted.size
})

/** Saves the state of an unfinished part, until it has ended. */
const snapshot = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, entry: Entry) {
  if (entry._tag === "Left") {
    yield* sql`INSERT INTO snapshots ${sql.insert({ ...entry.left })} ON CONFLICT (run, place) DO UPDATE SET seconds = excluded.seconds, digest = excluded.digest, content = excluded.content`
  }
  if (entry._tag === "Part" && entry.hasLeft) {
    const { place, run } = entry.part
    yield* sql`DELETE FROM snapshots WHERE run = ${run} AND place = ${place}`
  }
})

type End = Extract<Entry, { readonly _tag: "End" }>

/**
 * Ends each run once. The outcome of a finished run does not change, and a removed run is not finished. The number of parts
 * is known to the program that computed them, but not to an imported bundle.
 */
const endOnce = (sql: SqlClient.SqlClient, all: ReadonlyArray<End>) => {
  const text = (value: string) => sql`CAST(${value} AS text)`
  return inGroups(
    all.toSorted((a, b) => byName(a.run.id, b.run.id)),
    (some) => {
      const rows = some.map(
        ({ at, outcome, run, status }) =>
          sql`(${text(run.id)}, ${text(status)}, ${text(outcome)}, ${text(at)}, CAST(${run.parts} AS integer))`,
      )
      return sql`UPDATE runs SET status = column2, outcome = column3, ended_at = column4, parts = column5
        FROM (VALUES ${sql.csv(rows)}) AS ended
        WHERE id = column1 AND status <> 'done'
        AND (column2 = 'failed' OR (SELECT count(*) FROM parts WHERE run = runs.id AND place < column5) = column5)`
    },
  )
}

const end = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, entries: ReadonlyArray<Entry>) {
  let rest = entries.flatMap((entry) => (entry._tag === "End" ? [entry] : []))
  while (rest.length > 0) {
    const first = new Map(rest.toReversed().map((each) => [each.run.id, each]))
    yield* endOnce(sql, [...first.values()])
    rest = rest.filter((each) => first.get(each.run.id) !== each)
  }
})

/**
 * Writes entries of any runs; existing ones are kept. Runs in `known` are not created again; if one no longer exists, a
 * constraint of the tables fails. Returns the number of new parts.
 */
const entries = Effect.fnUntraced(function* (
  session: Session,
  all: ReadonlyArray<Entry>,
  madeBy: Records.ProvenanceRecord,
  known: ReadonlySet<string>,
): Effect.fn.Return<number, SqlError.SqlError> {
  const { sql } = session
  if (known.size === 0) yield* keepProvenance(sql, madeBy)
  yield* begin(
    sql,
    all.filter(({ _tag, run }) => _tag === "Begin" || (_tag !== "End" && !known.has(run.id))),
    madeBy.digest,
  )
  const inserted = yield* parts(session, all, madeBy.digest)
  for (const entry of all) {
    if (entry._tag === "Left" || (entry._tag === "Part" && entry.hasLeft))
      yield* snapshot(sql, entry)
  }
  yield* end(sql, all)
  return inserted
})

/** Writes entries in one transaction; see `entries`. */
export const together = (
  session: Session,
  all: ReadonlyArray<Entry>,
  madeBy: Records.ProvenanceRecord,
  known: ReadonlySet<string>,
): Effect.Effect<number, SqlError.SqlError> =>
  session.sql.withTransaction(entries(session, all, madeBy, known))

/** Removes runs; answers how many there were. */
export const remove = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  ids: ReadonlyArray<string>,
): Effect.fn.Return<number, SqlError.SqlError> {
  let removed = 0
  yield* inGroups(ids, (some) =>
    Effect.map(sql`DELETE FROM runs WHERE ${sql.in("id", some)} RETURNING id`, (rows) => {
      removed += rows.length
    }),
  )
  return removed
})

/** Stores a sweep and replaces its trials. */
export const sweep = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { id, startedAt, trials }: KeptSweep,
  experiment: string,
  spec: string,
): Effect.fn.Return<void, SqlError.SqlError> {
  yield* sql`INSERT INTO sweeps ${sql.insert({ id, experiment, spec, started_at: startedAt })} ON CONFLICT (id) DO UPDATE SET experiment = excluded.experiment, spec = excluded.spec`
  yield* sql`DELETE FROM trials WHERE sweep = ${id}`
  yield* inGroups(
    trials.map((run, place) => ({ sweep: id, place, run })),
    (some) => sql`INSERT INTO trials ${sql.insert(some)}`,
  )
})
