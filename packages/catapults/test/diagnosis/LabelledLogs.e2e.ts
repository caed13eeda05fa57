/**
 * Trainings of known cause, explained from the columns that a log may have. The thresholds were chosen on the seeds 1 to 3 and 11 to
 * 14; the seed here is another, and what it says is in the README of the lab.
 */
import { assert, beforeAll, describe, it } from "vitest"
import {
  type ColumnSet,
  columnSets,
  confusionOf,
  keptAs,
  type Labelled,
  labelled,
  logOf,
  rightOf,
  wrongOf,
} from "../support/logs/Judge.ts"
import { scenarios } from "../support/logs/Scenarios.ts"
import { diagnoseLog } from "../../src/index.ts"

/** Held out of all choices. */
const seed = 401

const sets = Object.keys(columnSets) as ReadonlyArray<ColumnSet>
const withGradients: ReadonlyArray<ColumnSet> = [
  "gradient norm",
  "rate, gradient norm",
  "rate, products",
  "rate, sharpness",
  "all",
]

describe("labelled logs", () => {
  let logs: ReadonlyArray<Labelled> = []

  beforeAll(() => {
    logs = scenarios(seed).map(labelled)
  }, 300_000)

  it("are of three kinds of networks, and at least 40", () => {
    assert.isAtLeast(logs.length, 40)
    const networks = new Set(logs.map(({ scenario }) => scenario.setting.network))
    assert.strictEqual(networks.size, 3)
  })

  for (const isDescribed of [true, false]) {
    const described = isDescribed
      ? "of a run that is described"
      : "of a run of which nothing is said"

    it.each(sets)(`have no wrong cause in %s ${described}`, (set) => {
      const wrong = logs.flatMap((each) => wrongOf(logOf(each, set, isDescribed), each.cause))
      assert.deepStrictEqual(wrong, [])
    })
  }

  it.each(Object.entries(keptAs))("have no wrong cause where a log has %s", (_, kept) => {
    // products are between one step and the next
    const others = sets.filter((set) => set !== "rate, products")
    const wrong = logs.flatMap((each) =>
      [true, false].flatMap((isDescribed) =>
        others.flatMap((set) => {
          const {
            products: _products,
            squaredNorms: _norms,
            ...log
          } = logOf(each, set, isDescribed)
          return wrongOf(kept(log), each.cause)
        }),
      ),
    )
    assert.deepStrictEqual(wrong, [])
  })

  it.each(withGradients)("are called what they are in 85 of 100 cases by %s", (set) => {
    assert.isAtLeast(rightOf(confusionOf(logs, set, true)), 0.85)
  })

  it.each(withGradients)("are called so by %s where nothing is said of the run", (set) => {
    assert.isAtLeast(rightOf(confusionOf(logs, set, false)), 0.85)
  })

  const isOfFew = ({ scenario }: Labelled) => (scenario.setting.batch ?? Infinity) <= 4

  it("are quiet in 9 of 10 cases of a few samples a step, and never given a cause", () => {
    const quiet = logs.filter((each) => each.cause === "quiet" && isOfFew(each))
    const of = (each: Labelled) =>
      [true, false].flatMap((isDescribed) =>
        sets.flatMap((set) => diagnoseLog(logOf(each, set, isDescribed)).events),
      )
    assert.strictEqual(quiet.length, 18)
    assert.isAtMost(quiet.filter((each) => of(each).length > 0).length, 1)
    assert.deepStrictEqual(
      quiet.flatMap(of).filter(({ kind }) => kind !== "unresolved"),
      [],
    )
  })

  it("are quiet where nothing was done", () => {
    const said = logs
      .filter((each) => each.cause === "quiet" && !isOfFew(each))
      .flatMap((each) => sets.flatMap((set) => diagnoseLog(logOf(each, set, true)).events))
    assert.deepStrictEqual(
      said.map(({ summary }) => summary),
      [],
    )
  })

  it("of full batches are never called a batch's", () => {
    const full = logs.filter(({ scenario }) => scenario.setting.batch === undefined)
    const said = full.flatMap((each) =>
      sets.flatMap((set) =>
        diagnoseLog(logOf(each, set, true)).events.map((event) => JSON.stringify(event)),
      ),
    )
    assert.deepStrictEqual(
      said.filter((text) => /data spike|look at the batch|unusual batch/.test(text)),
      [],
    )
  })
})
