/** Workers on one PostgreSQL database, and what happens to machines: they die, freeze, and lose their database for a while. */
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { Runs } from "@nonconvex/store/Runs"
import { Trials } from "@nonconvex/store/queue/Trials"
import { Effect, Schema } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import { appendFileSync } from "node:fs"
import { join } from "node:path"
import type { TestContext } from "vitest"
import { Listed } from "../src/evidence/handlers/RunsHandler.ts"
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

/** What `nonconvex runs` prints of a database. */
const listed = async (version: Machines.Version, { url }: Database) => {
  const command = Machines.start(version, ["runs", "--database", url, "--json"], { lease })
  assert.deepStrictEqual(await command.ended, { code: 0, signal: null })
  return Schema.decodeUnknownSync(Schema.fromJsonString(Listed))(command.stdout())
}

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
    await Machines.until("the database is missed", () =>
      lives.stderr().includes("the database does not answer"),
    )
    await server(context).start()
    await Machines.until("all trials are done", async () => (await pending(database)).length === 0)
    freezes.child.kill("SIGCONT")

    assert.deepStrictEqual(await lives.ended, { code: 0, signal: null })
    assert.deepStrictEqual(await freezes.ended, { code: 0, signal: null })
    assert.deepStrictEqual(await dies.ended, { code: null, signal: "SIGKILL" })
    assert.include(lives.stderr(), "the database answers again")
    assert.strictEqual(lives.stderr().split("the database does not answer").length, 2)

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

  it("takes part in a sweep, whose runs all commands see", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "swept", version, lease)
    const helps = Machines.worker(version, database.url, [], { lease })
    const asked = ["--set", "steps=200000", "--grid", "ends=well,throwing", "--seeds", "1..20"]
    const at = ["--database", database.url, "--jobs", "1"]
    const sweep = ["sweep", "spread/walk", ...asked, ...at, "--json"]
    const first = Machines.start(version, sweep, { lease })
    assert.deepStrictEqual(await first.ended, { code: 3, signal: null })
    const { failed, trials } = JSON.parse(first.stdout())
    assert.deepStrictEqual([trials.length, failed], [40, 20])
    await Machines.until("the worker is idle", async () => (await pending(database)).length === 0)
    helps.child.kill("SIGINT")
    assert.deepStrictEqual(await helps.ended, { code: 130, signal: null })
    const kept = await runs(database)
    assert.deepStrictEqual(
      ["done", "failed"].map((status) => kept.filter((run) => run.status === status).length),
      [20, 20],
    )

    const again = Machines.start(version, sweep, { lease })
    assert.deepStrictEqual(await again.ended, { code: 3, signal: null })
    assert.strictEqual(JSON.parse(again.stdout()).reused, 20)
    const all = await listed(version, database)
    assert.deepStrictEqual([all.runs.length, all.differences], [40, []])
  })

  it("leaves trials of other code or kernels to others, and says so", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "versions", version, lease)
    const trials = Machines.trials(version, { steps: 10, walks: 1, ends: "well" }, 3)
    await offer(database, trials)
    const others = [
      Machines.worker(Machines.version("changed"), database.url, ["--until-idle"], { lease }),
      Machines.worker(version, database.url, ["--until-idle", "--kernels", "reference"], { lease }),
    ]
    for (const { ended, stderr, stdout } of others) {
      assert.deepStrictEqual(await ended, { code: 0, signal: null })
      assert.include(stdout(), "0 trials done")
      assert.match(
        stderr(),
        new RegExp(
          `3 trials of spread wait for a worker with code ${version.code.slice(0, 8)}, strict kernels; this one has code [0-9a-f]{8}, (strict|reference) kernels`,
        ),
      )
    }
    assert.deepStrictEqual(await runs(database), [])
    assert.deepStrictEqual(
      await pending(database),
      trials.map(() => ({ attempts: 0, held: false })),
    )
  })

  it("ends where its code changes under it, before a thread loads the new one", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "stale", version, lease)
    const worker = Machines.worker(version, database.url, [], { lease })
    await Machines.until("it works", () => worker.stderr().includes("worker of postgres://lab@"))
    appendFileSync(join(version.folder, "spread.ts"), "// changed\n")
    await offer(database, Machines.trials(version, { steps: 10, walks: 1, ends: "well" }, 1))
    assert.deepStrictEqual(await worker.ended, { code: 1, signal: null })
    assert.include(
      worker.stderr(),
      "nonconvex: the code of spread changed while this worker was running, so its threads would mix two versions; restart it\n",
    )
    assert.deepStrictEqual(await pending(database), [{ attempts: 0, held: false }])
  })

  it("keeps as a finding what a machine computes again with other bits", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "audit", version, lease)
    const [trial] = Machines.trials(version, { steps: 100_000_000, walks: 1, ends: "well" }, 1)
    await offer(database, [trial!])
    const drifts = Machines.worker(version, database.url, ["--until-idle"], {
      lease,
      environment: { SPREAD_DRIFT: "1e-9" },
    })
    await Machines.until("it has begun", async () => (await runs(database)).length === 1)
    drifts.child.kill("SIGSTOP")
    const sound = Machines.worker(version, database.url, ["--until-idle"], { lease })
    assert.deepStrictEqual(await sound.ended, { code: 0, signal: null })
    drifts.child.kill("SIGCONT")
    assert.deepStrictEqual(await drifts.ended, { code: 0, signal: null })

    const [run] = await runs(database)
    assert.deepStrictEqual([run!.status, run!.differences], ["done", 1])
    const [difference] = await differences(database)
    assert.include(difference!.place, "place")
    const [row] = await Effect.runPromise(Machines.rowsHere(trial!))
    assert.strictEqual(difference!.kept, String(row!["place"]))
    assert.include(drifts.stderr(), "has different bits than the saved result")
    assert.deepStrictEqual((await listed(version, database)).differences, [difference!])
  })

  it("gives back at Ctrl-C what it has not ended, and ends with 130", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "interrupted", version, 60)
    await offer(database, Machines.trials(version, { steps: 1e12, walks: 1, ends: "well" }, 2))
    const worker = Machines.worker(version, database.url, [], { lease: 60 })
    const isHeld = ({ held }: Held) => held
    await Machines.until("one is taken", async () => (await pending(database)).some(isHeld))
    worker.child.kill("SIGINT")
    assert.deepStrictEqual(await worker.ended, { code: 130, signal: null })
    const free = { attempts: 0, held: false }
    assert.deepStrictEqual(await pending(database), [free, free])
    assert.deepStrictEqual(
      (await runs(database)).filter(({ status }) => status !== "unfinished"),
      [],
    )
  })

  it("gives up a trial that kills each of its workers, and none of those beside it", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "poison", version, 1)
    const steps = 1000
    const [poison] = Machines.trials(version, { steps, walks: 1, ends: "killing its process" }, 1)
    const [broken] = Machines.trials(version, { steps, walks: 1, ends: "throwing" }, 1)
    const well = Machines.trials(version, { steps, walks: 1, ends: "well" }, 6)
    const all = [...well.slice(0, 3), poison!, broken!, ...well.slice(3)]
    await offer(database, all)
    // as whoever keeps a service running would
    let ended: Awaited<Machines.Worker["ended"]> | undefined
    let starts = 0
    while (ended?.code !== 0) {
      starts += 1
      const worker = Machines.worker(version, database.url, ["--until-idle"], { lease: 1 })
      ended = await worker.ended
      if (ended.code !== 0) assert.strictEqual(ended.signal, "SIGKILL")
    }
    assert.strictEqual(starts, 6)
    const kept = new Map((await runs(database)).map((run) => [run.id, run]))
    const outcomes = Machines.idsOf(all).map((id) => kept.get(id)?.outcome)
    assert.deepStrictEqual(outcomes[3], {
      _tag: "Failed",
      reason: "each of the 5 workers that tried it died or stopped answering",
    })
    assert.deepStrictEqual(outcomes[4], {
      _tag: "Failed",
      reason: "spread/walk failed: the walk fell into a hole",
    })
    assert.deepStrictEqual(
      outcomes.toSpliced(3, 2).filter((outcome) => outcome?._tag !== "Shown"),
      [],
    )
  })

  it("reports a row that is not a trial, leaves it, and does all others", async (context) => {
    const version = Machines.version()
    const database = await Machines.database(server(context), "stranger", version, lease)
    const trials = Machines.trials(version, { steps: 1000, walks: 1, ends: "well" }, 4)
    await offer(database, trials)
    const asked = <A>(of: (sql: SqlClient.SqlClient) => Effect.Effect<A, unknown>) =>
      database.runtime.runPromise(Effect.flatMap(SqlClient.SqlClient, of))
    const [bad, ...good] = Machines.idsOf(trials)
    await asked((sql) => sql`UPDATE nonconvex_trials SET element = '{"x":1}' WHERE id = ${bad!}`)
    for (const _ of ["the worker that finds it", "a later one"]) {
      const worker = Machines.worker(version, database.url, ["--until-idle"], { lease })
      assert.deepStrictEqual(await worker.ended, { code: 0, signal: null })
      const lines = worker.stderr().split("\n")
      assert.lengthOf(
        lines.filter((line) => line.includes(`row ${bad!} of the queue is not a trial`)),
        1,
      )
    }
    const kept = await runs(database)
    assert.sameMembers(
      kept.filter(({ status }) => status === "done").map(({ id }) => id),
      good,
    )
    assert.deepStrictEqual(
      await asked((sql) => sql`SELECT state FROM nonconvex_trials WHERE id = ${bad!}`),
      [{ state: "failed" }],
    )
  })

  it("says in a line why a database cannot be used, and never its password", async (context) => {
    const { port, url } = server(context)
    const version = Machines.version()
    const secret = "n0t-the-password"
    const ask = async (at: string, password?: string) => {
      const worker = Machines.worker(version, at, [], {
        lease,
        ...(password === undefined ? {} : { password }),
      })
      const { code } = await worker.ended
      assert.deepStrictEqual([code, worker.stdout()], [1, ""])
      assert.notInclude(worker.stderr(), secret)
      assert.notInclude(worker.stderr(), Postgres.password)
      return worker.stderr()
    }
    const place = `postgres://lab@127.0.0.1:${port}/postgres`
    const wrong = `nonconvex: ${place}: it rejects the password of lab; give the right one in PGPASSWORD or in the URL\n`
    assert.strictEqual(await ask(url("postgres"), secret), wrong)
    assert.strictEqual(await ask(url("postgres").replace("lab@", `lab:${secret}@`)), wrong)
    assert.strictEqual(
      await ask(url("nowhere")),
      `nonconvex: postgres://lab@127.0.0.1:${port}/nowhere: the server has no database "nowhere"; create it with createdb, or give another name\n`,
    )
    assert.strictEqual(
      await ask(`postgres://lab:${secret}@127.0.0.1:1/runs`),
      "nonconvex: postgres://lab@127.0.0.1:1/runs: no server answers at 127.0.0.1:1 (ECONNREFUSED); start PostgreSQL there, or correct the URL\n",
    )
    assert.strictEqual(
      await ask(`lab:${secret}@127.0.0.1`),
      "nonconvex: --database: it is a URL of lab://, not of postgres://; use postgres://user@host:port/name, with the password in the environment variable PGPASSWORD\n",
    )
  })
})
