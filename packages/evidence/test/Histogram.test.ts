import { assert, describe, it } from "@effect/vitest"
import * as Histogram from "@nonconvex/evidence/Histogram"
import { Schema } from "effect"
import * as fc from "fast-check"

const total = (counts: ReadonlyArray<number>): number => counts.reduce((sum, each) => sum + each, 0)

describe("a histogram", () => {
  it("has bins of equal widths, the largest number in the last", () => {
    const { counts, ...range } = Histogram.of([0, 0.049, 0.051, 0.5, 0.99, 1])!
    assert.deepStrictEqual(range, { least: 0, largest: 1, scale: "linear" })
    assert.deepStrictEqual(
      [counts[0], counts[1], counts[10], counts[19], total(counts)],
      [2, 1, 1, 2, 6],
    )
  })

  it("has bins of equal factors where positive numbers span decades", () => {
    const found = Histogram.of([1e-4, 2e-3, 2e-2, 0.2, 1])!
    assert.strictEqual(found.scale, "logarithmic")
    assert.deepStrictEqual(
      found.counts.flatMap((count, bin) => (count > 0 ? [bin] : [])),
      [0, 6, 11, 16, 19],
    )
  })

  it("has one bin where all are equal, and is none of nothing finite", () => {
    assert.deepStrictEqual(Histogram.of([1, 1, Infinity])?.counts, [2])
    assert.isUndefined(Histogram.of([Infinity, Number.NaN]))
  })

  it("counts every finite number once, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (numbers) => {
        const found = Histogram.of(numbers)
        const finite = numbers.filter(Number.isFinite)
        assert.strictEqual(total(found?.counts ?? []), finite.length)
        if (found === undefined) return
        assert.deepStrictEqual(Schema.decodeUnknownSync(Histogram.Histogram)(found), found)
      }),
    )
  })
})
