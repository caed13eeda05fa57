/** `sweep --command` as a process: what a break leaves, how the same command goes on, and machines that share the work. */
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { Schema } from "effect"
import { execFileSync } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import type { TestContext } from "vitest"
import { SweepReport } from "../src/evidence/sweep/SweepReport.ts"
import { temporary } from "./support/Folders.ts"
import * as Machines from "./support/Machines.ts"
import { ownProgram } from "./support/OwnProgram.ts"
import * as Postgres from "./support/Postgres.ts"
import { errors, type Running, start } from "./support/Process.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let found: Postgres.Server | string = "it was not looked for"

beforeAll(async () => {
  found = await Postgres.start()
})

afterAll(async () => {
  if (typeof found !== "string") await found.remove()
})

const server = (context: TestContext): Postgres.Server =>
  typeof found === "string" ? context.skip(found) : found

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.toCodecJson(SweepReport)))

const whole = async ({ ended }: Running) => {
  const { code, stderr, stdout } = await ended
  assert.strictEqual(code, 0, stderr)
  return decode(stdout)
}

/** Waits until a sweep has done some of its trials. */
const hasDone = async ({ child }: Running, fewest: number): Promise<void> => {
  for (;;) {
    const text = String(await once(child.stderr!, "data"))
    const done = / (\d+)\/\d+ trials/.exec(text)?.[1]
    if (Number(done ?? 0) >= fewest) return
  }
}

/** Processes whose command line has a text. */
const processesWith = (text: string): ReadonlyArray<string> =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(text) && !line.includes("sweep") && !line.startsWith("ps"))

describe("sweep --command", () => {
  it("ends its programs at Ctrl-C, and goes on with what is missing", async (on) => {
    const folder = temporary(on.onTestFinished)
    const { command, file } = ownProgram(folder)
    const args = ["sweep", "--command", command("{rate} {seed} 5 60"), "--grid", "rate=0.5"]
    const rest = ["--seeds", "1..16", "--jobs", "2", "--store", join(folder, "runs.sqlite")]
    const broken = start("brief", [...args, ...rest])
    await hasDone(broken, 2)
    broken.child.kill("SIGINT")
    const { code, stderr } = await broken.ended
    assert.strictEqual(code, 130)
    assert.match(errors(stderr).at(-1)!, /^interrupted: finished work is saved in/)
    assert.deepStrictEqual(processesWith(file), [])
    const { reused, trials } = await whole(start("brief", [...args, ...rest, "--json", "--quiet"]))
    assert.isAtLeast(reused, 2)
    assert.isBelow(reused, 16)
    assert.isTrue(trials.every(({ status }) => status !== "failed"))
  })

  it.for(["random", "tpe"])(
    "with the sampler %s killed twice comes to the same trials as if it were not",
    async (sampler, on) => {
      const folder = temporary(on.onTestFinished)
      const { command } = ownProgram(folder)
      const range = ["--range", "rate=0.01..0.9:log", "--range", "steps=2..6:integer"]
      const drawn = ["--sampler", sampler, "--trials", "16", "--seeds", "1..2", "--jobs", "2"]
      const goal = ["--metric", "last(loss)", "--least"]
      const program = ["--command", command("{rate} {seed} {steps} 40")]
      const args = ["sweep", ...program, ...range, ...drawn, ...goal]
      const expected = await whole(start("brief", [...args, "--no-store", "--json", "--quiet"]))
      const store = ["--store", join(folder, "runs.sqlite")]
      for (let k = 0; k < 2; k++) {
        const broken = start("brief", [...args, ...store])
        await hasDone(broken, 10 * k + 4)
        broken.child.kill("SIGKILL")
        await broken.ended
      }
      const { candidates, reused, trials } = await whole(
        start("brief", [...args, ...store, "--json", "--quiet"]),
      )
      assert.isAtLeast(reused, 10)
      const shown = (report: SweepReport) =>
        report.trials.map(({ metric, seed, settings }) => ({ metric, seed, settings }))
      assert.deepStrictEqual(
        trials.map(({ metric, seed, settings }) => ({ metric, seed, settings })),
        shown(expected),
      )
      assert.deepStrictEqual(candidates, expected.candidates)
    },
  )

  it("leaves no program that ignores the request to end", async (on) => {
    const folder = temporary(on.onTestFinished)
    const { command, file } = ownProgram(
      folder,
      'process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1000)',
    )
    const args = ["sweep", "--command", command("{rate}"), "--grid", "rate=1", "--timeout", "1"]
    const { code, stderr } = await start("brief", [...args, "--no-store", "--quiet"]).ended
    assert.strictEqual(code, 3)
    assert.include(stderr, "it was ended after 1 s")
    assert.deepStrictEqual(processesWith(file), [])
  })

  it("is shared by workers with the same files, and by no other", async (context) => {
    const version = Machines.version()
    const lease = 2
    const { url } = await Machines.database(server(context), "programs", version, lease)
    const folder = temporary(context.onTestFinished)
    const file = join(folder, "sweep.json")
    const { command } = ownProgram(folder)
    const args = ["sweep", "--command", command("{rate} {seed} 4 50"), "--grid", "rate=0.1,0.5"]
    const seeds = ["--seeds", "1..20", "--metric", "last(loss)", "--least"]
    const planned = Machines.start(
      version,
      [...args, ...seeds, "--save", file, "--dry-run", "--no-store"],
      { lease },
    )
    assert.strictEqual((await planned.ended).code, 0, planned.stderr())
    const worker = Machines.worker(version, url, ["--file", file], { lease })
    const stranger = Machines.worker(version, url, [], { lease })
    await Machines.until("the worker is there", () => worker.stderr().includes("worker of"))
    const sweep = Machines.start(
      version,
      [...args, ...seeds, "--database", url, "--jobs", "1", "--json"],
      { lease },
    )
    assert.deepStrictEqual(await sweep.ended, { code: 0, signal: null }, sweep.stderr())
    const { trials } = decode(sweep.stdout())
    assert.strictEqual(trials.length, 40)
    assert.isTrue(trials.every(({ status }) => status === "done"))
    await setTimeout(500)
    worker.child.kill("SIGINT")
    stranger.child.kill("SIGINT")
    await Promise.all([worker.ended, stranger.ended])
    const tally = [...worker.stderr().matchAll(/(\d+) trials? done/g)].at(-1)
    const done = Number(tally?.[1])
    assert.isAtLeast(done, 5)
    assert.isBelow(done, 40)
    assert.include(stranger.stderr(), "0 trials done")
    assert.include(stranger.stderr(), "this one does not have program")
  })
})
