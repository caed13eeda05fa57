/** Student's intervals and tests against scipy 1.17.1's `t.interval`, `ttest_rel` and `ttest_ind(equal_var=False)`. */
import { assert, describe, it } from "@effect/vitest"
import { paired } from "../../src/statistics/PairedTTest.ts"
import * as Student from "../../src/statistics/Student.ts"
import { welch } from "../../src/statistics/WelchTest.ts"

const first = [0.5, 1.25, 2, 3.75, 4, 5.5, 7.25, 8]
const second = [1, 1.5, 1.75, 4.5, 5.25, 5, 8.75, 9]
const third = [2.5, 0.25, 4.75, 6, 10.5]

/** The ends of an interval are differences: they are as right as what they are differences of, here of the size of `scale`. */
const assertClose = (found: object, expected: Readonly<Record<string, number>>, scale = 0) => {
  for (const [name, value] of Object.entries(expected)) {
    assert.closeTo(
      (found as Record<string, number>)[name]!,
      value,
      1e-7 * (Math.abs(value) + scale),
      name,
    )
  }
}

describe("Student", () => {
  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [9, 2.262157162798205],
    [19, 2.0930240544083087],
    [1000, 1.9623390808264083],
    [17.8, 2.1026153752624523],
  ])("has the point of %d degrees of freedom", (freedom, value) => {
    assertClose({ point: Student.point(freedom) }, { point: value })
  })

  it.each([
    [0.5, 3, 0.651447964848151],
    [5, 9, 0.0007389679098032426],
    [30, 9, 2.4837047041582635e-10],
    [-100, 20, 1.7701732217925057e-28],
    [8, 1.5, 0.03291835094090683],
  ])("has the probability of %d with %d", (t, freedom, value) => {
    assertClose({ p: Student.probability(t, freedom) }, { p: value })
  })

  it("gives means their intervals", () => {
    assertClose(
      Student.sample(first),
      {
        count: 8,
        mean: 4.03125,
        sd: 2.7432953983953574,
        low: 1.7377976527309675,
        high: 6.3247023472690325,
      },
      4,
    )
    assertClose(
      Student.sample(third),
      { mean: 4.8, sd: 3.8705619747008315, high: 9.60593745680249 },
      5,
    )
  })

  it("knows nothing of how one value varies, and nothing of none", () => {
    const nan = Number.NaN
    assert.deepStrictEqual(Student.sample([3]), { count: 1, mean: 3, sd: nan, low: nan, high: nan })
    assert.deepStrictEqual(Student.sample([]), {
      count: 0,
      mean: nan,
      sd: nan,
      low: nan,
      high: nan,
    })
  })

  it("pairs", () => {
    const found = paired(first, second)
    assert.strictEqual(found.test, "paired t test")
    assertClose(
      found,
      {
        count: 8,
        mean: 0.5625,
        t: 2.260112410502652,
        freedom: 7,
        p: 0.058321711731645,
        low: -0.02601105606075793,
        high: 1.1510110560607578,
      },
      1,
    )
  })

  it("compares after Welch where nothing pairs", () => {
    const found = welch(first, third)
    assert.strictEqual(found.test, "Welch's t test")
    assertClose(
      found,
      {
        count: 13,
        mean: 0.76875,
        t: 0.3874402167737439,
        freedom: 6.537734187970787,
        p: 0.7107324826744522,
        low: -3.9911795267071115,
        high: 5.528679526707111,
      },
      5,
    )
  })

  it("has no probability where nothing varies", () => {
    const found = paired([1, 2, 3], [2, 3, 4])
    assert.strictEqual(found.mean, 1)
    assert.isNaN(found.p)
    assert.isNaN(paired([1], [2]).p)
    assert.isNaN(welch([1, 1], [2, 2]).p)
  })
})
