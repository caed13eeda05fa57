/**
 * What the engine of many machines costs, by hand on an idle Linux machine of two cores with PostgreSQL: `node --conditions=source apps/lab/scripts/workers.ts`.
 *
 * Four processes `nonconvex worker` of a thread each against one process `nonconvex sweep` of two threads, both with the same 1500 trials of about
 * a tenth of a second, unless two numbers (trials, steps of each) say otherwise. It takes about three minutes. All is counted from the start of the
 * processes, and after warm-up, which is the first tenth of the trials; the database counts as part of the workers.
 */
import * as Code from "@nonconvex/runner/node/Code"
import type { RunKey } from "@nonconvex/runner/RunKey"
import * as Store from "@nonconvex/store/Postgres"
import * as Shared from "@nonconvex/store/queue/Shared"
import type { Trial } from "@nonconvex/store/queue/Trial"
import { Trials } from "@nonconvex/store/queue/Trials"
import { Effect, Layer, Redacted } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { DatabaseSync } from "node:sqlite"
import { setTimeout } from "node:timers/promises"
import { system } from "../test/fixtures/spread.ts"
import * as Postgres from "../test/support/Postgres.ts"

const [count = 1500, steps = 20_000_000] = process.argv.slice(2).map(Number)
const warming = Math.ceil(count / 10)
const config = { steps, walks: 1, ends: "well" } as const

/** Milliseconds between two looks at how many trials have ended. */
const interval = 100

const lab = (args: ReadonlyArray<string>): ChildProcess => {
  const main = join(import.meta.dirname, "../test/fixtures/main.ts")
  const child = spawn(
    process.execPath,
    ["--conditions=source", main, "spread", ...args, "--quiet"],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, PGPASSWORD: Postgres.password },
    },
  )
  process.once("exit", () => child.kill("SIGKILL"))
  return child
}

/** The fields of /proc/<pid>/stat from the state on; undefined of a process that is gone. */
const statOf = (pid: number | string): ReadonlyArray<string> | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8")
    return text.slice(text.lastIndexOf(")") + 2).split(" ")
  } catch {
    return undefined
  }
}

/** Seconds of the processor that a process took; with those of its children that ended. */
const secondsOf = (pid: number | string): number =>
  (statOf(pid) ?? []).slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0)

const childrenOf = (parent: number) =>
  readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && statOf(pid)?.[1] === String(parent))

interface Moment {
  /** Seconds. */
  readonly wall: number
  readonly processor: number
}

/** Seconds of wall and processor until all trials are done, from the start and after warm-up. */
const watch = async (begin: number, ended: () => Promise<number>, processor: () => number) => {
  const before = processor()
  const now = (): Moment => ({
    wall: (performance.now() - begin) / 1000,
    processor: processor() - before,
  })
  let warm: Moment | undefined
  for (let done = 0; done < count; done = await ended()) {
    if (done >= warming) warm ??= now()
    await setTimeout(interval)
  }
  const all = now()
  const { wall, processor: used } = warm ?? all
  return { all, warm: { wall: all.wall - wall, processor: all.processor - used } }
}

type Watched = Awaited<ReturnType<typeof watch>>

/** One process with two threads, and a file. */
const alone = async (folder: string): Promise<Watched> => {
  const file = join(folder, "runs.sqlite")
  const set = Object.entries(config).flatMap(([name, value]) => ["--set", `${name}=${value}`])
  const begin = performance.now()
  const child = lab([
    "sweep",
    "walk",
    ...set,
    "--seeds",
    `1..${count}`,
    "--jobs",
    "2",
    "--store",
    file,
  ])
  const done = async () => {
    if (!existsSync(file)) return 0
    const database = new DatabaseSync(file, { timeout: 1000 })
    try {
      return Number(
        database.prepare("SELECT count(*) AS n FROM runs WHERE status = 'done'").get()!["n"],
      )
    } catch {
      return 0
    } finally {
      database.close()
    }
  }
  return await watch(begin, done, () => secondsOf(child.pid!))
}

/** Four workers with a thread each, and a database. */
const spread = async (server: Postgres.Server): Promise<Watched> => {
  const at = new URL(server.url("postgres"))
  at.password = Postgres.password
  const url = Redacted.make(at.href)
  const code = Code.digestOf(system)!
  const trials = Array.from({ length: count }, (_, index): Trial => {
    const key: RunKey = {
      kind: "experiment",
      subject: "spread/walk",
      config,
      seed: index + 1,
      kernels: "strict",
      code,
    }
    return { system: system.id, key, parts: 1 }
  })
  const shared = Shared.layer(url, {
    capabilities: { kernels: "strict" },
    code: () => Effect.succeed(code),
    provenance: Effect.succeed({ host: "", cpu: "", platform: "", node: "", packages: {} }),
    lease: 30,
  })
  const client = Layer.unwrap(Effect.map(Store.at(url), ({ layer }) => layer))
  const work = Effect.gen(function* () {
    yield* (yield* Trials).offer(trials)
    const sql = yield* SqlClient.SqlClient
    const ask = Effect.runPromiseWith(yield* Effect.context<SqlClient.SqlClient>())
    const done = () =>
      ask(sql<{ n: number }>`SELECT count(*)::int AS n FROM runs WHERE status = 'done'`).then(
        ([row]) => row!.n,
      )
    const [backend] = yield* sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`
    const postmaster = Number(statOf(backend!.pid)![1])
    const begin = performance.now()
    const workers = Array.from({ length: 4 }, () =>
      lab(["worker", "--database", server.url("postgres"), "--jobs", "1"]),
    )
    const processor = () =>
      [...workers.map(({ pid }) => pid!), postmaster, ...childrenOf(postmaster)].reduce<number>(
        (sum, pid) => sum + secondsOf(pid),
        0,
      )
    const watched = yield* Effect.promise(() => watch(begin, done, processor))
    for (const worker of workers) worker.kill("SIGKILL")
    return watched
  })
  return await Effect.runPromise(Effect.provide(work, Layer.merge(shared, client)))
}

const server = await Postgres.start()
if (typeof server === "string") throw new Error(server)
const folder = mkdtempSync(join(tmpdir(), "nonconvex-workers-"))
try {
  const one = await alone(folder)
  const four = await spread(server)
  for (const [name, which] of [
    ["with warm-up ", "all"],
    ["after warm-up", "warm"],
  ] as const) {
    const told = (["wall", "processor"] as const).map((kind) => {
      const [single, several] = [one[which][kind], four[which][kind]]
      const lost = 100 * (several / single - 1)
      return `${kind} ${several.toFixed(1)} s against ${single.toFixed(1)} s: ${lost.toFixed(1)} % lost`
    })
    console.log(`${name}: ${told.join("; ")}`)
  }
} finally {
  await server.remove()
  rmSync(folder, { recursive: true })
}
