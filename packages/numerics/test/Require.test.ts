import { InvalidInput, invalid } from "@nonconvex/numerics"
import * as Require from "../src/Require.ts"
import { assert, describe, it } from "@effect/vitest"

/** The message of the InvalidInput that is thrown, or "accepted". */
const verdict = (run: () => void): string => {
  try {
    run()
    return "accepted"
  } catch (error) {
    assert.instanceOf(error, InvalidInput)
    return error.message
  }
}

/** What each requirement accepts, and what it says of the rest. */
const scalars: Readonly<
  Record<
    string,
    readonly [
      require: (value: number) => void,
      requirement: string,
      accepted: ReadonlyArray<number>,
      refused: ReadonlyArray<number>,
    ]
  >
> = {
  count: [
    (value) => Require.count("f", "x", value),
    "x must be an integer of at least 1",
    [1, 2, Number.MAX_SAFE_INTEGER],
    [0, -1, 1.5, NaN, Infinity, 2 ** 53],
  ],
  "count from 0": [
    (value) => Require.count("f", "x", value, 0),
    "x must be an integer of at least 0",
    [0, -0, 7],
    [-1, 0.5],
  ],
  "count in a range": [
    (value) => Require.count("f", "x", value, 2, 4),
    "x must be an integer from 2 to 4",
    [2, 3, 4],
    [1, 5, 2.5, NaN],
  ],
  finite: [
    (value) => Require.finite("f", "x", value),
    "x must be a finite number",
    [0, -1e308, 5e-324],
    [NaN, Infinity, -Infinity],
  ],
  nonNegative: [
    (value) => Require.nonNegative("f", "x", value),
    "x must be a finite number of at least 0",
    [0, -0, 5e-324, 1e308],
    [-5e-324, NaN, Infinity],
  ],
  positive: [
    (value) => Require.positive("f", "x", value),
    "x must be positive and finite",
    [5e-324, 1e308],
    [0, -1, NaN, Infinity],
  ],
  fraction: [
    (value) => Require.fraction("f", "x", value),
    "x must lie strictly between 0 and 1",
    [5e-324, 0.5, 1 - 2 ** -53],
    [0, 1, -0.5, NaN, Infinity],
  ],
}

describe("Require", () => {
  it.each(Object.keys(scalars))("%s", (name) => {
    const [require, requirement, accepted, refused] = scalars[name]!
    for (const value of accepted)
      assert.strictEqual(
        verdict(() => require(value)),
        "accepted",
      )
    for (const value of refused) {
      assert.strictEqual(
        verdict(() => require(value)),
        `f: ${requirement} (got x = ${value})`,
      )
    }
  })

  it("length", () => {
    assert.strictEqual(
      verdict(() => Require.length("f", "x", 2, 2)),
      "accepted",
    )
    assert.strictEqual(
      verdict(() => Require.length("f", "x", 2, 3)),
      "f: the length of x must be 3 (got x.length = 2)",
    )
  })

  it("allFinite names the first element that is not", () => {
    for (const array of [Float64Array, Float32Array]) {
      const judge = (values: ReadonlyArray<number>) =>
        verdict(() => Require.allFinite("f", "x", new array(values)))
      assert.strictEqual(judge([]), "accepted")
      assert.strictEqual(judge([1, -2]), "accepted")
      assert.strictEqual(
        judge([1, -Infinity, NaN]),
        "f: every element of x must be finite (got index = 1, x[1] = -Infinity)",
      )
    }
  })

  it("vector looks at the length first", () => {
    const values = Float64Array.of(1, NaN)
    assert.strictEqual(
      verdict(() => Require.vector("f", "x", values, 3)),
      "f: the length of x must be 3 (got x.length = 2)",
    )
    assert.strictEqual(
      verdict(() => Require.vector("f", "x", values, 2)),
      "f: every element of x must be finite (got index = 1, x[1] = NaN)",
    )
    assert.strictEqual(
      verdict(() => Require.vector("f", "x", Float64Array.of(1, 2), 2)),
      "accepted",
    )
  })

  it("what no requirement says is thrown with its numbers", () => {
    assert.strictEqual(
      verdict(() => invalid("f", "x must be less than y", { x: 2, y: 1 })),
      "f: x must be less than y (got x = 2, y = 1)",
    )
  })
})
