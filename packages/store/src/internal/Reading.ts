/** Reads from a database of runs. */
import type { Checkpoint } from "@nonconvex/runner/Checkpoint"
import type { Part } from "@nonconvex/runner/RunStore"
import { Effect } from "effect"
import { chunksOf } from "effect/Array"
import type * as SqlError from "effect/sql/SqlError"
import type { Difference, KeptRun, KeptSweep } from "../Runs.ts"
import type { Selection } from "./Selection.ts"
import * as Records from "./Records.ts"
import type { Session } from "./Session.ts"

/** Ids of one statement. */
const idsAtOnce = 1000

/** Subjects of a name. They are few among many runs: the index leads from each to the next. */
const named = (sql: Session["sql"], name: string) =>
  sql`WITH RECURSIVE subjects (subject) AS (
    SELECT min(subject) FROM runs
    UNION ALL
    SELECT (SELECT min(subject) FROM runs WHERE runs.subject > subjects.subject)
    FROM subjects WHERE subject IS NOT NULL)
    SELECT subject FROM subjects
    WHERE subject = ${name} OR substr(subject, length(subject) - ${sql.literal(String(name.length))}) = ${`/${name}`}`

const chosen = ({ sql }: Session, { ids, kind, name, status, subject, sweep }: Selection) =>
  sql.and([
    sql`1 = 1`,
    ...(kind === undefined ? [] : [sql`runs.kind = ${kind}`]),
    ...(subject === undefined ? [] : [sql`runs.subject = ${subject}`]),
    ...(name === undefined ? [] : [sql`runs.subject IN (${named(sql, name)})`]),
    ...(status === undefined ? [] : [sql`runs.status = ${status}`]),
    ...(ids === undefined ? [] : [sql.in("runs.id", ids)]),
    ...(sweep === undefined
      ? []
      : [
          // behind all digits stands g
          sql`runs.id IN (SELECT run FROM trials WHERE sweep >= ${sweep} AND sweep < ${`${sweep}g`})`,
        ]),
  ])

/** The requested ones, or only the latest of these. */
const wanted = (session: Session, choice: Selection) => {
  const { sql } = session
  const fitting = chosen(session, choice)
  if (choice.latest === undefined) return fitting
  const [count, skip] = [choice.latest.count, choice.latest.skip].map((each) =>
    sql.literal(String(Math.max(0, Math.trunc(each)))),
  )
  return sql`runs.id IN (SELECT id FROM runs WHERE ${fitting} ORDER BY started_at DESC, id DESC LIMIT ${count!} OFFSET ${skip!})`
}

/** Records of the requested runs, including damaged ones. */
export const listOnce = (session: Session, choice: Selection) => {
  const { sql } = session
  return sql<Records.CountedRun>`SELECT runs.*,
    (SELECT count(*) FROM parts WHERE run = runs.id) AS kept,
    (SELECT coalesce(sum(seconds), 0) FROM parts WHERE run = runs.id) AS seconds,
    (SELECT count(*) FROM differences WHERE run = runs.id) AS differences,
    (SELECT content FROM provenances WHERE digest = coalesce(
      (SELECT provenance FROM parts WHERE run = runs.id ORDER BY kept_at DESC, place DESC LIMIT 1),
      runs.provenance)) AS provenance_content
    FROM runs WHERE ${wanted(session, choice)} ORDER BY started_at, id`
}

/** Counts the selected runs. */
export const count = (
  session: Session,
  choice: Selection,
): Effect.Effect<number, SqlError.SqlError> =>
  Effect.map(
    // a database that counts beyond 2^53 answers in text
    session.sql<{
      count: number | string
    }>`SELECT count(*) AS count FROM runs WHERE ${chosen(session, choice)}`,
    ([row]) => Number(row!.count),
  )

/** Stamp that changes with every run that starts, continues, ends or is removed. */
export const stamp = ({ sql }: Session): Effect.Effect<string, SqlError.SqlError> =>
  Effect.map(
    sql`SELECT (SELECT count(*) FROM runs) AS runs, (SELECT max(started_at) FROM runs) AS begun,
      (SELECT max(ended_at) FROM runs) AS ended, (SELECT count(*) FROM parts) AS parts,
      (SELECT count(*) FROM runs WHERE status = 'unfinished') AS unfinished,
      (SELECT count(*) FROM trials) AS trials, (SELECT count(*) FROM differences) AS differences`,
    ([row]) => Object.values(row!).map(String).join(" "),
  )

const oldestFirst = (a: Records.RunRecord, b: Records.RunRecord): number => {
  if (a.started_at !== b.started_at) return a.started_at < b.started_at ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** Runs of records; damaged ones are skipped and reported. */
const kept = Effect.fnUntraced(function* (
  { say }: Session,
  records: ReadonlyArray<Records.CountedRun>,
) {
  const runs: Array<KeptRun> = []
  for (const record of records) {
    const run = Records.keptRun(record)
    if (run !== undefined) runs.push(run)
    // SQLite lets a text that is a primary key be null
    else if (typeof record.id !== "string") yield* say("a run without an id is damaged and skipped")
    else
      yield* say(
        `run ${record.id.slice(0, 12)} is damaged and skipped; remove it with nonconvex rm ${record.id.slice(0, 12)}`,
      )
  }
  return runs
})

/** Requested runs, oldest first. */
export const list = Effect.fnUntraced(function* (
  session: Session,
  choice: Selection,
): Effect.fn.Return<ReadonlyArray<KeptRun>, SqlError.SqlError> {
  const { ids } = choice
  if (ids === undefined) return yield* kept(session, yield* listOnce(session, choice))
  const groups = chunksOf(new Set(ids), idsAtOnce)
  const found = yield* Effect.forEach(groups, (some) => listOnce(session, { ...choice, ids: some }))
  return yield* kept(session, found.flat().toSorted(oldestFirst))
})

/** Ids that begin with these hexadecimal digits, at most `limit`. */
export const beginningWith = ({ sql }: Session, digits: string, limit: number) =>
  Effect.map(
    // behind all digits stands g
    sql<{
      id: string
    }>`SELECT id FROM runs WHERE id >= ${digits} AND id < ${`${digits}g`} ORDER BY id LIMIT ${sql.literal(String(limit))}`,
    (rows) => rows.map(({ id }) => id),
  )

/** Parts of a run by index; damaged ones are skipped and reported. */
export const partsOf = Effect.fnUntraced(function* (
  { say, sql }: Session,
  run: string,
): Effect.fn.Return<ReadonlyMap<number, Part>, SqlError.SqlError> {
  const records = yield* sql<
    Pick<Records.PartRecord, "place" | "seconds" | "digest" | "content">
  >`SELECT place, seconds, digest, content FROM parts WHERE run = ${run} ORDER BY place`
  const parts = new Map<number, Part>()
  for (const record of records) {
    const part = yield* Records.readPart(record)
    if (part !== undefined) parts.set(record.place, part)
    else {
      yield* say(
        `part ${record.place} of run ${run.slice(0, 12)} is damaged and skipped; repeat the command that computed it`,
      )
    }
  }
  return parts
})

/** Saved states of the unfinished parts of a run, by place. */
export const leftOf = Effect.fnUntraced(function* (
  { sql }: Session,
  run: string,
): Effect.fn.Return<ReadonlyMap<number, Checkpoint>, SqlError.SqlError> {
  const records =
    yield* sql<Records.CheckpointRecord>`SELECT run, place, seconds, digest, content FROM snapshots WHERE run = ${run} ORDER BY place`
  const found = new Map<number, Checkpoint>()
  for (const record of records) {
    const checkpoint = yield* Records.readCheckpoint(record)
    if (checkpoint !== undefined) found.set(record.place, checkpoint)
  }
  return found
})

interface DifferenceRecord extends Omit<Difference, "keptBy" | "foundBy"> {
  readonly kept_by: string
  readonly found_by: string
}

/** Results that were computed twice with different bits, of one run or of all. */
export const differences = (
  { sql }: Session,
  id: string | undefined,
): Effect.Effect<ReadonlyArray<Difference>, SqlError.SqlError> =>
  Effect.map(
    sql<DifferenceRecord>`SELECT differences.run, part, place, differences.kept, found, at, keepers.content AS kept_by, finders.content AS found_by
      FROM differences
      JOIN provenances AS keepers ON keepers.digest = kept_by
      JOIN provenances AS finders ON finders.digest = found_by
      ${id === undefined ? sql`` : sql`WHERE run = ${id}`} ORDER BY at, run, part`,
    (rows) =>
      rows.flatMap(({ found_by, kept_by, ...rest }) => {
        const [keptBy, foundBy] = [kept_by, found_by].map(Records.readProvenance)
        return keptBy === undefined || foundBy === undefined ? [] : [{ ...rest, keptBy, foundBy }]
      }),
  )

/** All sweeps, the oldest first. */
export const sweeps = Effect.fnUntraced(function* ({
  sql,
}: Session): Effect.fn.Return<ReadonlyArray<KeptSweep>, SqlError.SqlError> {
  const rows = yield* sql<{
    id: string
    experiment: string
    spec: string
    started_at: string
  }>`SELECT id, experiment, spec, started_at FROM sweeps ORDER BY started_at, id`
  const trials = yield* sql<{
    sweep: string
    run: string
  }>`SELECT sweep, run FROM trials ORDER BY sweep, place`
  const runs = new Map<string, Array<string>>(rows.map(({ id }) => [id, []]))
  for (const { run, sweep } of trials) runs.get(sweep)?.push(run)
  return rows.flatMap(({ started_at: startedAt, ...rest }) => {
    const sweep = Records.keptSweep({ ...rest, startedAt, trials: runs.get(rest.id) ?? [] })
    return sweep === undefined ? [] : [sweep]
  })
})

/** Seconds of the parts of the latest finished run of each subject, and of each subject with a configuration. */
export const secondsBefore = ({
  sql,
}: Session): Effect.Effect<ReadonlyMap<string, number>, SqlError.SqlError> =>
  Effect.map(
    sql<{
      subject: string
      config: string
      seconds: number
    }>`SELECT subject, config, (SELECT coalesce(sum(seconds), 0) FROM parts WHERE run = runs.id) AS seconds
      FROM runs WHERE status = 'done' ORDER BY ended_at, id`,
    (rows) =>
      new Map(
        rows.flatMap(({ config, seconds, subject }) => [
          [subject, seconds],
          [`${subject} ${config}`, seconds],
        ]),
      ),
  )

/** Status of kept runs. */
export const statuses = Effect.fnUntraced(function* (
  { sql }: Session,
  ids: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyMap<string, Records.RunRecord["status"]>, SqlError.SqlError> {
  const rows = yield* Effect.forEach(
    chunksOf(ids, idsAtOnce),
    (some) =>
      sql<
        Pick<Records.RunRecord, "id" | "status">
      >`SELECT id, status FROM runs WHERE ${sql.in("id", some)}`,
  )
  return new Map(rows.flat().map(({ id, status }) => [id, status]))
})
