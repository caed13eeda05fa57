/** The command line as a process: exit codes, signals, streams, threads. */
import * as Verdict from "@nonconvex/evidence/Verdict"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { spawnSync } from "node:child_process"
import { closeSync, existsSync, openSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { temporary } from "./support/Folders.ts"
import { command, errors, hasComputed, start } from "./support/Process.ts"

const verdicts = Schema.fromJsonString(Schema.toCodecJson(Schema.Array(Verdict.Verdict)))

describe("nonconvex", () => {
  it("gives the same verdicts on one thread and on two, as JSON alone on standard output", async () => {
    const [one, two] = await Promise.all(
      ["1", "2"].map(
        (jobs) => start("toy,wrong", ["verify", "--json", "--runs", "150", "--jobs", jobs]).ended,
      ),
    )
    assert.strictEqual(one!.code, 2)
    assert.strictEqual(one!.stdout, two!.stdout)
    assert.strictEqual(Schema.decodeUnknownSync(verdicts)(one!.stdout).length, 7)
    assert.deepStrictEqual(errors(one!.stderr), [
      "nonconvex: 4 of 7 statements do not have the expected verdict: wrong/falsified, wrong/toothless, wrong/broken, wrong/unrefuted",
    ])
  })

  it.each([
    { args: ["systems"], code: 0 },
    { args: ["verify", "--jobs", "0"], code: 1 },
    { args: ["reproduce", "--out", "taken"], code: 1 },
    { args: ["verify", "wrong/toothless"], code: 2 },
    { args: ["run", "failing"], code: 3 },
  ])("ends $args with $code and at most one line of error", async ({ args, code }) => {
    const folder = temporary()
    writeFileSync(join(folder, "taken"), "")
    const ended = await start("toy,wrong", [...args, "--quiet"], folder).ended
    assert.strictEqual(ended.code, code)
    assert.strictEqual(errors(ended.stderr).length, code === 0 ? 0 : 1)
    assert.notMatch(ended.stderr, /\n\s+at /)
  })

  it.skipIf(!existsSync("/dev/full"))("fails where its output does not fit on the disk", () => {
    const full = openSync("/dev/full", "w")
    const { status, stderr } = spawnSync(process.execPath, command("toy", ["systems", "--json"]), {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    })
    closeSync(full)
    assert.match(stderr, /^nonconvex: the output could not be written: .*no space left/)
    assert.strictEqual(status, 1)
  })

  it("ends at Ctrl-C with 130, whatever its threads do, and leaves the former report as it was", async () => {
    const out = temporary()
    writeFileSync(join(out, "index.html"), "former")
    const { child, ended } = start("endless,toy", ["reproduce", "--out", out])
    while (readdirSync(out).length === 1) await setTimeout(20)
    // Both threads start, and are then deep in a loop that no message can end.
    await setTimeout(1500)
    child.kill("SIGINT")
    const { code, stderr } = await ended
    assert.strictEqual(code, 130)
    assert.deepStrictEqual(errors(stderr), [])
    assert.deepStrictEqual(readdirSync(out), ["index.html"])
  })

  it("ends work that keeps its thread to itself at Ctrl-C, and leaves no file", async () => {
    const folder = temporary()
    const args = ["digits", "--hidden", "2000", "--epochs", "100000", "--save", "net.json"]
    const { child, ended } = start("toy", ["train", ...args, "-q"], folder)
    // then it computes, which no handler of a signal can leave
    await hasComputed(child, 3)
    child.kill("SIGINT")
    const { code, stderr, stdout } = await ended
    assert.strictEqual(code, 130)
    assert.deepStrictEqual([stderr, stdout, readdirSync(folder)], ["", "", []])
  })

  it("ends a replay that never would at Ctrl-C", async () => {
    const { child, ended } = start("endless", ["replay", "endless/claim@1:0"])
    // then it is deep in the trial
    await hasComputed(child, 3)
    child.kill("SIGINT")
    const { code, stderr, stdout } = await ended
    assert.strictEqual(code, 130)
    assert.deepStrictEqual([stderr, stdout], ["", ""])
  })

  it("does not mind a reader that stops reading", async () => {
    const { child, ended } = start("toy", ["claims"])
    child.stdout?.destroy()
    const { code, stderr } = await ended
    assert.strictEqual(code, 0)
    assert.strictEqual(stderr, "")
  })
})
