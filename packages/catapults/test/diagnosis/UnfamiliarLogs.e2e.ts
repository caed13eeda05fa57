/**
 * Trainings unlike those that the rules were made for: less may be known of them, but no cause is asserted that they did not have.
 * The rules were held against the seeds 21 and 22; the seed here is another.
 */
import { assert, beforeAll, describe, it } from "vitest"
import {
  calledOf,
  type ColumnSet,
  columnSets,
  type Labelled,
  labelled,
  logOf,
  wrongOf,
} from "../support/logs/Judge.ts"
import { unfamiliar } from "../support/logs/Unfamiliar.ts"
import { diagnoseLog } from "../../src/index.ts"

/** Held out of all choices. */
const seed = 501

const sets = Object.keys(columnSets) as ReadonlyArray<ColumnSet>

describe("unfamiliar logs", () => {
  let logs: ReadonlyArray<Labelled> = []

  beforeAll(() => {
    logs = unfamiliar(seed).map(labelled)
  }, 600_000)

  it("of full batches with flipped labels are mostly called data by rate and gradient norm, and no batch is blamed", () => {
    const full = logs.filter(
      ({ cause, scenario }) => cause === "data" && scenario.setting.batch === undefined,
    )
    const events = full.map((each) => diagnoseLog(logOf(each, "rate, gradient norm", true)).events)
    const found = events.flatMap((of) => of.filter(({ kind }) => kind === "data spike"))
    assert.strictEqual(full.length, 6)
    assert.isAtLeast(found.length, 4)
    for (const { action, advice } of found) {
      assert.strictEqual(action, "inspect the data")
      assert.match(advice, /^check for a change in samples, labels or loss at step \d+/)
    }
  })

  for (const isDescribed of [true, false]) {
    const described = isDescribed ? "that are described" : "of which nothing is said"

    it.each(sets)(`have no wrong cause in %s, of runs ${described}`, (set) => {
      const wrong = logs.flatMap((each) => wrongOf(logOf(each, set, isDescribed), each.cause))
      assert.deepStrictEqual(wrong, [])
    })

    it.each(sets)(`are silent in %s where nothing was done, of runs ${described}`, (set) => {
      const quiet = logs.filter(({ cause }) => cause === "quiet")
      assert.isAtLeast(quiet.length, 20)
      const called = quiet.map((each) => calledOf(logOf(each, set, isDescribed), "quiet"))
      assert.deepStrictEqual(new Set(called), new Set(["quiet"]))
    })
  }
})
