/** Logs that are found in files and folders, and links that are never followed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { bounds, find } from "../../src/logs/RunFiles.ts"
import { eventOf, record, simple } from "../support/Events.ts"
import { provided, temporary, write } from "../support/Read.ts"

const event = record(eventOf(0, "loss", simple(1)))

const foundIn = (path: string) =>
  Effect.map(provided(find(path)), ({ notes, runs }) => ({
    notes,
    runs: runs.map(({ format, name, paths }) => [name, format, paths.length] as const),
  }))

describe("the logs of a folder", () => {
  it.effect("are found as programs leave them", () =>
    Effect.gen(function* () {
      const folder = temporary()
      for (const name of [
        "a/events.out.tfevents.1",
        "a/events.out.tfevents.2",
        "b/c/events.out.tfevents.1",
      ]) {
        write(folder, name, event)
      }
      for (const at of ["hf/checkpoint-9", "hf/checkpoint-50", "hf/checkpoint-100"]) {
        write(folder, `${at}/trainer_state.json`, "{}")
      }
      write(folder, "done/trainer_state.json", "{}")
      write(folder, "done/checkpoint-5/trainer_state.json", "{}")
      write(folder, "lightning/version_0/metrics.csv", "step,loss\n")
      write(folder, "lightning/version_0/hparams.yaml", "")
      write(folder, "w/0000.parquet", "PAR1")
      write(folder, "w/0001.parquet", "PAR1")
      write(folder, "w/run-1.wandb", ":W&B")
      write(folder, "mlruns/0/run/meta.yaml", "")
      write(folder, "mlruns/0/run/metrics/loss", "")
      write(folder, ".git/events.out.tfevents.1", event)
      write(folder, "venv/site-packages/table.csv", "a,b\n")
      write(folder, "config.json", "{}")
      write(folder, "log_history.json", "{}")
      assert.deepStrictEqual(yield* foundIn(folder), {
        runs: [
          ["a", "tensorboard", 2],
          ["b/c", "tensorboard", 1],
          ["done/trainer_state.json", "trainer-state", 1],
          ["hf/checkpoint-100/trainer_state.json", "trainer-state", 1],
          ["lightning/version_0/metrics.csv", "csv", 1],
          ["log_history.json", "json", 1],
          ["mlruns/0/run", "mlflow-files", 1],
          ["w", "parquet", 2],
        ],
        notes: ["1 file .wandb not read: export the history as CSV, JSON lines or Parquet"],
      })
    }),
  )

  it.effect("are not those behind links, which may lead out of it or around", () =>
    Effect.gen(function* () {
      const [folder, outside] = [temporary(), temporary()]
      write(outside, "events.out.tfevents.1", event)
      write(folder, "own/events.out.tfevents.1", event)
      symlinkSync(outside, join(folder, "elsewhere"))
      symlinkSync(join(outside, "events.out.tfevents.1"), join(folder, "own/events.out.tfevents.2"))
      symlinkSync(folder, join(folder, "own/around"))
      symlinkSync("/etc", join(folder, "etc"))
      assert.deepStrictEqual(yield* foundIn(folder), {
        runs: [["own", "tensorboard", 1]],
        notes: ["4 symbolic links were not followed"],
      })
    }),
  )

  it.effect("are looked for so deep, and of none there is one line", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const deep = Array.from({ length: bounds.depth + 2 }, (_, k) => `d${k}`).join("/")
      mkdirSync(join(folder, deep), { recursive: true })
      symlinkSync("/etc", join(folder, "etc"))
      const error = yield* Effect.flip(provided(find(folder)))
      assert.match(
        error.message,
        /this folder has no training log \(1 symbolic link was not followed; 1 folder more than 16 levels deep skipped\); name a file, or/,
      )
    }),
  )
})

describe("the log of a file", () => {
  it.effect.each([
    ["events", event, "tensorboard"],
    ["table", "step,loss\n1,2\n", "csv"],
    ["numbers", "1 2 3\n", "csv"],
    ["lines", '{"step": 1}\n', "json"],
    ["list", ' \n[{"step": 1}]', "json"],
    ["marked", '\ufeff{"step": 1}', "json"],
    ["number", "1700000000000 0.5 3\n", "mlflow-files"],
    ["base", "SQLite format 3\0", "mlflow-database"],
    ["columns", "PAR1", "parquet"],
    ["empty", "", "csv"],
  ] as const)("is known by its content, of %s", ([name, content, format]) =>
    Effect.gen(function* () {
      const path = write(temporary(), name, content)
      assert.deepStrictEqual(yield* foundIn(path), { runs: [[name, format, 1]], notes: [] })
    }),
  )

  it.effect.each([
    ["a pickle", Uint8Array.of(128, 4, 149), /it is a pickle, which can run code/],
    ["packed", Uint8Array.of(31, 139, 8), /it is compressed; unpack it first/],
    ["weights", "PK\u0003\u0004", /it is an archive, perhaps of weights/],
    [
      "transactions",
      ":W&B\u00be\u00e1",
      /the transaction log of Weights & Biases; export the history/,
    ],
  ] as const)("is none of %s", ([name, content, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(provided(find(write(temporary(), name, content))))
      assert.match(error.message, message)
    }),
  )
})
