// The ledger against a model, with crashes at every change of the disk, and with everything that can be wrong with its file.
import { InvalidInput } from "@nonconvex/numerics"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import * as fc from "fast-check"
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { GaussianPrivacy, Ledger, type LedgerError, LedgerStorage } from "../../src/index.ts"
import { logDelta } from "../../src/privacy/GaussianTail.ts"
import { type Crash, crashing } from "../support/CrashingFiles.ts"
import { account, budget, live, made, on, planned } from "../support/Ledgers.ts"

const plans = [1, 0.6, 0.4, 0.2].map((epsilon) => planned(epsilon))

const never: Crash = { after: undefined, torn: false }

const exit = <A, E>(effect: Effect.Effect<A, E, LedgerStorage>, crash = never) =>
  Effect.runPromiseExit(Effect.provide(effect, on(crashing(crash))))

const failing = <A, E extends LedgerError | InvalidInput>(
  effect: Effect.Effect<A, E, LedgerStorage>,
) => Effect.flip(effect)

describe("Ledger", () => {
  it("never forgets a spend and never overspends, wherever the machine stops", async () => {
    const step = fc.record({
      plan: fc.integer({ min: 0, max: plans.length - 1 }),
      after: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
      torn: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        step,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (first, steps) => {
          const ledger = account()
          const creation = Ledger.create(ledger, { neighbours: "replace", budget })
          if (Exit.isFailure(await exit(creation, first))) {
            const again = await exit(creation)
            if (Exit.isFailure(again)) assert.match(JSON.stringify(again), /LedgerExists/)
          }
          const granted: Array<number> = []
          for (const { plan, ...crash } of steps) {
            const before = await exit(Ledger.status(ledger))
            assert.isTrue(Exit.isSuccess(before))
            const spent = await exit(Ledger.spend(ledger, plans[plan]!, "test"), crash)
            if (Exit.isSuccess(spent)) granted.push(spent.value.receipt!.entry)
          }
          const after = await exit(Ledger.status(ledger))
          if (Exit.isFailure(after)) throw new Error(`unreadable: ${JSON.stringify(after.cause)}`)
          const { entries, spentEpsilon } = after.value
          assert.deepStrictEqual(
            entries.map(({ entry }) => entry),
            entries.map((_, i) => i + 1),
          )
          assert.isTrue(granted.every((entry) => entry <= entries.length))
          assert.strictEqual(new Set(granted).size, granted.length)
          assert.isAtMost(spentEpsilon, budget.epsilon * (1 + 1e-9))
          const total = GaussianPrivacy.compose(entries.map(({ mu }) => mu))
          assert.isAtMost(logDelta(total, budget.epsilon), Math.log(budget.delta))
          rmSync(join(ledger.path, ".."), { recursive: true })
        },
      ),
      { numRuns: 40, seed: 7 },
    )
  }, 30_000)

  live("spends a budget whole, exactly once", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      assert.strictEqual((yield* Ledger.status(ledger)).spentEpsilon, 0)
      assert.strictEqual((yield* Ledger.spend(ledger, planned(1), "all of it")).receipt?.entry, 1)
      const { entries, neighbours, spentEpsilon } = yield* Ledger.status(ledger)
      assert.strictEqual(neighbours, "replace")
      assert.closeTo(spentEpsilon, 1, 1e-9)
      assert.strictEqual(entries[0]!.purpose, "all of it")
      const error = yield* failing(Ledger.spend(ledger, planned(0.1), "more"))
      assert.strictEqual(error._tag, "BudgetExceeded")
      assert.match(
        error.message,
        /epsilon 1 at delta 0.000001, 1 is spent, and this release would make it 1.00\d/,
      )
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 1)
    }),
  )

  live("adds up as Gaussians do: two releases of half the mu^2 make one", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      // 0.68 at delta 1e-6 has about half of the mu^2 of 1
      yield* Ledger.spend(ledger, planned(0.68), "first")
      yield* Ledger.spend(ledger, planned(0.68), "second")
      const { entries, spentEpsilon } = yield* Ledger.status(ledger)
      const mu = Math.SQRT2 * entries[0]!.mu
      assert.closeTo(spentEpsilon, GaussianPrivacy.epsilon(mu, 1e-6), 1e-8)
      assert.isBelow(spentEpsilon, 1)
    }),
  )

  live("is missing, or there already", () =>
    Effect.gen(function* () {
      const missing = yield* failing(Ledger.spend(account(), planned(1), "x"))
      assert.strictEqual(missing._tag, "LedgerMissing")
      const ledger = yield* made
      const twice = yield* failing(Ledger.create(ledger, { neighbours: "replace", budget }))
      assert.strictEqual(twice._tag, "LedgerExists")
      rmSync(ledger.path)
      const gone = yield* failing(Ledger.status(ledger))
      assert.strictEqual(gone._tag, "LedgerDamaged")
      yield* Ledger.create(ledger, { neighbours: "replace", budget })
      yield* Ledger.spend(ledger, planned(0.5), "x")
      rmSync(ledger.path)
      const recreated = yield* failing(Ledger.create(ledger, { neighbours: "replace", budget }))
      assert.strictEqual(recreated._tag, "LedgerDamaged")
    }),
  )

  live("is held by another process", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      mkdirSync(`${ledger.path}.lock`)
      const error = yield* failing(Ledger.spend(ledger, planned(1), "x"))
      assert.strictEqual(error._tag, "LedgerLocked")
      rmdirSync(`${ledger.path}.lock`)
      assert.strictEqual((yield* Ledger.spend(ledger, planned(1), "x")).receipt?.entry, 1)
    }),
  )

  live("was cut short, or changed", () =>
    Effect.gen(function* () {
      const damage: ReadonlyArray<readonly [string, (path: string) => void]> = [
        [
          "fewer lines",
          (path) => writeFileSync(path, `${readFileSync(path, "utf8").split("\n")[0]}\n`),
        ],
        ["half a file", (path) => truncateSync(path, 40)],
        ["nothing left", (path) => truncateSync(path, 0)],
        [
          "a smaller spend",
          (path) => writeFileSync(path, readFileSync(path, "utf8").replace('"mu":0.', '"mu":0.0')),
        ],
        [
          "a larger budget",
          (path) =>
            writeFileSync(path, readFileSync(path, "utf8").replace('"epsilon":1', '"epsilon":9')),
        ],
        ["a line too many", (path) => appendFileSync(path, "{}\n")],
        ["bytes after the end", (path) => appendFileSync(path, "{")],
        ["no head", (path) => rmSync(`${path}.head`)],
        ["a head that is none", (path) => writeFileSync(`${path}.head`, "?")],
      ]
      for (const [name, change] of damage) {
        const ledger = yield* made
        yield* Ledger.spend(ledger, planned(0.2), "x")
        yield* Ledger.spend(ledger, planned(0.2), "y")
        change(ledger.path)
        const error = yield* failing(Ledger.spend(ledger, planned(0.1), "z"))
        assert.strictEqual(error._tag, "LedgerDamaged", name)
        assert.match(error.message, /restore the ledger and its head from a copy that no release/)
        const recreated = yield* failing(Ledger.create(ledger, { neighbours: "replace", budget }))
        assert.strictEqual(recreated._tag, "LedgerDamaged", `create after ${name}`)
      }
    }),
  )

  live("is never begun over a file of somebody, or with a budget that is none", () =>
    Effect.gen(function* () {
      const taken = account()
      writeFileSync(taken.path, "one line without an end")
      const error = yield* failing(Ledger.create(taken, { neighbours: "replace", budget }))
      assert.strictEqual(error._tag, "LedgerDamaged")
      assert.strictEqual(readFileSync(taken.path, "utf8"), "one line without an end")
      const impossible = yield* failing(
        Ledger.create(account(), { neighbours: "replace", budget: { epsilon: 1, delta: 1e-310 } }),
      )
      assert.instanceOf(impossible, InvalidInput)
    }),
  )

  live("is checked before anything is written, as a release would find it", () =>
    Effect.gen(function* () {
      const none = account()
      assert.strictEqual((yield* failing(Ledger.check(none, planned(1))))._tag, "LedgerMissing")
      yield* Ledger.check(none, planned(1), budget)
      assert.isFalse(existsSync(none.path))
      const ledger = yield* made
      yield* Ledger.check(ledger, planned(1))
      const twice = yield* failing(Ledger.check(ledger, planned(1), budget))
      assert.strictEqual(twice._tag, "LedgerExists")
      const other = yield* failing(Ledger.check({ ...ledger, dataset: "other" }, planned(1)))
      assert.strictEqual(other._tag, "LedgerOfOther")
      const hidden = yield* failing(Ledger.check(ledger, planned(1, "add-remove")))
      assert.strictEqual(hidden._tag, "LedgerOfOther")
      yield* Ledger.spend(ledger, planned(1), "all")
      const full = yield* failing(Ledger.check(ledger, planned(0.2)))
      assert.strictEqual(full._tag, "BudgetExceeded")
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 1)
    }),
  )

  live("refuses what is more than all of a small budget, which has no room for the grid", () =>
    Effect.gen(function* () {
      const small = account()
      const tiny = { epsilon: 1e-15, delta: 1e-300 }
      yield* Ledger.create(small, { neighbours: "replace", budget: tiny })
      const error = yield* failing(Ledger.spend(small, planned(0.2), "x"))
      assert.strictEqual(error._tag, "BudgetExceeded")
      const room = yield* failing(Ledger.check(small, planned(0.2), tiny))
      assert.strictEqual(room.message, error.message)
      yield* Ledger.check(account(), planned(0.2), budget)
    }),
  )

  describe.each([
    ["on the disk", () => on(NodeServices.layer)],
    ["in memory", () => LedgerStorage.layerMemory],
  ] as const)("kept %s", (_, storage) => {
    it.live("takes one spend after the other of many at once, and no more than its budget", () =>
      Effect.gen(function* () {
        const ledger = yield* made
        const spending = Ledger.spend(ledger, planned(0.3), "one of many").pipe(
          Effect.retry({ while: ({ _tag }) => _tag === "LedgerLocked" }),
          Effect.map(({ receipt }) => receipt!.entry),
          Effect.catchTag("BudgetExceeded", () => Effect.succeed(0)),
        )
        const granted = yield* Effect.all(
          Array.from({ length: 16 }, () => spending),
          { concurrency: "unbounded" },
        )
        const { entries, spentEpsilon } = yield* Ledger.status(ledger)
        const paid = granted.filter((entry) => entry > 0).toSorted((a, b) => a - b)
        assert.deepStrictEqual(
          paid,
          entries.map(({ entry }) => entry),
        )
        assert.lengthOf(entries, 9)
        assert.isAtMost(spentEpsilon, 1)
        const twice = yield* failing(Ledger.create(ledger, { neighbours: "replace", budget }))
        assert.strictEqual(twice._tag, "LedgerExists")
        const missing = yield* failing(Ledger.status(account()))
        assert.strictEqual(missing._tag, "LedgerMissing")
      }).pipe(Effect.provide(storage())),
    )
  })

  live("gives a receipt: what is spent with this release, of which budget", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      yield* Ledger.spend(ledger, planned(0.2), "x")
      const { receipt } = yield* Ledger.spend(ledger, planned(0.4), "y")
      const { spentEpsilon } = yield* Ledger.status(ledger)
      assert.deepStrictEqual(receipt, { entry: 2, budget, spentEpsilon })
    }),
  )

  live("belongs to other data, or to another relation", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      const data = yield* failing(Ledger.spend({ ...ledger, dataset: "others" }, planned(1), "x"))
      assert.strictEqual(data._tag, "LedgerOfOther")
      assert.match(data.message, /for the data set "people", not "others"/)
      const relation = yield* failing(Ledger.spend(ledger, planned(1, "add-remove"), "x"))
      assert.match(relation.message, /for the neighbours "replace", not "add-remove"/)
    }),
  )

  live("cannot be written where there is no folder", () =>
    Effect.gen(function* () {
      const error = yield* failing(
        Ledger.create(
          { path: "/proc/nowhere/ledger", dataset: "x" },
          { neighbours: "replace", budget },
        ),
      )
      assert.strictEqual(error._tag, "LedgerUnusable")
    }),
  )
})
