import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { Expectation } from "../src/index.ts"

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

describe("Expectation.within", () => {
  it("holds up to the sum of its tolerances", () => {
    const holds = (actual: number) =>
      Expectation.within("s", actual, -10, { relative: 0.1, absolute: 1 }).holds
    assert.deepStrictEqual([-12.1, -12, -10, -8, -7.9].map(holds), [false, true, true, true, false])
  })

  it("shows what it saw and what it expected", () => {
    assert.deepStrictEqual(Expectation.within("s", 1 / 3, 0.3, { relative: 0.1 }), {
      statement: "s",
      holds: false,
      observed: "0.333333",
      expected: "0.3 ± 0.03",
    })
  })

  it("never holds of NaN or infinities", () => {
    for (const actual of [NaN, Infinity, -Infinity]) {
      const { holds, observed } = Expectation.within("s", actual, 1, { relative: 1 })
      assert.deepStrictEqual([holds, observed], [false, String(actual)])
    }
    assert.isFalse(Expectation.within("s", 5, Infinity, { relative: 0.1 }).holds)
  })
})

describe("Expectation.atMost and atLeast", () => {
  it("hold as the inequality does", () => {
    fc.assert(
      fc.property(finite, finite, (actual, limit) => {
        assert.strictEqual(Expectation.atMost("s", actual, limit).holds, actual <= limit)
        assert.strictEqual(Expectation.atLeast("s", actual, limit).holds, actual >= limit)
      }),
    )
  })

  it("show what they saw and what they expected, and fail of NaN", () => {
    assert.deepStrictEqual(Expectation.atMost("s", NaN, 2), {
      statement: "s",
      holds: false,
      observed: "NaN",
      expected: "at most 2",
    })
    assert.deepStrictEqual(Expectation.atLeast("s", 1234567.8, 2), {
      statement: "s",
      holds: true,
      observed: "1234570",
      expected: "at least 2",
    })
  })
})

describe("Expectation.increasing", () => {
  it("is strict, and names what it saw", () => {
    const of = (...values: ReadonlyArray<number>) =>
      Expectation.increasing(
        "s",
        values.map((value, i) => ["abc"[i]!, value] as const),
      )
    assert.deepStrictEqual(of(1, 2, 3), {
      statement: "s",
      holds: true,
      observed: "a 1 < b 2 < c 3",
      expected: "a < b < c",
    })
    assert.deepStrictEqual(
      [of(1, 1), of(2, 1), of(1, NaN), of(NaN, 1), of(1), of()].map(({ holds }) => holds),
      [false, false, false, false, false, false],
    )
  })
})

describe("expectations of several values", () => {
  const ofNone = [
    Expectation.within("s", [], 1, { absolute: 1 }),
    Expectation.atMost("s", [], 1),
    Expectation.atLeast("s", [], 1),
    Expectation.increasing("s", []),
    Expectation.every<number>(
      "s",
      [],
      () => true,
      () => "all",
      "all",
    ),
  ]

  it("hold of every one, and show the worst", () => {
    const { holds, observed } = Expectation.atMost("s", [1, 3, 2], 3)
    assert.deepStrictEqual([holds, observed], [true, "3"])
    const low = Expectation.atLeast("s", [1, 3, 2], 2)
    assert.deepStrictEqual([low.holds, low.observed], [false, "1"])
    const far = Expectation.within("s", [1, 4, 2], 2, { absolute: 1 })
    assert.deepStrictEqual([far.holds, far.observed], [false, "4"])
  })

  it("fail where one of them is NaN, wherever it is", () => {
    for (const values of [
      [NaN, 1],
      [1, NaN],
    ]) {
      for (const made of [
        Expectation.atMost("s", values, 2),
        Expectation.atLeast("s", values, 0),
        Expectation.within("s", values, 1, { absolute: 1 }),
      ]) {
        assert.deepStrictEqual([made.holds, made.observed], [false, "NaN"])
      }
    }
  })

  it("never hold of none", () => {
    assert.deepStrictEqual(
      ofNone.map(({ holds, observed }) => [holds, observed]),
      ofNone.map(() => [false, "no rows"]),
    )
  })
})

describe("Expectation.controlled", () => {
  const atLeastTwo = (statement: string, values: ReadonlyArray<number>) =>
    Expectation.atLeast(statement, values, 2)
  const judge = (values: ReadonlyArray<number>, control: ReadonlyArray<number>) =>
    Expectation.controlled(atLeastTwo("many", values), atLeastTwo("with few data", control))

  it("holds where the statement does and its control fails", () => {
    assert.deepStrictEqual(judge([2, 3], [1]), {
      statement: "many, and not with few data",
      holds: true,
      observed: "2; 1 with few data",
      expected: "at least 2; not so with few data",
    })
    assert.isFalse(judge([1, 3], [1]).holds)
  })

  it("does not hold where the control holds too, or where either has no rows", () => {
    assert.isFalse(judge([2, 3], [2]).holds)
    assert.isFalse(judge([], [1]).holds)
    assert.isFalse(judge([2], []).holds)
  })
})

describe("Expectation.regression", () => {
  it("is the same expectation, told from evidence", () => {
    const golden = Expectation.within("as before", 1, 1, { absolute: 0 })
    assert.deepStrictEqual(Expectation.regression(golden), { ...golden, kind: "regression" })
    assert.deepStrictEqual([golden, Expectation.regression(golden)].map(Expectation.isRegression), [
      false,
      true,
    ])
  })
})
