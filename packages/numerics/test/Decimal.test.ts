import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Decimal from "../src/Decimal.ts"

describe("Decimal", () => {
  it("rounds to the side that is asked for, and leaves what is short enough", () => {
    assert.strictEqual(Decimal.ceil(1.13828, 3), 1.14)
    assert.strictEqual(Decimal.floor(1.13828, 3), 1.13)
    assert.strictEqual(Decimal.ceil(-1.13828, 3), -1.13)
    assert.strictEqual(Decimal.ceil(9.9996, 3), 10)
    assert.strictEqual(Decimal.ceil(1e-6, 6), 1e-6)
    assert.strictEqual(Decimal.floor(0, 3), 0)
    assert.strictEqual(Decimal.ceil(Infinity, 3), Infinity)
    assert.isNaN(Decimal.ceil(Number.NaN, 3))
  })

  it("is on its side of every number, by less than one of the last digit", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
        fc.integer({ min: 1, max: 12 }),
        (value, digits) => {
          const [low, high] = [Decimal.floor(value, digits), Decimal.ceil(value, digits)]
          assert.isTrue(low <= value && value <= high)
          for (const side of [low, high]) {
            assert.strictEqual(Number(side.toExponential(digits - 1)), side)
          }
          assert.isTrue(high - low <= Math.abs(value) * 1.0001 * 10 ** (1 - digits) + 1e-320)
        },
      ),
      { numRuns: 2000, seed: 1 },
    )
  })
})
