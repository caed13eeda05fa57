/** `sweep` as a process: what a break leaves, and how the same command goes on. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { once } from "node:events"
import { join } from "node:path"
import { SweepReport } from "../src/evidence/sweep/SweepReport.ts"
import { temporary } from "./support/Folders.ts"
import { errors, start } from "./support/Process.ts"

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.toCodecJson(SweepReport)))

/** Thirty trials of a fifth of a second: on two threads a plain line of progress appears before they have ended. */
const args = ["sweep", "busy", "--set", "milliseconds=200", "--seeds", "1..30", "--jobs", "2"]

const signals = [
  ["SIGINT", 130],
  ["SIGKILL", null],
] as const

describe("sweep", () => {
  it.for(signals)("goes on after %s with what is missing", async ([signal, code], on) => {
    const store = ["--store", join(temporary(on.onTestFinished), "runs.sqlite")]
    const broken = start("brief", [...args, ...store])
    // until the progress counts a trial
    for (let text = ""; !/ [1-9]\d*\/30 trials/.test(text);) {
      text = String(await once(broken.child.stderr!, "data"))
    }
    broken.child.kill(signal)
    const first = await broken.ended
    assert.strictEqual(first.code, code)
    const said =
      signal === "SIGINT"
        ? [
            `interrupted: finished work is saved in ${store[1]}; rerunning the same command resumes from there`,
          ]
        : []
    assert.deepStrictEqual(errors(first.stderr), said)
    const second = await start("brief", [...args, ...store, "--json", "--quiet"]).ended
    assert.strictEqual(second.code, 0, second.stderr)
    const { reused, trials } = decode(second.stdout)
    assert.isAtLeast(reused, 1)
    assert.deepStrictEqual(
      trials.map(({ seed }) => seed),
      Array.from({ length: 30 }, (_, k) => k + 1),
    )
    const third = await start("brief", [...args, ...store, "--json", "--quiet"]).ended
    assert.strictEqual(decode(third.stdout).reused, 30)
  })

  it("in shards goes on after SIGKILL, and is whole where their stores are merged", async (on) => {
    const folder = temporary(on.onTestFinished)
    const at = (name: string) => join(folder, `${name}.sqlite`)
    const shard = (k: number) =>
      start("brief", [...args, "--shards", "3", "--shard", `${k}`, "--store", at(`${k}`)])
    const broken = shard(1)
    for (let text = ""; !/ [1-9]\d*\/10 trials/.test(text);) {
      text = String(await once(broken.child.stderr!, "data"))
    }
    broken.child.kill("SIGKILL")
    await broken.ended
    for (const { ended } of [1, 2, 3].map(shard)) {
      const { code, stderr } = await ended
      assert.strictEqual(code, 0, stderr)
    }
    const merged = ["--store", at("merged")]
    const taken = await start("brief", ["import", at("1"), at("2"), at("3"), ...merged]).ended
    assert.match(taken.stdout, /^30 runs imported into .*: 30 new parts$/m)
    const whole = await start("brief", [...args, ...merged, "--json", "--quiet"]).ended
    assert.strictEqual(decode(whole.stdout).reused, 30)
  })
})
