/** Counterexamples for people. */
import { assert, describe, it } from "@effect/vitest"
import { Margin } from "../src/index.ts"
import * as Instance from "../src/Instance.ts"

describe("an instance", () => {
  it("is a line: names, numbers of six digits, vectors in brackets", () => {
    assert.strictEqual(
      Instance.inline({
        n: 3,
        rate: 1 / 3,
        name: "x",
        list: [1, 0.5],
        problem: { loss: "cosh", terms: 2 },
      }),
      "n 3, rate 0.333333, name x, list (1, 0.5), problem (loss cosh, terms 2)",
    )
    assert.strictEqual(Instance.inline([]), "()")
    assert.strictEqual(Instance.inline("all"), "all")
  })

  it("has no raw JSON of typed arrays, and no vector longer than a line", () => {
    const written = JSON.parse(JSON.stringify({ weights: Float64Array.of(1, 2.5, -3) })) as {
      weights: { [key: string]: number }
    }
    assert.strictEqual(Instance.inline(written), "weights (1, 2.5, -3)")
    const long = Array.from({ length: 40 }, (_, k) => k)
    assert.match(Instance.inline({ long }), /^long \(0, 1, .*, 11, \.\.\. 40 in all\)$/)
  })

  it("is lines under one another, matrices row by row", () => {
    assert.deepStrictEqual(
      Instance.lines({
        seed: 7,
        payoffs: [
          [1, -10.5],
          [0.25, 3],
        ],
        problem: { size: 2 },
      }),
      [
        "seed          7",
        "payoffs          1  -10.5",
        "              0.25      3",
        "problem size  2",
      ],
    )
  })
})

describe("what a margin compared", () => {
  it("is the comparison that decided it", () => {
    const { compared, margin } = Margin.all(
      Margin.atMost(1, 2),
      Margin.equal(3, 3.5, { absolute: 0.1 }),
      Margin.atLeast(5, 4),
    )
    assert.strictEqual(margin, -4)
    assert.deepStrictEqual(compared, { relation: "equal", actual: 3, bound: 3.5, tolerance: 0.1 })
    assert.strictEqual(
      Instance.comparison(compared!),
      "3 is not 3.5: it is off by 0.5 where 0.1 is allowed",
    )
    assert.strictEqual(Instance.unitOf(compared!), "in tolerances")
  })

  it("is told with the slack that is given, and on which side it is", () => {
    const said = ({ compared }: Margin.Comparison) => Instance.comparison(compared!)
    assert.strictEqual(said(Margin.atMost(3, 2, 0.1)), "3 is above its bound 2.2")
    assert.strictEqual(said(Margin.atMost(2.1, 2, 0.1)), "2.1 is within its bound 2.2")
    assert.strictEqual(said(Margin.atLeast(1, 2)), "1 is below the required 2")
    assert.strictEqual(said(Margin.atLeast(3, 2)), "3 exceeds the required 2")
    assert.strictEqual(said(Margin.atLeast(2, 2)), "2 is the least allowed")
    assert.strictEqual(
      said(Margin.of("distance after two steps", Margin.atLeast(3e23, 65086400))),
      "the distance after two steps, 3e+23, exceeds the required 65086400",
    )
    assert.strictEqual(said(Margin.equal(1, 1, { absolute: 0.5 })), "1 is 1 up to 0.5")
  })
})
