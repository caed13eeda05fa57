// The service: the spend is on the disk before a word of noise is drawn.
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DpLowrank } from "../../src/evidence/index.ts"
import { Entropy, GridPlan, Ledger, Mechanism, PrivateScatter, Public } from "../../src/index.ts"
import { layer, LedgerFile } from "../../src/node/index.ts"
import { seeded } from "../support/Unsafe.ts"

const bound = Public.bound(1)
const budget = { epsilon: 1, delta: 1e-6 }
const mechanism = Mechanism.isotropic({ ...budget, neighbours: "replace", bound })

const made = Effect.gen(function* () {
  const account = { path: join(mkdtempSync(join(tmpdir(), "release-")), "ledger"), dataset: "d" }
  yield* Ledger.create(account, { neighbours: "replace", budget })
  return account
})

const plan = GridPlan.make(mechanism, 2)

const withSource = (source: Entropy.Source) =>
  Layer.fresh(DpLowrank.layer).pipe(
    Layer.provide(Layer.succeed(Entropy.Entropy, source)),
    Layer.provide(LedgerFile.layer),
    Layer.provide(NodeServices.layer),
  )

describe("DpLowrank", () => {
  it.live("records the spend before it draws", () =>
    Effect.gen(function* () {
      const account = yield* made
      const seen: Array<string> = []
      const inner = seeded(1)
      const watching = Entropy.unsafe("a watched seed", (words) => {
        seen.push(readFileSync(account.path, "utf8"))
        inner.fill(words)
      })
      const scatter = PrivateScatter.make({ dimension: 2, bound })
      const noisy = yield* Effect.flatMap(DpLowrank, ({ release }) =>
        release(scatter, { plan, account, purpose: "a test" }),
      ).pipe(Effect.provide(withSource(watching)))
      assert.strictEqual(noisy.receipt?.entry, 1)
      assert.isAbove(seen.length, 0)
      assert.match(seen[0]!, /"purpose":"a test"/)
    }).pipe(Effect.provide(Layer.provideMerge(LedgerFile.layer, NodeServices.layer))),
  )

  it.live(
    "draws nothing where the budget is spent, and spends nothing where the plan does not fit",
    () =>
      Effect.gen(function* () {
        const account = yield* made
        const silent = Entropy.unsafe("nothing", () => {
          throw new Error("noise was drawn")
        })
        const { release } = yield* DpLowrank.pipe(Effect.provide(withSource(silent)))
        const other = PrivateScatter.make({ dimension: 2, bound: Public.bound(2) })
        const misfit = yield* Effect.flip(release(other, { plan, account, purpose: "x" }))
        assert.strictEqual(misfit._tag, "InvalidInput")
        assert.lengthOf((yield* Ledger.status(account)).entries, 0)
        const { release: real } = yield* DpLowrank.pipe(
          Effect.provide(Layer.provide(DpLowrank.layer, layer)),
        )
        const scatter = PrivateScatter.make({ dimension: 2, bound })
        const first = yield* real(scatter, { plan, account, purpose: "x" })
        assert.strictEqual(first.unsafeSource, undefined)
        const spent = yield* Effect.flip(release(scatter, { plan, account, purpose: "x" }))
        assert.strictEqual(spent._tag, "BudgetExceeded")
      }).pipe(Effect.provide(Layer.provideMerge(LedgerFile.layer, NodeServices.layer))),
  )
})
