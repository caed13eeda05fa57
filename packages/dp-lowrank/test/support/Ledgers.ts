/** Ledgers to spend from, in a folder of their own. */
import { NodeServices } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { Effect, type FileSystem, Layer, type Path } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
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

/** An account in a folder of its own, which its caller removes. */
export const unopened = (): Ledger.Account => ({
  path: join(mkdtempSync(join(tmpdir(), "ledger-")), "ledger"),
  dataset: "people",
})

/** An account in a folder that is removed when the test ends. */
export const account = (): Ledger.Account => {
  const fresh = unopened()
  onTestFinished(() => rmSync(dirname(fresh.path), { recursive: true }))
  return fresh
}

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
