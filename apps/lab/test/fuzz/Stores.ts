/** Readers of ledgers, and of a store that somebody else made: a SQLite database. */
import { assert } from "@effect/vitest"
import { inspectLedger } from "@nonconvex/dp-lowrank/node"
import * as KeptRuns from "@nonconvex/store/KeptRuns"
import { Runs } from "@nonconvex/store/Runs"
import { Effect, References } from "effect"
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { isBuiltin } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { keptRun, provenance } from "../support/Kept.ts"
import * as Changes from "./Changes.ts"
import { isWhole, type Reader } from "./Reader.ts"

const open = (file: string, readOnly: boolean) =>
  KeptRuns.layerFile(
    { file, readOnly },
    {
      capabilities: { kernels: "strict" },
      code: () => Effect.succeed("c0de"),
      provenance: Effect.succeed(provenance),
    },
  )

const run = keptRun({ subject: "toy/dice", config: { rolls: 3 } })

const made = Effect.scoped(
  Effect.gen(function* () {
    const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
    yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
    const file = join(folder, "runs.sqlite")
    const parts = new Map([
      [0, { _tag: "Rows" as const, seconds: 1, rows: [{ n: 0.5, name: "a", done: true }] }],
    ])
    yield* Effect.provide(
      Effect.flatMap(Runs, (runs) => runs.insert(run, parts)),
      open(file, false),
    )
    return readFileSync(file)
  }),
)

/** A line of a ledger with the hash of its fields, as anybody can write one. */
const sealed = <Fields extends object>(fields: Fields) => ({
  ...fields,
  hash: createHash("sha256").update(JSON.stringify(fields)).digest("hex"),
})
const opening = sealed({
  ledger: "nonconvex/1",
  dataset: "patients",
  neighbours: "replace",
  epsilon: 1,
  delta: 1e-6,
})
const spend = sealed({
  entry: 1,
  purpose: "a release",
  mechanism: "isotropic",
  epsilon: 0.5,
  delta: 5e-7,
  mu: 0.1,
  excess: 0,
  previous: opening.hash,
})

const ledgers: Reader = {
  name: "LedgerRecovery.inspect",
  isOnDisk: true,
  seeds: [`${[opening, spend].map((line) => JSON.stringify(line)).join("\n")}\n`],
  change: Changes.lines,
  read: (path) => inspectLedger(path),
}

const stores: ReadonlyArray<Reader> = isBuiltin("node:sqlite")
  ? [
      {
        name: "store",
        isOnDisk: true,
        seeds: [await Effect.runPromise(made)],
        change: Changes.bytes,
        read: (path) =>
          Effect.gen(function* () {
            const runs = yield* Runs
            for (const { id, parts } of yield* runs.list()) {
              assert.isTrue(isWhole(parts))
              yield* runs.rowsOf(id)
            }
            yield* runs.sweeps
            yield* runs.differences()
          }).pipe(
            Effect.provide(open(path, true)),
            // it says of each damaged part that it is left out
            Effect.provideService(References.MinimumLogLevel, "None"),
          ),
      },
    ]
  : []

/** Of ledgers, and of stores where this Node has SQLite. */
export const readersOfStores: ReadonlyArray<Reader> = [ledgers, ...stores]
