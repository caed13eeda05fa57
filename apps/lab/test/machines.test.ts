/** Workers on one PostgreSQL database, and what happens to machines: they die, freeze, and lose their database for a while. */
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { Runs } from "@nonconvex/store/Runs"
import { Trials } from "@nonconvex/store/queue/Trials"
import { Effect } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import type { TestContext } from "vitest"
import * as Machines from "./support/Machines.ts"
import * as Postgres from "./support/Postgres.ts"

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

let found: Postgres.Server | string = "it was not looked for"

beforeAll(async () => {
  found = await Postgres.start()
})

afterAll(async () => {
  if (typeof found !== "string") await found.remove()
})

/** The server; the test is skipped where there is none. */
const server = (context: TestContext): Postgres.Server =>
  typeof found === "string" ? context.skip(found) : found

/** Seconds: as short as a lease can be for workers that share two cores with much else. */
const lease = 2

type Database = Awaited<ReturnType<typeof Machines.database>>

const offer = ({ runtime }: Database, trials: Parameters<Trials["Service"]["offer"]>[0]) =>
  runtime.runPromise(Effect.flatMap(Trials, (queue) => queue.offer(trials)))

const runs = ({ runtime }: Database) =>
  runtime.runPromise(Effect.flatMap(Runs, ({ list }) => list()))

const done = async (database: Database): Promise<number> =>
  (await runs(database)).filter(({ status }) => status === "done").length

interface Held {
  readonly attempts: number
  readonly held: boolean
}

/** What the queue holds of trials that have not ended. */
const pending = ({ runtime }: Database) =>
  runtime.runPromise(
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) =>
        sql<Held>`SELECT attempts, acquired_by IS NOT NULL AS held FROM nonconvex_trials WHERE state = 'pending'`,
    ).pipe(Effect.retry({ times: 100 })),
  )

const differences = ({ runtime }: Database) =>
  runtime.runPromise(Effect.flatMap(Runs, (kept) => kept.differences()))

describe("worker", () => {
  it("counts each of 500 trials once, with the bits of one process, whatever dies", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "chaos", version, lease)
    const trials = Machines.trials(version, { steps: 400_000, walks: 2, ends: "well" }, 500)
    await offer(database, trials)
    const start = () => Machines.worker(version, database.url, ["--until-idle"], { lease })
    const [dies, freezes, lives] = [start(), start(), start()]
    await Machines.until("50 trials are done", async () => (await done(database)) >= 50)
    dies.child.kill("SIGKILL")
    await Machines.until("100 trials are done", async () => (await done(database)) >= 100)
    freezes.child.kill("SIGSTOP")
    await Machines.until("200 trials are done", async () => (await done(database)) >= 200)
    await server(context).stop("immediate")
    await Machines.until("the database is missed", () => lives.stderr().includes("is away"))
    await server(context).start()
    await Machines.until("all trials are done", async () => (await pending(database)).length === 0)
    freezes.child.kill("SIGCONT")

    assert.deepStrictEqual(await lives.ended, { code: 0, signal: null })
    assert.deepStrictEqual(await freezes.ended, { code: 0, signal: null })
    assert.deepStrictEqual(await dies.ended, { code: null, signal: "SIGKILL" })
    assert.include(lives.stderr(), "the database answers again")
    assert.strictEqual(lives.stderr().split("is away").length, 2)

    const kept = await runs(database)
    assert.deepStrictEqual(kept.map(({ id }) => id).toSorted(), Machines.idsOf(trials).toSorted())
    assert.deepStrictEqual(
      kept.filter(({ kept: parts, status }) => status !== "done" || parts !== 2),
      [],
    )
    assert.deepStrictEqual(await differences(database), [])
    const ids = Machines.idsOf(trials)
    for (const [at, trial] of trials.entries()) {
      const rows = await database.runtime.runPromise(
        Effect.flatMap(Runs, ({ rowsOf }) => rowsOf(ids[at]!)),
      )
      assert.deepStrictEqual(rows, await Effect.runPromise(Machines.rowsHere(trial)))
    }
  })
})
