import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { once } from "node:events"
import { createServer } from "node:net"
import * as Postgres from "../src/internal/Postgres.ts"

const at = (url: string) => Postgres.at(Redacted.make(url))

/** A port at which nothing answers. */
const closedPort = Effect.promise(async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, "close")
  return port
})

describe("Postgres.at", () => {
  it.effect.each<[string, string]>([
    ["postgres://lab:secret@db.example.org/runs", "postgres://lab@db.example.org:5432/runs"],
    ["postgresql://lab@[::1]:5433/runs?sslmode=require", "postgres://lab@[::1]:5433/runs"],
    ["postgres://db/runs?user=a%20b&password=secret", "postgres://a b@db:5432/runs"],
    ["postgres:///runs?host=/var/run/postgresql", "postgres:///var/run/postgresql:5432/runs"],
    ["postgres://lab:sec%ret@db/runs", "postgres://lab@db:5432/runs"],
  ])("names the place of %s without its password", ([url, place]) =>
    Effect.map(at(url), (found) => assert.strictEqual(found.place, place)),
  )

  it.effect.each<[string, string]>([
    ["runs.sqlite", "it is not a URL"],
    ["postgres://lab:sec ret@d b/runs", "it is not a URL"],
    ["mysql://lab:secret@db/runs", "it is a URL of mysql://, not of postgres://"],
  ])("refuses %s without a word of it", ([url, reason]) =>
    Effect.map(Effect.flip(at(url)), (error) =>
      assert.strictEqual(
        error.message,
        `--database: ${reason}; use postgres://user@host:port/name, with the password in the environment variable PGPASSWORD`,
      ),
    ),
  )

  it.live("says where nothing answers", () =>
    Effect.gen(function* () {
      const port = yield* closedPort
      const { layer } = yield* at(`postgres://lab:secret@127.0.0.1:${port}/runs`)
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.strictEqual(
        error.message,
        `postgres://lab@127.0.0.1:${port}/runs: no server answers at 127.0.0.1:${port} (ECONNREFUSED); start PostgreSQL there, or correct the URL`,
      )
    }),
  )

  it.live("says what is wrong with an option of the URL", () =>
    Effect.gen(function* () {
      const { layer } = yield* at("postgres://lab:secret@127.0.0.1/runs?sslmode=maybe")
      const { message } = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.strictEqual(
        message,
        'postgres://lab@127.0.0.1:5432/runs: Unrecognized sslmode in URL: "maybe"',
      )
    }),
  )
})
