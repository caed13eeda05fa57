/** Ledgers to spend from, in a folder of their own. */
import { NodeServices } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { Effect, type FileSystem, Layer, type Path } from "effect"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  GridPlan,
  Ledger,
  type LedgerStorage,
  Mechanism,
  type Neighbours,
  Public,
} from "../../src/index.ts"
import * as LedgerFile from "../../src/node/LedgerFile.ts"

const bound = Public.bound(1)

export const budget = { epsilon: 1, delta: 1e-6 }

export const planned = (epsilon: number, neighbours: Neighbours = "replace") =>
  GridPlan.make(Mechanism.isotropic({ epsilon, delta: 1e-6, neighbours, bound }), 3)

export const account = (): Ledger.Account => ({
  path: join(mkdtempSync(join(tmpdir(), "ledger-")), "ledger"),
  dataset: "people",
})

/** Ledgers on a disk of their own, also within a program that has another. */
export const on = (files: Layer.Layer<FileSystem.FileSystem | Path.Path>) =>
  Layer.provide(Layer.fresh(LedgerFile.layer), files)

export const made = Effect.gen(function* () {
  const fresh = account()
  yield* Ledger.create(fresh, { neighbours: "replace", budget })
  return fresh
})

/** A test on the disk. */
export const live = (name: string, test: () => Effect.Effect<void, unknown, LedgerStorage>) =>
  it.live(name, () => Effect.provide(Effect.suspend(test), on(NodeServices.layer)))
