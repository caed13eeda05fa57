// A process that stands still at any of its calls, for however long, and processes that are stopped and killed: no spend is lost or doubled.
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { readdirSync } from "node:fs"
import * as Ledger from "../../src/ledger/Ledger.ts"
import { type LedgerStorage } from "../../src/index.ts"
import { freezing, isCommit } from "../support/FrozenFiles.ts"
import { account, live, made, on, planned } from "../support/Ledgers.ts"
import { killing } from "../support/Spenders.ts"

/** Calls of the file system of something that nobody disturbs. */
const callsOf = (effect: Effect.Effect<unknown, unknown, LedgerStorage>) => {
  let calls = 0
  const counting = freezing(({ index }) => {
    calls = index + 1
    return false
  }, Effect.void)
  return Effect.as(Effect.provide(effect, on(counting)), () => calls)
}

describe("a ledger on the disk", () => {
  live("gives a number to who takes it first, and the next one to who slept meanwhile", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      const spending = Ledger.spend(ledger, planned(0.2), "the same")
      const rival = Effect.map(spending, ({ receipt }) => assert.strictEqual(receipt?.entry, 1))
      const files = freezing(isCommit, Effect.provide(rival, on(NodeServices.layer)))
      const slept = yield* Effect.provide(spending, on(files))
      assert.strictEqual(slept.receipt?.entry, 2)
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 2)
      assert.deepStrictEqual(readdirSync(`${ledger.path}.entries`).toSorted(), ["0", "1", "2"])
    }),
  )

  live("loses no spend to a process that stands still at any of its calls", () =>
    Effect.gen(function* () {
      const counted = yield* callsOf(Ledger.spend(yield* made, planned(0.1), "x"))
      const calls = counted()
      assert.isAtLeast(calls, 20)
      for (let at = 0; at < calls; at++) {
        const ledger = yield* made
        const granted: Array<number> = []
        const spending = Effect.map(Ledger.spend(ledger, planned(0.1), "the same"), (permit) =>
          granted.push(permit.receipt!.entry),
        )
        const rival = Effect.andThen(spending, spending).pipe(
          Effect.provide(on(NodeServices.layer)),
        )
        const files = freezing(({ index }) => index === at, rival)
        yield* Effect.provide(spending, on(files))
        assert.deepStrictEqual(
          granted.toSorted((a, b) => a - b),
          [1, 2, 3],
          `call ${at}`,
        )
        assert.lengthOf((yield* Ledger.status(ledger)).entries, 3, `call ${at}`)
        assert.lengthOf(readdirSync(`${ledger.path}.entries`), 4, `call ${at}`)
      }
    }),
  )

  live("begins one ledger of two that are begun at once, whichever stands still", () =>
    Effect.gen(function* () {
      const creating = (ledger: Ledger.Account, epsilon: number) =>
        Ledger.create(ledger, { neighbours: "replace", budget: { epsilon, delta: 1e-6 } })
      const calls = (yield* callsOf(creating(account(), 1)))()
      for (let at = 0; at < calls; at++) {
        const ledger = account()
        const rival = creating(ledger, 2).pipe(
          Effect.catchTag("LedgerExists", () => Effect.void),
          Effect.andThen(Ledger.spend(ledger, planned(0.1), "x")),
          Effect.provide(on(NodeServices.layer)),
        )
        const files = freezing(({ index }) => index === at, rival)
        const slept = yield* Effect.exit(Effect.provide(creating(ledger, 1), on(files)))
        const { budget: begun, entries } = yield* Ledger.status(ledger)
        assert.strictEqual(begun.epsilon, Exit.isSuccess(slept) ? 1 : 2, `call ${at}`)
        assert.lengthOf(entries, 1, `call ${at}`)
      }
    }),
  )

  it.skipIf(process.platform === "win32")(
    "keeps what processes have spent that are stopped, continued and killed at any moment",
    async () => {
      const { entries, faults, granted, kills, stops } = await killing({ kills: 3, seed: 1 })
      assert.deepStrictEqual(faults, [])
      assert.strictEqual(kills, 3)
      assert.isAtLeast(stops, 3)
      assert.isAtLeast(granted, 3)
      assert.isAtLeast(entries, granted)
    },
    300_000,
  )
})
