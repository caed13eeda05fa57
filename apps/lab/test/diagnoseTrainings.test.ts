/** Logs that other programs wrote, with no flag: each fault is named, or left open with nothing assumed in silence. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DiagnoseReport } from "../src/data/diagnose/DiagnoseReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const at = (name: string) => join(import.meta.dirname, "fixtures/trainings", name)
const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(DiagnoseReport)))

const said = (name: string, ...flags: ReadonlyArray<string>) =>
  nonconvex([], ["diagnose", at(name), ...flags])

const reported = (name: string) =>
  Effect.flatMap(said(name, "--json"), ({ code, stderr, stdout }) => {
    assert.strictEqual(code, 0, stderr)
    return decode(stdout)
  })

/** Events by kind and first step, and what is known of the run. */
const expected = [
  ["batch-smaller/losses.csv", [], /batches of 128 \(as the log says\)/],
  ["german-csv/verlauf.csv", [["divergence", 152]], /batch size unknown/],
  ["no-step-column/log.csv", [["data spike", 150]], /batch size unknown/],
  [
    "lightning-run",
    [["optimizer mismatch", 261]],
    /steps of Adam \(as hparams.yaml says\), batches of 32 \(as hparams.yaml says\)/,
  ],
  ["step-raises/losses.csv", [["divergence", 301]], /batch size unknown/],
  ["epochs-only/history.csv", [["divergence", 41]], /batch size unknown/],
  [
    "wandb-run/run/files/wandb-history.jsonl",
    [["data spike", 180]],
    /plain steps \(as config.yaml says\), batches of 32/,
  ],
  ["hydra-run/train.csv", [["unresolved", 170]], /plain steps \(as .hydra\/config.yaml says\)/],
  ["resumed-from-zero/losses.csv", [], /batch size unknown/],
  ["own-callback/losses.csv", [["data spike", 150]], /plain steps \(as losses.csv.json says\)/],
] as const

describe("diagnose, on the trainings of other programs,", () => {
  it.live.each(expected)("names what was planted into %s", ([name, events, run]) =>
    Effect.gen(function* () {
      const report = yield* reported(name)
      assert.deepStrictEqual(
        report.events.map(({ kind, rises }) => [kind, rises[0]!.onset]),
        events.map((event) => [...event]),
      )
      assert.match(report.run, run)
      if (/batch size unknown/.test(report.run)) assert.notMatch(report.next, /nothing to do/)
    }),
  )

  it.live("prints both readings of a log that becomes rough, and one event for all of it", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* said("batch-smaller-unlogged/losses.csv")
      assert.strictEqual(code, 0)
      assert.match(
        stdout,
        /^if each step uses a batch of the samples:\n1 event:\n {2}unresolved \(guess\) at step 303:/m,
      )
      assert.match(stdout, /smaller batches or other data from here on/)
      assert.match(stdout, /^if every step uses all samples:$/m)
      assert.notMatch(stdout, /nothing to do/)
    }),
  )

  it.live("reads steps at the edge of stability as a catapult if every step uses all samples", () =>
    Effect.gen(function* () {
      const { ifFull, roughness } = yield* reported("gd-edge/losses.csv")
      assert.strictEqual(roughness, "unknown")
      const kinds = (ifFull?.events ?? []).map(({ kind }) => kind)
      assert.include(kinds, "catapult")
    }),
  )

  it.live("refuses a table without a loss as that", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* said("accuracy-only/acc.csv")
      assert.strictEqual(code, 1)
      assert.match(stderr, /no column of losses; the header has "step", "acc", "lr"/)
    }),
  )

  it.live("names each event in the picture", () =>
    Effect.gen(function* () {
      const path = join(temporary(), "spikes.svg")
      yield* said("no-step-column/log.csv", "--figure", path)
      assert.include(readFileSync(path, "utf8"), "data spike at step 150")
    }),
  )
})
