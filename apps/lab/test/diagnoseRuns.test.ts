/** Logs that the real programs wrote: what they were known to be is what is said of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { isBuiltin } from "node:module"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { DiagnosedRuns } from "../src/data/diagnose/DiagnosedRuns.ts"
import { DiagnoseReport } from "../src/data/diagnose/DiagnoseReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const logs = join(import.meta.dirname, "../../../packages/interchange/test/fixtures/logs")

const printed = (path: string, ...flags: ReadonlyArray<string>) =>
  Effect.map(nonconvex([], ["diagnose", path, ...flags]), ({ code, stderr, stdout }) => {
    assert.strictEqual(code, 0, stderr)
    return stdout
  })

const runsOf = (path: string, ...flags: ReadonlyArray<string>) =>
  Effect.flatMap(
    printed(path, ...flags, "--json"),
    Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(DiagnosedRuns))),
  )

const reportOf = (path: string, ...flags: ReadonlyArray<string>) =>
  Effect.flatMap(
    printed(path, ...flags, "--json"),
    Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(DiagnoseReport))),
  )

const refused = (path: string, ...flags: ReadonlyArray<string>) =>
  Effect.map(nonconvex([], ["diagnose", path, ...flags]), ({ code, stderr }) => {
    assert.strictEqual(code, 1, stderr)
    assert.lengthOf(stderr.split("\n"), 1)
    return stderr
  })

/** The rates were raised at step 60, the batch was bad at step 70, and NaN came at step 45, or 41 where steps count from 1. */
const known = {
  "histories/artifact": ["parquet", 75, "divergence", "likely", 63],
  "histories/history.csv": ["csv", 75, "divergence", "likely", 63],
  "histories/history.jsonl": ["json", 60, "numeric failure", "likely", 45],
  "huggingface/averaged/checkpoint-60/trainer_state.json": [
    "trainer-state",
    12,
    "unresolved",
    "guess",
    50,
  ],
  "huggingface/events": ["tensorboard", 60, "numeric failure", "likely", 41],
  "huggingface/nan/checkpoint-60/trainer_state.json": [
    "trainer-state",
    60,
    "numeric failure",
    "likely",
    41,
  ],
  "lightning/version_0/metrics.csv": ["csv", 75, "divergence", "likely", 63],
  "lightning/version_1/metrics.csv": ["csv", 15, "divergence", "likely", 64],
  mlflow: ["mlflow-files", 75, "divergence", "likely", 63],
  "tensorboard/raised-rate": ["tensorboard", 75, "divergence", "likely", 63],
  "tensorboard/resumed": ["tensorboard", 60],
  "tensorboardx/bad-batch": ["tensorboard", 90, "data spike", "measured", 70],
} as const

describe("diagnose, on what the real programs wrote,", () => {
  it.live("calls each run of a folder what it was, reads each as what it is, and draws them", () =>
    Effect.gen(function* () {
      const figure = join(temporary(), "runs.svg")
      const { format, runs } = yield* runsOf(logs, "--figure", figure)
      assert.strictEqual(format, 1)
      const found = runs.map(({ log, name, problem, report }) => {
        assert.isNull(problem)
        const [event, ...others] = report!.events
        assert.lengthOf(others, 0)
        const said = event === undefined ? [] : [event.kind, event.confidence, event.onset]
        return [name.replace(/^mlflow\/.*/, "mlflow"), [log, report!.steps, ...said]]
      })
      assert.deepStrictEqual(Object.fromEntries(found), known)
      const of = (start: string) => runs.find(({ name }) => name.startsWith(start))!.report!
      const averaged = of("huggingface/averaged")
      assert.deepStrictEqual(averaged.notes, [
        "this run has 2 saved states, of which the last is read",
        "each loss is the mean of 5 steps (logging_steps): a spike of one step appears 5 times lower, and its gradient is logged only if it was the last step",
      ])
      assert.match(averaged.events[0]!.better, /one fixed batch at steps 45 and 50 \(--control\)/)
      const replaced = of("huggingface/events")
      assert.include(
        replaced.notes,
        "at 20 steps from 41 on, the log has a number in place of a loss that was not finite (logging_nan_inf_filter of Hugging Face writes 0 or a mean instead): it is read as NaN",
      )
      assert.match(
        replaced.run,
        /^steps of Adam \(as the log says\), batches of 4 \(as the log says\)$/,
      )
      assert.deepStrictEqual(of("tensorboard/resumed").notes, [
        "2 event files are read as one run",
        "resumed once, at step 30: the entries written after the resumption count",
        "assumed: all samples at every step, since the losses are smooth; --batch changes this",
      ])
      const thinned = of("lightning/version_1")
      assert.deepStrictEqual(thinned.columns, { step: "step", rate: "lr-SGD", loss: "train_loss" })
      assert.include(thinned.notes.join(), "the log has one of every 5 steps")
      assert.match(thinned.events[0]!.because, /raised by a factor of 60 since the entry before/)
      assert.match(readFileSync(figure, "utf8"), /<svg/)
      const stdout = yield* printed(logs)
      assert.match(stdout, /^12 runs, 11 with spikes$/m)
      assert.match(stdout, /^tensorboardx\/bad-batch +90 .* data spike \(measured\) at step 70$/m)
      assert.match(stdout, /^next: --run NAME explains one of them$/m)
    }),
  )

  it.live.runIf(isBuiltin("node:sqlite"))(
    "reads the runs of MLflow's database, one by its name",
    () =>
      Effect.gen(function* () {
        const path = join(temporary(), "mlflow.db")
        writeFileSync(path, gunzipSync(readFileSync(join(logs, "mlflow/mlflow.db.gz"))))
        const { runs } = yield* runsOf(path)
        assert.deepStrictEqual(
          runs.map(({ name, report }) => [name, report!.events[0]!.kind, report!.events[0]!.onset]),
          [
            ["raised-rate", "divergence", 63],
            ["not-a-number", "numeric failure", 50],
          ],
        )
        const one = yield* reportOf(path, "--run", "not-a-number")
        assert.strictEqual(
          one.run,
          "steps of Adam (as the log says), batches of 16 (as the log says)",
        )
        assert.match(
          yield* refused(path, "--run", "raised"),
          /none of its 2 runs is named "raised"; choose one with --run, such as "raised-rate"$/,
        )
      }),
  )

  it.live("tells a broken log among others in its row, and what is no log not at all", () =>
    Effect.gen(function* () {
      const folder = temporary()
      for (const name of ["a", "b"]) {
        cpSync(join(logs, "tensorboard/raised-rate"), join(folder, name), { recursive: true })
      }
      const [file] = readdirSync(join(folder, "b"))
      const whole = readFileSync(join(folder, "b", file!))
      writeFileSync(join(folder, "b", file!), whole.subarray(0, whole.length - 7))
      mkdirSync(join(folder, "c"))
      writeFileSync(join(folder, "c/events.out.tfevents.1"), whole.subarray(5))
      writeFileSync(join(folder, "prices.csv"), "day,price\n1,2\n")
      symlinkSync("/etc", join(folder, "etc"))
      const { notes, runs } = yield* runsOf(folder)
      assert.deepStrictEqual(
        runs.map(({ name, problem }) => [name, problem]),
        [
          ["a", null],
          ["b", null],
          [
            "c",
            "byte 0: the checksum of a length is wrong, and no event record is complete; check that the file was copied completely",
          ],
        ],
      )
      assert.match(runs[1]!.report!.notes.join(), /the last record is truncated at byte \d+/)
      assert.deepStrictEqual(notes, [
        "1 symbolic link was not followed",
        "1 other table holds no losses, or cannot be read as a log",
      ])
    }),
  )

  it.live("refuses a folder of tables that hold no losses", () =>
    Effect.gen(function* () {
      const folder = temporary()
      for (const name of ["a", "b"]) writeFileSync(join(folder, `${name}.csv`), "day,price\n1,2\n")
      const stderr = yield* refused(folder, "-q")
      assert.match(
        stderr,
        /none of its 2 files is a log of losses; the first: a.csv: no column of losses; the header has/,
      )
    }),
  )

  it.live("reads a single run of a folder as that of a file", () =>
    Effect.gen(function* () {
      const folder = temporary()
      copyFileSync(join(logs, "histories/history.jsonl"), join(folder, "history.jsonl"))
      writeFileSync(join(folder, "prices.csv"), "day,price\n1,2\n")
      const { log, steps } = yield* reportOf(folder)
      assert.deepStrictEqual([log, steps], ["json", 60])
    }),
  )
})
