/** A run that goes on: what is new is printed as its log grows, and Ctrl-C ends it. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { DiagnoseReport } from "../src/data/diagnose/DiagnoseReport.ts"
import { temporary } from "./support/Folders.ts"
import { start } from "./support/Process.ts"

const row = (step: number, loss: number) => `{"step": ${step}, "loss": ${loss}, "lr": 0.1}\n`

const calm = Array.from({ length: 40 }, (_, t) => row(t, 2 * 0.99 ** t)).join("")
const growth = Array.from({ length: 9 }, (_, t) => row(40 + t, 2 ** t * 1.4)).join("")

/** A follower of a log, and what waits until its output has so many matches. */
const following = (path: string, flags: ReadonlyArray<string>) => {
  const running = start("toy", ["diagnose", path, "--follow", ...flags])
  const seen = { stdout: "", stderr: "" }
  running.child.stdout!.on("data", (text: string) => (seen.stdout += text))
  running.child.stderr!.on("data", (text: string) => (seen.stderr += text))
  const until = async (of: keyof typeof seen, pattern: RegExp, count = 1) => {
    while ([...seen[of].matchAll(pattern)].length < count) {
      assert.isNull(running.child.exitCode, seen.stderr)
      await setTimeout(50)
    }
  }
  const interrupted = async () => {
    running.child.kill("SIGINT")
    return running.ended
  }
  return { until, interrupted }
}

describe("diagnose --follow", () => {
  it.concurrent("prints a report, and what a log that grows has of new events, until Ctrl-C", async ({
    onTestFinished,
  }) => {
    const folder = temporary(onTestFinished)
    mkdirSync(join(folder, "run"))
    const path = join(folder, "run/history.jsonl")
    writeFileSync(path, calm + '{"step": 40, "lo')
    const flags = ["--optimizer", "sgd", "--batch", "full"]
    const text = following(join(folder, "run"), flags)
    const json = following(path, [...flags, "--json", "-q"])
    await text.until("stdout", /no spikes/g)
    await json.until("stdout", /\n/g)
    writeFileSync(path, calm)
    appendFileSync(path, growth)
    await text.until("stdout", /next: |^step \d+, loss .*:$/gm, 2)
    await json.until("stdout", /\n/g, 2)
    const ended = await text.interrupted()
    assert.strictEqual(ended.code, 130)
    assert.match(ended.stdout, /^40 steps, lowest loss 1.35, last loss 1.35$/m)
    assert.match(ended.stdout, /^step 48, loss 358:\n {2}instability \(likely\) at step 41: /m)
    assert.match(ended.stderr, /^following; Ctrl-C stops it$/m)
    const lines = (await json.interrupted()).stdout.trim().split("\n")
    const decode = Schema.decodeUnknownSync(
      Schema.fromJsonString(Schema.toCodecJson(DiagnoseReport)),
    )
    assert.deepStrictEqual(
      lines.map((line) => decode(line)).map(({ events, steps }) => [steps, events.length]),
      [
        [40, 0],
        [49, 1],
      ],
    )
  }, 120_000)

  it.concurrent("goes on with a log that is cut, or taken away, and written anew", async ({
    onTestFinished,
  }) => {
    const path = join(temporary(onTestFinished), "history.jsonl")
    writeFileSync(path, calm + growth)
    const log = following(path, ["--optimizer", "sgd", "--batch", "full"])
    await log.until("stdout", /next: /g)
    writeFileSync(path, "")
    await log.until("stderr", /^waiting: /gm)
    writeFileSync(path, calm)
    await log.until("stderr", /^the log went back from step 48 to step 39$/gm)
    await log.until("stdout", /^no spikes$/gm)
    rmSync(path)
    await log.until("stderr", /^waiting: .*history\.jsonl: no such file/gm)
    writeFileSync(path, calm + growth)
    await log.until("stdout", /^step 48, loss 358:$/gm)
    // what is said twice is waited for twice
    rmSync(path)
    await log.until("stderr", /^waiting: .*history\.jsonl: no such file/gm, 2)
    const { code, stderr } = await log.interrupted()
    assert.strictEqual(code, 130)
    assert.notMatch(stderr, /\n\s+at /)
  }, 120_000)

  it.concurrent("waits for a log that has no entry yet, and follows one run alone", async ({
    onTestFinished,
  }) => {
    const folder = temporary(onTestFinished)
    const path = join(folder, "losses.csv")
    writeFileSync(path, "step,loss\n")
    const early = following(path, [])
    await early.until("stderr", /waiting: .*no rows below the header/g)
    appendFileSync(path, "0,3\n1,2\n")
    await early.until("stdout", /^2 steps/gm)
    assert.strictEqual((await early.interrupted()).code, 130)
    for (const name of ["a.jsonl", "b.jsonl"]) writeFileSync(join(folder, name), calm)
    const { code, stderr } = await start("toy", ["diagnose", folder, "--follow"]).ended
    assert.strictEqual(code, 1)
    assert.match(stderr, /it has 3 runs, such as "a.jsonl", .*: choose one to follow with --run$/m)
  }, 120_000)
})
