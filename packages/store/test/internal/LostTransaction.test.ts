/** A transaction whose connection ends under it fails with the error of the database, and is tried again. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import * as SqlError from "effect/sql/SqlError"
import { asFailure } from "../../src/internal/LostTransaction.ts"
import * as Session from "../../src/internal/Session.ts"

const lost = new SqlError.SqlError({
  reason: new SqlError.ConnectionError({
    message: "PgConnection: Socket error",
    cause: new Error("read ECONNRESET"),
  }),
})

/** How a migration dies whose connection is gone when it rolls back. */
const migration = new Error('Migration "1_runs" failed', { cause: lost })

describe("asFailure", () => {
  it.effect("has the error of the database, and leaves other defects as they are", () =>
    Effect.gen(function* () {
      for (const defect of [lost, migration]) {
        assert.strictEqual(yield* Effect.flip(asFailure(Effect.die(defect))), lost)
      }
      assert.include(String(yield* Effect.exit(asFailure(Effect.die(new Error("a bug"))))), "a bug")
      assert.strictEqual(yield* Effect.flip(asFailure(Effect.fail("known"))), "known")
    }),
  )
})

describe("a session", () => {
  const session = (patience: number) =>
    Session.make(
      undefined as unknown as SqlClient,
      patience,
      "postgres://db/runs",
      () => "no server answers; start it",
      () => Effect.void,
      Effect.void,
    )

  it.live("tries again what died of the database, and then says in a line why it failed", () =>
    Effect.gen(function* () {
      let tries = 0
      const soon = Effect.suspend(() =>
        ++tries < 4 ? Effect.die(migration) : Effect.succeed(tries),
      )
      assert.strictEqual(yield* session(5000).settle(soon), 4)
      const never = yield* Effect.flip(session(200).settle(Effect.die(migration)))
      assert.strictEqual(never.message, "postgres://db/runs: no server answers; start it")
    }),
  )
})
