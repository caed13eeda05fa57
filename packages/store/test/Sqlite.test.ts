/** The driver: what every client of SQL promises, over the SQLite of Node. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { existsSync } from "node:fs"
import * as Sqlite from "../src/Sqlite.ts"
import { scratchFile } from "./support/Scratch.ts"

const client = (file = scratchFile()) => Layer.fresh(Sqlite.layer({ file }))

const prepared = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE pairs (name text NOT NULL PRIMARY KEY, value real)`
  yield* sql`CREATE TABLE notes (pair text NOT NULL REFERENCES pairs (name))`
  return sql
})

const names = (sql: SqlClient.SqlClient) =>
  Effect.map(sql<{ name: string }>`SELECT name FROM pairs ORDER BY name`, (rows) =>
    rows.map(({ name }) => name),
  )

const put = (sql: SqlClient.SqlClient, name: string) =>
  sql`INSERT INTO pairs ${sql.insert({ name, value: 1 })}`

describe("a transaction", () => {
  it.effect("is undone where it fails, an inner one alone where the outer goes on", () =>
    Effect.gen(function* () {
      const sql = yield* prepared
      const failing = (name: string) =>
        Effect.flip(sql.withTransaction(Effect.andThen(put(sql, name), Effect.fail("no"))))
      assert.strictEqual(yield* failing("a"), "no")
      yield* sql.withTransaction(
        Effect.gen(function* () {
          yield* put(sql, "b")
          yield* failing("c")
          yield* sql.withTransaction(put(sql, "d"))
        }),
      )
      assert.deepStrictEqual(yield* names(sql), ["b", "d"])
    }).pipe(Effect.provide(client())),
  )

  it.effect("has what other fibers do outside of it", () =>
    Effect.gen(function* () {
      const sql = yield* prepared
      const undone = sql.withTransaction(
        Effect.gen(function* () {
          yield* put(sql, "inside")
          yield* Effect.yieldNow
          return yield* Effect.fail("no")
        }),
      )
      yield* Effect.all([Effect.ignore(undone), put(sql, "outside")], { concurrency: 2 })
      assert.deepStrictEqual(yield* names(sql), ["outside"])
    }).pipe(Effect.provide(client())),
  )
})

describe("a statement", () => {
  it.effect("takes what SQLite does not have a type for", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const day = DateTime.toDateUtc(DateTime.makeUnsafe(0))
      assert.deepStrictEqual(
        yield* sql`SELECT ${true} AS yes, ${null} AS none, ${day} AS day`.values,
        [[1, null, "1970-01-01T00:00:00.000Z"]],
      )
    }).pipe(Effect.provide(client())),
  )

  it.effect("names the rule that it breaks", () =>
    Effect.gen(function* () {
      const sql = yield* prepared
      yield* put(sql, "a")
      const reason = (work: ReturnType<typeof put>) =>
        Effect.map(Effect.flip(work), (error) => error.reason._tag)
      assert.strictEqual(yield* reason(put(sql, "a")), "ConstraintError")
      assert.strictEqual(
        yield* reason(sql`INSERT INTO notes (pair) VALUES ('nobody')`),
        "ConstraintError",
      )
      assert.strictEqual(
        Sqlite.explain(yield* Effect.flip(sql`SELECT`)),
        "failed: incomplete input",
      )
    }).pipe(Effect.provide(client())),
  )

  it.effect("stays prepared, of a few hundred that differ", () =>
    Effect.gen(function* () {
      const sql = yield* prepared
      for (let k = 0; k < 600; k++) {
        const rows = yield* sql.unsafe<{ k: number }>(`SELECT ${k} AS k`)
        assert.strictEqual(rows[0]?.k, k)
      }
      yield* put(sql, "a")
      yield* put(sql, "b")
      const streamed = yield* Stream.runCollect(
        sql<{ name: string }>`SELECT name FROM pairs`.stream,
      )
      assert.deepStrictEqual(
        [...streamed].map(({ name }) => name),
        ["a", "b"],
      )
    }).pipe(Effect.provide(client())),
  )
})

it.effect("a file is closed with its layer, and leaves nothing beside it", () =>
  Effect.gen(function* () {
    const file = scratchFile()
    yield* Effect.gen(function* () {
      yield* put(yield* prepared, "a")
      assert.isTrue(existsSync(`${file}-wal`))
    }).pipe(Effect.provide(client(file)))
    assert.deepStrictEqual(
      ["-wal", "-shm", "-journal"].filter((end) => existsSync(file + end)),
      [],
    )
    const sql = SqlClient.SqlClient
    assert.deepStrictEqual(yield* Effect.flatMap(sql, names).pipe(Effect.provide(client(file))), [
      "a",
    ])
  }),
)
