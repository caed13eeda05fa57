/** Readers of the logs that trainers write. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { isBuiltin } from "node:module"
import { join } from "node:path"
import { findRuns, readRun, type LossLog } from "@nonconvex/interchange"
import { MetricRows } from "@nonconvex/interchange/node"
import * as Changes from "./Changes.ts"
import { isWhole, type Reader } from "./Reader.ts"

const logs = join(import.meta.dirname, "../../../../packages/interchange/test/fixtures/logs")

const contentOf = (path: string): Uint8Array => readFileSync(join(logs, path))

const firstIn = (folder: string): Uint8Array =>
  contentOf(join(folder, readdirSync(join(logs, folder)).toSorted()[0]!))

/** An answer has a loss for each step, and steps that increase. */
const whole = ({ numbers: { losses, steps, ...others } }: LossLog): void => {
  assert.isTrue(isWhole(losses.length))
  assert.strictEqual(steps.length, losses.length)
  for (let k = 1; k < steps.length; k++) assert.isAbove(steps[k]!, steps[k - 1]!)
  assert.isFalse(losses.some((loss) => loss < 0 || Math.abs(loss) === Infinity))
  for (const column of Object.values(others)) assert.strictEqual(column.length, steps.length)
}

const read = (path: string) =>
  Effect.gen(function* () {
    const { runs } = yield* findRuns(path)
    for (const source of runs) {
      whole(yield* readRun(source, { names: {}, spelling: {} }))
    }
  })

/** An answer has rows with values, each a number, a text or a truth value. */
const readMetrics = (path: string) =>
  Effect.map(MetricRows.read(path), (rows) => {
    for (const row of rows) {
      for (const value of Object.values(row)) {
        assert.include(["number", "string", "boolean"], typeof value)
      }
    }
  })

/** A log of two losses beside the configuration at a path. */
const readBeside = (path: string) =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "nonconvex-"))),
    (folder) => {
      const log = join(folder, "losses.csv")
      writeFileSync(log, "step,loss\n0,2\n1,1\n")
      for (const name of ["config.yaml", "config.json"]) {
        writeFileSync(join(folder, name), readFileSync(path))
      }
      return read(log)
    },
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
  )

const configurations = [
  "optimizer:\n  desc: null\n  value: sgd\nmomentum:\n  value: 0.9\nbatch_size:\n  value: 32\n",
  '{"optimizer": {"_target_": "torch.optim.AdamW", "betas": [0.9, 0.99]}, "batch_size": 8}',
]

const ofText = (paths: ReadonlyArray<string>): ReadonlyArray<string> =>
  paths.map((path) => new TextDecoder().decode(contentOf(path)).slice(0, 4000))

const metric = "1700000000000 2.5 0\n1700000000001 nan 1\n1700000000002 0.5 2\n"

/** A database of two runs in pages as small as can be; MLflow's own has a page for each of its tables. */
const database = async (): Promise<Uint8Array> => {
  const { DatabaseSync } = await import("node:sqlite")
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  const path = join(folder, "mlflow.db")
  const opened = new DatabaseSync(path)
  opened.exec(
    `PRAGMA page_size = 512; CREATE TABLE runs (run_uuid TEXT, name TEXT, start_time INT); CREATE TABLE params (run_uuid TEXT, key TEXT, value TEXT); CREATE TABLE metrics (run_uuid TEXT, key TEXT, value REAL, step INT, is_nan INT, timestamp INT); INSERT INTO runs VALUES ('a', 'one', 1), ('b', 'two', 2); INSERT INTO params VALUES ('a', 'optimizer', 'Adam')`,
  )
  const insert = opened.prepare("INSERT INTO metrics VALUES (?, 'loss', ?, ?, ?, ?)")
  for (let k = 0; k < 40; k++)
    insert.run(k % 2 === 0 ? "a" : "b", 1 / (k + 1), k, k === 30 ? 1 : 0, k)
  opened.close()
  const content = readFileSync(path)
  rmSync(folder, { recursive: true })
  return content
}

export const readersOfLogs: ReadonlyArray<Reader> = [
  {
    name: "logs of TensorBoard",
    seeds: [firstIn("tensorboard/resumed"), firstIn("huggingface/events").subarray(0, 6000)],
    change: Changes.bytes,
    read,
  },
  {
    name: "logs of JSON as text",
    seeds: ofText([
      "histories/history.jsonl",
      "huggingface/averaged/checkpoint-60/trainer_state.json",
    ]),
    change: Changes.text,
    read,
  },
  {
    name: "logs of JSON as bytes",
    seeds: [contentOf("huggingface/averaged/checkpoint-60/trainer_state.json")],
    change: Changes.bytes,
    read,
  },
  {
    name: "logs of JSON as lines",
    seeds: [
      Array.from({ length: 12 }, (_, step) =>
        JSON.stringify({ step, train: { loss: 1 / (step + 1) }, lr: 0.1, grad_norm: step }),
      ).join("\n"),
    ],
    change: Changes.lines,
    read,
  },
  {
    name: "metrics of a program as lines",
    seeds: [
      Array.from({ length: 12 }, (_, step) =>
        JSON.stringify({ step, train: { loss: 1 / (step + 1) }, split: "a", best: step > 3 }),
      ).join("\n"),
    ],
    change: Changes.lines,
    read: readMetrics,
  },
  {
    name: "metrics of a program as a table",
    seeds: ["step,loss,split\n1,0.5,train\n2,nan,test\n3,,test\n"],
    change: Changes.text,
    read: readMetrics,
  },
  {
    name: "configurations beside a log",
    isOnDisk: true,
    seeds: configurations,
    change: Changes.text,
    read: readBeside,
  },
  { name: "numbers of MLflow", seeds: [metric], change: Changes.text, read },
  ...(isBuiltin("node:sqlite")
    ? [
        {
          name: "databases of MLflow",
          isOnDisk: true,
          seeds: [await database()],
          change: Changes.bytes,
          read,
        },
      ]
    : []),
]
