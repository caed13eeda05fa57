/** Releases without a delta in a ledger: beside Gaussian ones, and in ledgers from before they existed. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { copyFileSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { it } from "vitest"
import { GaussianPrivacy } from "../../src/index.ts"
import * as Ledger from "../../src/ledger/Ledger.ts"
import * as LedgerRecord from "../../src/ledger/LedgerRecord.ts"
import type { Neighbours } from "../../src/privacy/Target.ts"
import { account, live, planned } from "../support/Ledgers.ts"

const pure = (epsilon: number, neighbours: Neighbours = "replace") => ({
  mechanism: { name: "discrete-laplace" },
  privacy: { kind: "pure", epsilon, neighbours, rowsPerPerson: 1 } as const,
})

const charged = (plan: LedgerRecord.Priced, at: Ledger.Account, purpose = "x") =>
  Ledger.charge(plan, { account: at, purpose })

/** A ledger that version 0.2.0 wrote, before a spend had a kind: two releases and a count from a budget of (3, 1e-6). */
const kept = fileURLToPath(new URL("../golden/before-pure.ledger", import.meta.url))

describe("a ledger without a delta", () => {
  const budget = { epsilon: 0.3, delta: 0 }

  live("adds decimals exactly, and pays for no Gaussian release", () =>
    Effect.gen(function* () {
      const at = account()
      yield* Ledger.create(at, { neighbours: "replace", budget })
      yield* charged(pure(0.1), at)
      // the sum of the float64 values is above 0.3
      const { entry, spentEpsilon } = yield* charged(pure(0.2), at)
      assert.deepStrictEqual([entry, spentEpsilon], [2, 0.3])
      const more = yield* Effect.flip(charged(pure(1e-9), at))
      assert.match(more.message, /epsilon 0.3 at delta 0, 0.3 is spent/)
      const gaussian = yield* Effect.flip(charged(planned(0.01), at))
      assert.match(gaussian.message, /a budget without a delta pays for no Gaussian noise/)
      const other = yield* Effect.flip(charged(pure(0.1, "add-remove"), at))
      assert.strictEqual(other._tag, "LedgerOfOther")
      const { entries } = yield* Ledger.status(at)
      assert.deepStrictEqual(
        entries.map((line) => ("kind" in line ? [line.kind, line.epsilon] : [])),
        [
          ["pure", 0.1],
          ["pure", 0.2],
        ],
      )
    }),
  )
})

describe("a ledger with a delta", () => {
  live("adds pure epsilons to that of the Gaussian releases together", () =>
    Effect.gen(function* () {
      const at = account()
      yield* Ledger.create(at, { neighbours: "replace", budget: { epsilon: 1.3, delta: 1e-6 } })
      yield* charged(pure(0.1), at)
      yield* charged(planned(1), at)
      const { spentEpsilon } = yield* charged(pure(0.2), at)
      assert.closeTo(spentEpsilon, 1.3, 1e-8)
      assert.strictEqual((yield* Effect.flip(charged(pure(1e-6), at)))._tag, "BudgetExceeded")
    }),
  )
})

describe("a ledger from before pure spends", () => {
  live("opens with its spends, and takes pure ones", () =>
    Effect.gen(function* () {
      const at = { ...account(), dataset: "diabetes.csv" }
      copyFileSync(kept, at.path)
      const { entries, neighbours, spentEpsilon } = yield* Ledger.status(at)
      assert.strictEqual(neighbours, "add-remove")
      assert.deepStrictEqual(
        entries.map(({ mechanism }) => mechanism),
        ["isotropic", "upper-triangle"],
      )
      // as that version counted
      assert.closeTo(spentEpsilon, 1.1465205497910926, 1e-12)
      const paid = yield* charged(pure(0.5, "add-remove"), at)
      assert.closeTo(paid.spentEpsilon, spentEpsilon + 0.5, 1e-9)
      const written = readFileSync(at.path, "utf8")
      assert.isTrue(written.startsWith(readFileSync(kept, "utf8")))
      assert.match(written, /^\{"entry":3,"kind":"pure","purpose":"x",.*"epsilon":0.5,/m)
      const more = yield* Effect.flip(charged(pure(2, "add-remove"), at))
      assert.strictEqual(more._tag, "BudgetExceeded")
    }),
  )
})

describe("spends together", () => {
  const drawn = fc.record({
    pure: fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 6 }),
    mus: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }),
  })
  const spendsOf = ({ mus, pure: parts }: { mus: Array<number>; pure: Array<number> }) => [
    ...parts.map((part) => ({ kind: "pure", epsilon: part / 1000 }) as const),
    ...mus.map((mu) => ({ mu: mu / 100, excess: 1e-14 })),
  ]

  it("fit into the epsilon that they spend, and into none below it", () => {
    fc.assert(
      fc.property(drawn, (parts) => {
        const spends = spendsOf(parts)
        const delta = 1e-6
        const epsilon = LedgerRecord.spentEpsilon(spends, { epsilon: 1, delta })
        if (epsilon === 0) return
        assert.isTrue(LedgerRecord.fits(spends, { epsilon: epsilon * (1 + 1e-9), delta }))
        assert.isFalse(LedgerRecord.fits(spends, { epsilon: epsilon * (1 - 1e-6), delta }))
        const sum = parts.pure.reduce((all, part) => all + part, 0) / 1000
        const mu = GaussianPrivacy.compose(parts.mus.map((each) => each / 100))
        const alone = mu === 0 ? 0 : GaussianPrivacy.epsilon(mu, delta)
        assert.closeTo(epsilon, sum + alone, 1e-9)
      }),
    )
  })
})
