import { Schema } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { Expectation } from "../src/index.ts"

const none = Expectation.uncontrolled("none is possible")

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

describe("Expectation.within", () => {
  it("holds up to the sum of its tolerances", () => {
    const holds = (actual: number) =>
      Expectation.within("s", actual, -10, { relative: 0.1, absolute: 1 }, none).holds
    assert.deepStrictEqual([-12.1, -12, -10, -8, -7.9].map(holds), [false, true, true, true, false])
  })

  it("shows what it saw and what it expected", () => {
    assert.deepStrictEqual(Expectation.within("s", 1 / 3, 0.3, { relative: 0.1 }, none), {
      statement: "s",
      holds: false,
      observed: "0.333333",
      expected: "0.3 ± 0.03",
      uncontrolled: "none is possible",
    })
  })

  it("never holds of NaN or infinities", () => {
    for (const actual of [NaN, Infinity, -Infinity]) {
      const { holds, observed } = Expectation.within("s", actual, 1, { relative: 1 }, none)
      assert.deepStrictEqual([holds, observed], [false, String(actual)])
    }
    assert.isFalse(Expectation.within("s", 5, Infinity, { relative: 0.1 }, none).holds)
  })
})

describe("Expectation.atMost and atLeast", () => {
  it("hold as the inequality does", () => {
    fc.assert(
      fc.property(finite, finite, (actual, limit) => {
        assert.strictEqual(Expectation.atMost("s", actual, limit, none).holds, actual <= limit)
        assert.strictEqual(Expectation.atLeast("s", actual, limit, none).holds, actual >= limit)
      }),
    )
  })

  it("show what they saw and what they expected, and fail of NaN", () => {
    assert.deepStrictEqual(Expectation.atMost("s", NaN, 2, none), {
      statement: "s",
      holds: false,
      observed: "NaN",
      expected: "at most 2",
      uncontrolled: "none is possible",
    })
    assert.deepStrictEqual(Expectation.atLeast("s", 1234567.8, 2, none), {
      statement: "s",
      holds: true,
      observed: "1234570",
      expected: "at least 2",
      uncontrolled: "none is possible",
    })
  })
})

describe("Expectation.increasing", () => {
  it("is strict, and names what it saw", () => {
    const of = (...values: ReadonlyArray<number>) =>
      Expectation.increasing(
        "s",
        values.map((value, i) => ["abc"[i]!, value] as const),
        none,
      )
    assert.deepStrictEqual(of(1, 2, 3), {
      statement: "s",
      holds: true,
      observed: "a 1, b 2, c 3",
      expected: "a < b < c",
      uncontrolled: "none is possible",
    })
    assert.deepStrictEqual(
      [of(1, 1), of(2, 1), of(1, NaN), of(NaN, 1), of(1), of()].map(({ holds }) => holds),
      [false, false, false, false, false, false],
    )
  })
})

describe("expectations of several values", () => {
  const ofNone = [
    Expectation.within("s", [], 1, { absolute: 1 }, none),
    Expectation.atMost("s", [], 1, none),
    Expectation.atLeast("s", [], 1, none),
    Expectation.increasing("s", [], none),
    Expectation.every<number>(
      "s",
      [],
      () => true,
      () => "all",
      "all",
      none,
    ),
  ]

  it("hold of every one, and show the worst", () => {
    const { holds, observed } = Expectation.atMost("s", [1, 3, 2], 3, none)
    assert.deepStrictEqual([holds, observed], [true, "3"])
    const low = Expectation.atLeast("s", [1, 3, 2], 2, none)
    assert.deepStrictEqual([low.holds, low.observed], [false, "1"])
    const far = Expectation.within("s", [1, 4, 2], 2, { absolute: 1 }, none)
    assert.deepStrictEqual([far.holds, far.observed], [false, "4"])
  })

  it("fail where one of them is NaN, wherever it is", () => {
    for (const values of [
      [NaN, 1],
      [1, NaN],
    ]) {
      for (const made of [
        Expectation.atMost("s", values, 2, none),
        Expectation.atLeast("s", values, 0, none),
        Expectation.within("s", values, 1, { absolute: 1 }, none),
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

describe("a control", () => {
  const judge = (values: ReadonlyArray<number>, control: ReadonlyArray<number>) =>
    Expectation.atLeast("many clusters", values, 2, { control: "few data", observed: control })

  it("is caught where the statement fails in it", () => {
    assert.deepStrictEqual(judge([2, 3], [1, 2]), {
      statement: "many clusters",
      holds: true,
      observed: "2",
      expected: "at least 2",
      control: { name: "few data", observed: "1", caught: true },
    })
  })

  it("makes an expectation toothless where it shows the same", () => {
    const same = judge([2, 3], [2])
    assert.deepStrictEqual(same, {
      statement: "many clusters",
      holds: false,
      observed: "2",
      expected: "at least 2",
      control: { name: "few data", observed: "2", caught: false },
      toothless: true,
    })
    assert.deepStrictEqual(
      [judge([2], [1]), judge([1], [1]), judge([1], [2]), same].map(Expectation.outcome),
      ["holds", "fails", "fails", "toothless"],
    )
  })

  it("is not caught without rows, or by what is no number", () => {
    for (const control of [[], [NaN], [NaN, 3]]) {
      assert.strictEqual(Expectation.outcome(judge([2], control)), "toothless")
    }
    assert.strictEqual(Expectation.outcome(judge([2], [NaN, 1])), "holds")
    assert.strictEqual(Expectation.outcome(judge([2], [-Infinity])), "holds")
  })

  it("is of each kind of expectation", () => {
    const few = { control: "few", observed: [1] }
    const even = (numbers: ReadonlyArray<number>, control: ReadonlyArray<number>) =>
      Expectation.every(
        "all are even",
        numbers,
        (n) => n % 2 === 0,
        (seen) => seen.join(" "),
        "even",
        { control: "odd", observed: control },
      )
    const rising = (control: Parameters<typeof Expectation.increasing>[1]) =>
      Expectation.increasing(
        "s",
        [
          ["a", 1],
          ["b", 2],
        ] as const,
        { control: "c", observed: control },
      )
    const made = {
      caught: [
        Expectation.within("s", 2, 2, { absolute: 0.5 }, few),
        Expectation.atMost("s", 0, 0.5, few),
        even([2, 4], [2, 3]),
        rising([
          ["a", 2],
          ["b", 2],
        ]),
        Expectation.that("s", true, "yes", "yes", {
          control: "c",
          observed: { holds: false, observed: "no" },
        }),
      ],
      survived: [
        Expectation.within("s", 2, 2, { absolute: 1 }, few),
        Expectation.atMost("s", 0, 1, few),
        even([2, 4], [6]),
        even([2, 4], []),
        rising([
          ["a", 2],
          ["b", 3],
        ]),
        rising([
          ["a", 2],
          ["b", NaN],
        ]),
        rising([["a", 2]]),
        rising([]),
        Expectation.that("s", true, "yes", "yes", {
          control: "c",
          observed: { holds: true, observed: "yes" },
        }),
      ],
    }
    assert.deepStrictEqual(
      made.caught.map(Expectation.outcome),
      made.caught.map(() => "holds"),
    )
    assert.deepStrictEqual(
      made.survived.map(Expectation.outcome),
      made.survived.map(() => "toothless"),
    )
    assert.deepStrictEqual(made.caught[2]!.control, { name: "odd", observed: "2 3", caught: true })
  })
})

describe("an expectation without a control", () => {
  it("does not typecheck", () => {
    // @ts-expect-error: what keeps it from being true of everything is missing
    const make = () => Expectation.atMost("s", 1, 1)
    assert.isFunction(make)
  })

  it("is a regression, which is no evidence, or says why", () => {
    const golden = Expectation.atMost("as before", 1, 1, Expectation.regression)
    const checked = Expectation.atMost("it ends", 1, 1, Expectation.uncontrolled("no run goes on"))
    assert.strictEqual(golden.kind, "regression")
    assert.strictEqual(checked.uncontrolled, "no run goes on")
    assert.deepStrictEqual([golden, checked].map(Expectation.isRegression), [true, false])
    assert.deepStrictEqual([golden, checked].map(Expectation.outcome), ["holds", "holds"])
  })

  it("is read from results of before", () => {
    const before = { statement: "s", holds: true, observed: "1", expected: "1" }
    const read = Schema.decodeUnknownSync(Expectation.Expectation)
    assert.deepStrictEqual(read(before), before)
    assert.strictEqual(Expectation.outcome(read({ ...before, holds: false })), "fails")
  })
})

describe("an expectation over seeds", () => {
  const of = (value: number, control: number) =>
    Expectation.atMost("it fits", value, 1, { control: "no steps", observed: control })
  const holding = of(0.5, 2)

  it("holds where it does for a share of them", () => {
    const seeds = [...Array.from({ length: 9 }, () => [holding]), [of(3, 4)]]
    const [over] = Expectation.overSeeds([holding], seeds, 0.9)
    assert.isTrue(over!.holds)
    assert.deepStrictEqual(over!.seeds, { holds: 9, of: 10, least: 9 })
    assert.isFalse(Expectation.overSeeds([holding], seeds, 1)[0]!.holds)
  })

  it("counts no seed at which its control holds too, or at which nobody asks", () => {
    const [toothless] = Expectation.overSeeds([of(0.5, 0.6)], [[of(0.5, 0.6)], [holding]], 1)
    assert.deepStrictEqual(toothless!.seeds, { holds: 1, of: 2, least: 2 })
    assert.strictEqual(Expectation.outcome(toothless!), "toothless")
    const [asked] = Expectation.overSeeds([holding], [[holding], []], 1)
    assert.deepStrictEqual(asked!.seeds, { holds: 1, of: 2, least: 2 })
  })

  it("is that of one seed where there is no other, and of the shown one where it compares with a number of before", () => {
    assert.deepStrictEqual(Expectation.overSeeds([holding], [[holding]], 1), [holding])
    const before = Expectation.within("the number of before", 1, 1, {}, Expectation.regression)
    assert.deepStrictEqual(Expectation.overSeeds([before], [[before], [before]], 1), [before])
  })
})
