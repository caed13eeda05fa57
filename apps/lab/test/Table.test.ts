import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as Table from "../src/cli/TextTable.ts"

describe("Table", () => {
  it("aligns columns and leaves no blanks at the end of a line", () => {
    const table = Table.render(
      ["A", "LONG"],
      [
        ["one", "1"],
        ["three", ""],
      ],
    )
    assert.strictEqual(table, "A      LONG\none    1\nthree")
  })

  it("writes numbers short, with an exponent where zeros would have to be counted", () => {
    const margins = [0, 1, 0.5, 1 / 3, 0.00012345, 0.000012345, 123456, -2e12, 1e300]
    assert.deepStrictEqual(margins.map(Table.margin), [
      "0",
      "1",
      "0.5",
      "0.333",
      "0.000123",
      "1.23e-5",
      "123000",
      "-2e12",
      "1e300",
    ])
    assert.deepStrictEqual([NaN, Infinity, -Infinity].map(Table.number), [
      "NaN",
      "Infinity",
      "-Infinity",
    ])
  })

  it("writes numbers that read back to within their digits", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -200, max: 200 }), (mantissa, exponent) => {
        const value = mantissa * 10 ** exponent
        assert.closeTo(Number(Table.number(value)), value, 5.1e-6 * Math.abs(value))
      }),
    )
  })

  it("groups digits and writes durations", () => {
    assert.deepStrictEqual([1, 1234, 1234567].map(Table.count), ["1", "1 234", "1 234 567"])
    assert.deepStrictEqual([0.0421, 0.42, 12.4, 200, 7500].map(Table.duration), [
      "42 ms",
      "0.4 s",
      "12 s",
      "3 min 20 s",
      "2 h 5 min",
    ])
    assert.strictEqual(Table.plural(1, "run"), "1 run")
    assert.strictEqual(Table.plural(2, "run"), "2 runs")
  })

  it("wraps at blanks, never past the width, and loses no word", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "bcd", "efghij"), { minLength: 1 }), (words) => {
        const lines = Table.wrap(words.join(" "), 20, "  ").split("\n")
        assert.isTrue(lines.every((line) => line.length <= 20 && line.startsWith("  ")))
        assert.deepStrictEqual(
          lines.flatMap((line) => line.trim().split(" ")),
          words,
        )
      }),
    )
  })
})
