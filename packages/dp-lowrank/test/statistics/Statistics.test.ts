/** Statistics in a program: what their intervals hold, and what is refused. */
import { Draw } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { streamOf, wordsOf } from "../../src/evidence/support/Structures.ts"
import {
  estimates,
  Permit,
  PrivateTallies,
  Public,
  releaseStatistics,
  type Statistic,
  StatisticsPlan,
  statisticsStatement,
} from "../../src/index.ts"
import { PermitUsed } from "../../src/release/Permit.ts"
import { reveal } from "../../src/statistics/PrivateTallies.ts"
import { placeOf, scoresOf } from "../../src/statistics/Statistic.ts"

const range = Public.range(-2, 6)

const mean: Statistic = { kind: "mean", column: "x", range }

const drawn = Draw.record({
  rows: Draw.integer(1, 60),
  epsilon: Draw.logarithmic(20, 0.1),
  seed: Draw.seed(),
})

/** A release of a mean and its count, and the exact mean of the clipped values. */
const released = ({ epsilon, rows, seed }: Draw.Drawn<typeof drawn>) => {
  // as many places as a command line takes
  const written = Number(epsilon.toPrecision(4))
  const asked = { statistics: [mean], epsilon: written, neighbours: "add-remove" } as const
  const tallies = PrivateTallies.make(StatisticsPlan.make(asked))
  const values = streamOf(seed, "rows")
    .normals(rows)
    .map((x) => 4 * x)
  for (const x of values) tallies.add([undefined, x])
  const clipped = values.map((x) => Math.min(6, Math.max(-2, x)))
  const noisy = releaseStatistics(tallies, Permit.withoutLedger(tallies.plan), wordsOf(seed))
  return { noisy, exact: clipped.reduce((sum, x) => sum + x, 0) / rows }
}

describe("estimates", () => {
  it("hold the exact count and mean, and with narrower intervals they do not", () => {
    const holds = (failure: number) =>
      fc.property(drawn, (instance) => {
        const { exact, noisy } = released(instance)
        const [count, own] = estimates(noisy, failure).map((each) => each.estimates[0]!)
        return (
          count!.lower <= instance.rows &&
          instance.rows <= count!.upper &&
          own!.lower <= exact &&
          exact <= own!.upper
        )
      })
    fc.assert(holds(1e-9))
    assert.isTrue(fc.check(holds(0.9)).failed)
  })

  it("stay within the range, whatever the noise is", () => {
    fc.assert(
      fc.property(drawn, (instance) => {
        const { lower, upper, estimate } = estimates(released(instance).noisy, 0.05)[1]!
          .estimates[0]!
        return [lower, estimate, upper].every((end) => -2 <= end && end <= 6) && lower <= upper
      }),
    )
  })
})

describe("scores of a quantile", () => {
  it("are those of the definition", () => {
    const grid = Public.edges([0, 1, 2, 5])
    const instances = fc.record({
      values: fc.array(fc.integer({ min: -3, max: 14 }), { maxLength: 20 }),
      share: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(instances, ({ share, values }) => {
        const rows = values.map((value) => value / 2)
        const places = new Float64Array(2 * grid.length + 1)
        for (const row of rows) places[placeOf(row, grid)]!++
        const statistic = { kind: "quantile", column: "x", grid, share: share / 10 } as const
        const scores = scoresOf(statistic, places)
        grid.forEach((candidate, k) => {
          const below = rows.filter((row) => row < candidate).length
          const above = rows.filter((row) => row > candidate).length
          const tenths = -Math.abs((10 - share) * below - share * above)
          // the fraction is in lowest terms
          assert.isTrue([1, 2, 5].some((common) => tenths === common * scores[k]!))
        })
      }),
    )
  })
})

describe("a release of statistics", () => {
  const asked = { statistics: [mean], epsilon: 1, neighbours: "replace" } as const

  it("needs the permit of its own plan, once", () => {
    const tallies = PrivateTallies.make(StatisticsPlan.make(asked))
    tallies.add([1])
    const other = Permit.withoutLedger(StatisticsPlan.make(asked))
    assert.throws(() => releaseStatistics(tallies, other, wordsOf(1)), InvalidInput)
    const permit = Permit.withoutLedger(tallies.plan)
    const noisy = releaseStatistics(tallies, permit, wordsOf(1))
    assert.strictEqual(noisy.rows, 1)
    assert.match(statisticsStatement(noisy), /^No privacy: the noise came from/)
    assert.throws(() => releaseStatistics(tallies, permit, wordsOf(1)), PermitUsed)
  })

  it("shows nothing of its sums before", () => {
    const tallies = PrivateTallies.make(StatisticsPlan.make(asked))
    tallies.add([1.5])
    assert.deepStrictEqual(Object.keys(tallies), ["plan"])
    // 1.5 is 65,536 steps of 2^-17 below the middle
    assert.deepStrictEqual(Array.from(reveal(tallies).entries[0]!), [-65_536])
  })

  it("refuses rows of another length, and impossible plans", () => {
    const tallies = PrivateTallies.make(StatisticsPlan.make(asked))
    assert.throws(() => tallies.add([1, 2]), InvalidInput)
    const grid = Public.edges([0, 1])
    const quantile = (share: number): Statistic => ({ kind: "quantile", column: "x", grid, share })
    const plans: ReadonlyArray<Parameters<typeof StatisticsPlan.make>[0]> = [
      { ...asked, statistics: [] },
      { ...asked, epsilon: 0 },
      { ...asked, epsilon: -1 },
      { ...asked, epsilon: Number.NaN },
      { ...asked, epsilon: 1e-10 },
      { ...asked, statistics: [{ kind: "count" }] },
      { ...asked, rowsPerPerson: 0.5 },
      ...[0, 1, Number.NaN, 0.12345, 1 / 3].map((share) => ({
        ...asked,
        statistics: [quantile(share)],
      })),
    ]
    for (const plan of plans) assert.throws(() => StatisticsPlan.make(plan), InvalidInput)
    for (const [lower, upper] of [
      [1, 1],
      [2, 1],
      [Number.NaN, 1],
      [0, Number.POSITIVE_INFINITY],
    ]) {
      assert.throws(() => Public.range(lower!, upper!), InvalidInput)
    }
    assert.throws(() => Public.categories([]), InvalidInput)
    assert.throws(() => Public.categories(["a", "a"]), InvalidInput)
    assert.throws(() => Public.edges([1]), InvalidInput)
  })
})
