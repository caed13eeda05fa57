/**
 * Commands in any order over two stores and a queue, and what happens to them: kills, freezes, a full disk, a clock that is set, a database
 * that restarts. Whatever a schedule has, nothing is lost, each trial counts once, and all bits are those of one process.
 * `NONCONVEX_SCHEDULES=1000 npm run e2e schedules` tries as many as it says.
 */
import { afterAll, assert, beforeAll, it, vi } from "@effect/vitest"
import { Runs } from "@nonconvex/store/Runs"
import { Effect } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import fc from "fast-check"
import { existsSync, mkdirSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import process from "node:process"
import { setTimeout } from "node:timers/promises"
import { pathToFileURL } from "node:url"
import { temporary } from "./support/Folders.ts"
import { type Kept, look, storeOf } from "./support/Kills.ts"
import * as Machines from "./support/Machines.ts"
import * as Postgres from "./support/Postgres.ts"

const schedules = Number(process.env["NONCONVEX_SCHEDULES"] ?? 4)
vi.setConfig({ testTimeout: 60_000 + 60_000 * schedules, hookTimeout: 120_000 })

let found: Postgres.Server | string = "it was not looked for"
beforeAll(async () => {
  found = await Postgres.start()
})
afterAll(async () => {
  if (typeof found !== "string") await found.remove()
})

/** Seconds: as short as it may be. */
const lease = 1
const seeds = 3
/** Trials of some hundredths of a second each. */
const walk: Machines.Walk = { steps: 1_500_000, walks: 2, ends: "well" }
/** Milliseconds in which a command of the schedule ends, mostly. */
const usual = 1200
/** A trial is given up after five workers. */
const mostDeaths = 3

type Place = "here" | "there" | "queue"
const place = fc.constantFrom<Array<Place>>("here", "there", "queue")
const seed = fc.integer({ min: 1, max: seeds })
/** The part of its usual time after which it happens. */
const moment = fc.double({ min: 0.2, max: 1, noNaN: true })
const fate = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ _tag: "Nothing" as const }) },
  { weight: 3, arbitrary: fc.record({ _tag: fc.constant("Kill" as const), moment }) },
  {
    weight: 2,
    arbitrary: fc.record({
      _tag: fc.constant("Freeze" as const),
      moment,
      // the longer one outlasts a lease
      milliseconds: fc.constantFrom(150, 1500),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      _tag: fc.constant("Clock" as const),
      every: fc.integer({ min: 20, max: 300 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      _tag: fc.constant("FullDisk" as const),
      pages: fc.integer({ min: 0, max: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      _tag: fc.constant("Restart" as const),
      moment,
      mode: fc.constantFrom("fast" as const, "immediate" as const),
    }),
  },
)
type Fate = typeof fate extends fc.Arbitrary<infer Each> ? Each : never

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ _tag: fc.constant("Sweep" as const), place, seed, fate }) },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("Run" as const), place, seed, fate }) },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("Worker" as const), fate }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("Rerun" as const), place, seed, fate }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("Remove" as const), place, seed, fate }) },
  {
    weight: 2,
    arbitrary: fc.record({ _tag: fc.constant("Copy" as const), place, to: place, fate }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never

/** What all places share. */
interface World {
  readonly version: Machines.Version
  readonly ids: ReadonlyArray<string>
  /** A sweep that nobody disturbed. */
  readonly whole: Kept
}

const asked = ["--set", `steps=${walk.steps}`, "--preset", "smoke"]
const sweepOf = (to: number) => ["sweep", "spread/walk", ...asked, "--seeds", `1..${to}`]
const clock = pathToFileURL(join(import.meta.dirname, "fixtures/clock.mjs")).href

const world = async (): Promise<World> => {
  const version = Machines.version()
  const folder = temporary()
  mkdirSync(dirname(storeOf(folder)))
  const args = [...sweepOf(seeds), "--store", storeOf(folder), "--jobs", "1"]
  const sweep = Machines.start(version, args, { lease })
  assert.strictEqual((await sweep.ended).code, 0, sweep.stderr())
  const ids = Machines.idsOf(Machines.trials(version, walk, seeds))
  const whole = look(folder)!
  assert.sameMembers([...whole.runs.keys()], [...ids])
  return { version, ids, whole }
}

type Database = Awaited<ReturnType<typeof Machines.database>>

/** What a database has kept, and the trials that wait in its queue; once more where it was on its way up. */
const lookInto = async ({
  runtime,
}: Database): Promise<Omit<Kept, "integrity" | "trials"> & { readonly waiting: Set<string> }> => {
  const ask = <A extends object>(text: string) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<A>(text))
  const pairs = (text: string) =>
    Effect.map(
      ask<{ readonly name: string; readonly value: string }>(text),
      (rows) => new Map(rows.map(({ name, value }) => [name, value])),
    )
  const count = (table: string) =>
    Effect.map(
      ask<{ readonly n: number }>(`SELECT count(*)::int AS n FROM ${table}`),
      ([row]) => row!.n,
    )
  return runtime.runPromise(
    Effect.all({
      parts: pairs("SELECT run || ' ' || place AS name, digest AS value FROM parts"),
      runs: pairs("SELECT id AS name, status || ' ' || coalesce(outcome, '') AS value FROM runs"),
      left: count("snapshots"),
      differences: count("differences"),
      waiting: Effect.map(
        ask<{ readonly id: string }>("SELECT id FROM nonconvex_trials WHERE state = 'pending'"),
        (rows) => new Set(rows.map(({ id }) => id)),
      ),
    }).pipe(Effect.retry({ times: 100 })),
  )
}

/** Performs the steps and compares what is kept after each. */
const survives = async (
  { ids, version, whole }: World,
  server: Postgres.Server,
  name: string,
  steps: ReadonlyArray<Step>,
): Promise<void> => {
  const database = await Machines.database(server, name, version, lease)
  const folders = { here: temporary(), there: temporary() }
  for (const folder of Object.values(folders)) mkdirSync(dirname(storeOf(folder)))
  const flags = (at: Place): ReadonlyArray<string> =>
    at === "queue" ? ["--database", database.url] : ["--store", storeOf(folders[at])]
  const keptIn = async (at: Place): Promise<Omit<Kept, "trials" | "integrity">> => {
    if (at === "queue") return lookInto(database)
    const kept = look(folders[at])
    if (kept !== undefined) assert.strictEqual(kept.integrity, "ok")
    return kept ?? { parts: new Map(), runs: new Map(), left: 0, differences: 0 }
  }
  const idOf = (of: number): string => ids[of - 1]!
  let deaths = 0

  /** A command with what happens to it; the exit code is undefined where it was killed. */
  const perform = async (args: ReadonlyArray<string>, at: Place, what: Fate) => {
    const store = at === "queue" ? undefined : storeOf(folders[at])
    const size =
      store !== undefined && existsSync(store) ? Math.ceil(statSync(store).size / 4096) : 0
    const environment: Record<string, string> =
      what._tag === "Clock"
        ? { NODE_OPTIONS: `--import=${clock}`, CLOCK_EVERY: `${what.every}` }
        : what._tag === "FullDisk"
          ? { SPREAD_PAGES: `${size + what.pages}` }
          : {}
    const jobs = ["sweep", "run", "worker", "rerun"].includes(args[0]!) ? ["--jobs", "1"] : []
    const command = Machines.start(version, [...args, ...flags(at), ...jobs, "--quiet"], {
      lease,
      environment,
    })
    const happens = async () => {
      if (!("moment" in what)) return
      await setTimeout(what.moment * usual)
      if (command.child.exitCode !== null) return
      if (what._tag === "Restart") {
        if (at !== "queue") return
        await server.stop(what.mode)
        return server.start()
      }
      if (at === "queue" && deaths === mostDeaths) return
      if (what._tag === "Kill") {
        deaths += at === "queue" ? 1 : 0
        command.child.kill("SIGKILL")
      } else {
        deaths += at === "queue" && what.milliseconds > 1000 * lease ? 1 : 0
        command.child.kill("SIGSTOP")
        await setTimeout(what.milliseconds)
        command.child.kill("SIGCONT")
      }
    }
    const [{ code, signal }] = await Promise.all([command.ended, happens()])
    const isKilled = signal === "SIGKILL"
    // a full disk and a server that restarts while a command reads are told in a line
    const expected = what._tag === "FullDisk" || what._tag === "Restart" ? [0, 1] : [0]
    if (!isKilled) assert.include(expected, code, `${args.join(" ")}: ${command.stderr()}`)
    assert.notMatch(command.stderr(), /\n +at /)
    return { isDone: code === 0, output: command.stdout(), isKilled }
  }

  let known = new Map<Place, ReadonlyMap<string, string>>()
  for (const each of steps) {
    const removed = new Map<Place, string>()
    const finished: Array<readonly [Place, string]> = []
    switch (each._tag) {
      case "Sweep": {
        const { isDone } = await perform(sweepOf(each.seed), each.place, each.fate)
        if (isDone) for (let of = 1; of <= each.seed; of++) finished.push([each.place, idOf(of)])
        break
      }
      case "Run": {
        const run = ["run", "spread/walk", ...asked, "--seed", `${each.seed}`]
        if ((await perform(run, each.place, each.fate)).isDone) {
          finished.push([each.place, idOf(each.seed)])
        }
        break
      }
      case "Worker": {
        // what a sweep offered that was killed is done by those who come later; what run began waits for another run
        const { waiting } = await lookInto(database)
        const { isDone } = await perform(["worker", "--until-idle"], "queue", each.fate)
        if (isDone) for (const id of waiting) finished.push(["queue", id])
        break
      }
      case "Rerun": {
        const { runs } = await keptIn(each.place)
        if (!runs.get(idOf(each.seed))?.startsWith("done")) break
        const { isDone, output } = await perform(["rerun", idOf(each.seed)], each.place, each.fate)
        if (isDone) assert.match(output, /^the same bits in 2 rows of 2 parts/)
        break
      }
      case "Remove": {
        if ((await keptIn(each.place)).runs.size === 0) break
        removed.set(each.place, idOf(each.seed))
        const rm = ["rm", "--where", `seed=${each.seed}`, "--yes"]
        const { isDone } = await perform(rm, each.place, each.fate)
        const { runs } = await keptIn(each.place)
        if (isDone) assert.isFalse(runs.has(idOf(each.seed)))
        break
      }
      case "Copy": {
        const { runs } = await keptIn(each.place)
        if (runs.size === 0) break
        const file = join(temporary(), "runs.jsonl")
        const written = await perform(["export", "jsonl", "--out", file], each.place, each.fate)
        // a file is there whole or not at all
        assert.strictEqual(
          existsSync(file),
          written.isDone || (written.isKilled && existsSync(file)),
        )
        if (!existsSync(file)) break
        const { isDone } = await perform(["import", file], each.to, each.fate)
        for (const [id, outcome] of runs) {
          if (isDone && outcome.startsWith("done")) finished.push([each.to, id])
        }
      }
    }
    const now = new Map<Place, ReadonlyMap<string, string>>()
    for (const at of ["here", "there", "queue"] as const) {
      const { differences, parts, runs } = await keptIn(at)
      assert.strictEqual(differences, 0)
      for (const [part, digest] of parts) assert.strictEqual(digest, whole.parts.get(part), part)
      for (const [part] of known.get(at) ?? []) {
        if (!part.startsWith(removed.get(at) ?? " "))
          assert.isTrue(parts.has(part), `lost: ${part}`)
      }
      for (const [id, outcome] of runs) {
        if (outcome.startsWith("done")) assert.strictEqual(outcome, whole.runs.get(id))
      }
      for (const [of, id] of finished) {
        if (of === at) assert.strictEqual(runs.get(id), whole.runs.get(id))
      }
      for (const id of ids) {
        const isDone = runs.get(id)?.startsWith("done") === true
        if (isDone) for (const k of [0, 1]) assert.isTrue(parts.has(`${id} ${k}`))
      }
      now.set(at, parts)
    }
    known = now
  }

  for (const at of ["here", "there", "queue"] as const) {
    await perform(sweepOf(seeds), at, { _tag: "Nothing" })
    const { left, parts, runs } = await keptIn(at)
    assert.deepStrictEqual([left, parts, runs], [0, whole.parts, whole.runs])
  }
  const kept = await database.runtime.runPromise(Effect.flatMap(Runs, ({ list }) => list()))
  assert.sameMembers(
    kept.map(({ id }) => id),
    [...ids],
  )
}

it("loses nothing and counts each trial once, whatever happens to commands", async (context) => {
  if (typeof found === "string") return context.skip(found)
  const server = found
  const shared = await world()
  let tried = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6 }), (steps) =>
      survives(shared, server, `schedule_${tried++}`, steps),
    ),
    // to run a shorter schedule proves nothing: a moment is another one then
    { numRuns: schedules, endOnFailure: true },
  )
})
