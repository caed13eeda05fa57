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

  it("breaks the widest column of a table that is too wide", () => {
    const rows = [["one", "a cell of several words"]]
    assert.strictEqual(
      Table.render(["A", "CELL"], rows, 20),
      "A    CELL\none  a cell of\n     several words",
    )
    assert.strictEqual(Table.render(["A", "CELL"], rows), "A    CELL\none  a cell of several words")
  })

  it("folds lines at spaces, and indents the rest", () => {
    const coloured = "  \u001B[32mone\u001B[39m two three"
    assert.strictEqual(Table.fold(coloured, 10), "  \u001B[32mone\u001B[39m two\n    three")
    assert.strictEqual(Table.fold("short\n\nlines", 10), "short\n\nlines")
  })

  it("clips a text to a screen, and says how much follows", () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`)
    const clipped = Table.clip(lines.join("\n")).split("\n")
    assert.lengthOf(clipped, 23)
    assert.strictEqual(clipped.at(-1), "... 18 more lines; --all prints them")
    assert.strictEqual(Table.clip("few\nlines"), "few\nlines")
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

  it("writes the digits in which the numbers of a column differ", () => {
    const written = (values: ReadonlyArray<number>) => values.map(Table.numbersOf(values))
    assert.deepStrictEqual(written([1_700_123_456, 1_700_123_457.25, 1_700_100_000]), [
      "1700123456",
      "1700123457",
      "1700100000",
    ])
    assert.deepStrictEqual(written([999_999_995.9123, 1e9 + 4]), ["999999995.9123", "1000000004"])
    assert.deepStrictEqual(written([999_999_995.9]), ["999999995.9"])
    assert.deepStrictEqual(written([-1e9 - 3, -1e9]), ["-1000000003", "-1000000000"])
    assert.deepStrictEqual(written([1_700_000_000, 1_750_000_123]), ["1700000000", "1750000123"])
    assert.deepStrictEqual(written([1.000_000_12, 1.000_000_05]), ["1.00000012", "1.00000005"])
  })

  it("writes numbers of one size as before, and those that are no numbers", () => {
    const written = (values: ReadonlyArray<number>) => values.map(Table.numbersOf(values))
    for (const values of [
      [1 / 3, 3.25, 17],
      [-1e9, 2e12],
      [0, 1e-9],
      [2e300],
      [0, 0],
      [2 / 3],
      [-1.5e308, 1.5e308],
    ]) {
      assert.deepStrictEqual(written(values), values.map(Table.number))
    }
    assert.deepStrictEqual(written([NaN, 1.5]), ["NaN", "1.5"])
    assert.deepStrictEqual(written([NaN]), ["NaN"])
    assert.deepStrictEqual(written([]), [])
  })

  it("writes numbers of a column to within a ten thousandth of their spread", () => {
    const finite = fc.double({ min: -1, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 2 }),
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: -9, max: 9 }),
        (shape, offset, scale) => {
          const values = shape.map((x) => 10 ** offset + x * 10 ** scale)
          const spread = Math.max(...values) - Math.min(...values) || 1
          const size = Math.max(...values.map(Math.abs))
          values.forEach((value) => {
            const back = Number(Table.numbersOf(values)(value))
            assert.closeTo(back, value, Math.max(1e-4 * spread, 1e-14 * size))
          })
        },
      ),
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
