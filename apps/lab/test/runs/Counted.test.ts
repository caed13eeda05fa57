/** Regressions are no evidence: lists of runs and sweeps count them apart. */
import { assert, describe, it } from "@effect/vitest"
import { Expectation } from "@nonconvex/evidence"
import { Effect } from "effect"
import * as Listing from "../../src/evidence/runs/Listing.ts"
import * as Trial from "../../src/evidence/sweep/Trial.ts"
import { keptRun } from "../support/Kept.ts"

const known = { control: "twice the limit", observed: 4 }
const kept = Expectation.atMost("kept", 1, 2, known)
const missed = Expectation.atMost("missed", 3, 2, known)
const toothless = Expectation.atMost("toothless", 1, 2, { control: "half of it", observed: 1 })
const [same, other] = [1, 3].map((value) =>
  Expectation.atMost("as before", value, 2, Expectation.regression),
)

describe("Listing.standing", () => {
  it("tells expectations that fail, toothless ones among them, from regressions that do", () => {
    const standing = (...expectations: ReadonlyArray<Expectation.Expectation>) =>
      Listing.standing(
        keptRun({ subject: "toy/dice" }, { outcome: { _tag: "Shown", expectations, data: [] } }),
      )
    assert.strictEqual(standing(kept, same!), "done")
    assert.strictEqual(standing(kept, missed, toothless, same!), "2 of 3 expectations FAIL")
    assert.strictEqual(standing(kept, same!, other!), "1 of 2 regressions FAIL")
    assert.strictEqual(standing(missed, other!), "1 of 1 expectation FAIL, 1 of 1 regression FAIL")
  })
})

describe("Trial.measure", () => {
  it.effect("counts regressions apart, and names none where there are none", () =>
    Effect.gen(function* () {
      const measure = (...expectations: ReadonlyArray<Expectation.Expectation>) =>
        Trial.measure(undefined, {
          id: "toy/dice",
          title: "Dice",
          question: "Why?",
          source: { paper: "none", statement: "none", basis: "derived here" },
          seed: 1,
          config: {},
          rows: [],
          figures: [],
          expectations,
          seconds: 1,
        })
      assert.deepStrictEqual(yield* measure(kept, missed, toothless, same!, other!), {
        expectations: { held: 1, of: 3 },
        regressions: { held: 1, of: 2 },
      })
      assert.deepStrictEqual(yield* measure(kept), { expectations: { held: 1, of: 1 } })
    }),
  )
})
