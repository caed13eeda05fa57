/**
 * The callbacks of examples/python in trainings of known faults: with what they log each cause is measured, and the training is as without.
 * Needs Python with torch, and for the other two transformers and lightning: that of tools/peers, or the one in NONCONVEX_PYTHON.
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { diagnoseLog } from "@nonconvex/catapults"
import { Effect, Schema } from "effect"
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { findRuns, readRun } from "@nonconvex/interchange"
import { temporary } from "./support/Folders.ts"

const root = join(import.meta.dirname, "../../..")
const examples = join(root, "examples/python")
const python = process.env["NONCONVEX_PYTHON"] ?? join(root, "tools/peers/.venv/bin/python")

const finds =
  "import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))"
const has = (...modules: ReadonlyArray<string>): boolean =>
  existsSync(python) && spawnSync(python, ["-c", finds, ...modules]).status === 0

/** A test that needs these modules; its name says so where it is skipped. */
const needing = (modules: ReadonlyArray<string>, name: string): readonly [string, boolean] =>
  has(...modules)
    ? [name, true]
    : [`${name} (skipped: no Python with ${modules.join(", ")})`, false]

/** Trains with the callback for this library; what it printed. */
const trained = (library: string, folder: string): string =>
  execFileSync(
    python,
    [join(import.meta.dirname, "fixtures/spikes.py"), examples, library, folder],
    { encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "ignore"] },
  )

/** What was done to a training that has such an event; whether it came back is another question. */
const causes: Readonly<Record<string, string>> = {
  catapult: "rate",
  divergence: "rate",
  instability: "rate",
  "data spike": "batch",
  "numeric failure": "nan",
}

/** The causes that a log of all columns is found to have. */
const eventsOf = (path: string) =>
  Effect.gen(function* () {
    const { runs } = yield* findRuns(path)
    const { columns, facts, numbers } = yield* readRun(runs[0]!, {
      names: {},
      spelling: {},
    })
    const named = columns.map(({ key }) => key).toSorted()
    assert.deepStrictEqual(named, ["control", "gradientNorm", "loss", "rate", "sharpness", "step"])
    return diagnoseLog({ ...numbers, ...facts.run }).events.map(
      ({ confidence, kind }) => [causes[kind], confidence] as const,
    )
  }).pipe(Effect.provide(NodeServices.layer))

const Printed = Schema.Struct({
  with: Schema.Array(Schema.Number),
  without: Schema.Array(Schema.Number),
  sharpness: Schema.Number,
  top: Schema.Number,
  least: Schema.Number,
})

describe("the callbacks in Python", () => {
  it("have at most 40 lines each", () => {
    for (const name of ["spike_log", "spike_log_lightning", "spike_log_huggingface"]) {
      const lines = readFileSync(join(examples, `${name}.py`), "utf8")
        .trimEnd()
        .split("\n")
      assert.isAtMost(lines.length, 40, name)
    }
  })

  const [pytorch, hasTorch] = needing(["torch"], "measure in PyTorch a rate, a batch and NaN")
  it.live.runIf(hasTorch)(pytorch, () =>
    Effect.gen(function* () {
      const folder = temporary()
      const printed = Schema.decodeUnknownSync(Schema.fromJsonString(Printed))(
        trained("pytorch", folder),
      )
      for (const cause of ["rate", "batch", "nan"]) {
        const found = yield* eventsOf(join(folder, `${cause}.csv`))
        assert.deepStrictEqual(found, [[cause, "measured"]])
      }
      // bit for bit: no random number, gradient or statistic is another
      assert.deepStrictEqual(printed.with, printed.without)
      assert.isAbove(printed.top, -printed.least)
      assert.closeTo(printed.sharpness / printed.top, 1, 0.02)
    }),
  )

  const [lightning, hasLightning] = needing(["torch", "lightning"], "measure a rate in Lightning")
  it.live.runIf(hasLightning)(lightning, () =>
    Effect.gen(function* () {
      const folder = temporary()
      trained("lightning", folder)
      assert.deepStrictEqual(yield* eventsOf(join(folder, "rate.csv")), [["rate", "measured"]])
    }),
  )

  const [trainer, hasTrainer] = needing(
    ["torch", "transformers", "accelerate"],
    "measure a batch in the Trainer of Hugging Face, which logs means otherwise",
  )
  it.live.runIf(hasTrainer)(trainer, () =>
    Effect.gen(function* () {
      const folder = temporary()
      trained("huggingface", folder)
      assert.deepStrictEqual(yield* eventsOf(join(folder, "batch.csv")), [["batch", "measured"]])
    }),
  )
})
