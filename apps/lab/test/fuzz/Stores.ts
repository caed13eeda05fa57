/** The reader of a store that somebody else made: a database of SQLite. */
import { assert } from "@effect/vitest"
import * as KeptRuns from "@nonconvex/store/KeptRuns"
import { Runs } from "@nonconvex/store/Runs"
import { Effect } from "effect"
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

/** One, where this Node has SQLite. */
export const readersOfStores: ReadonlyArray<Reader> = isBuiltin("node:sqlite")
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
          }).pipe(Effect.provide(open(path, true))),
      },
    ]
  : []
