import { DateTime } from "effect"
import { assert, describe, it } from "vitest"
import { date, decimal, moment, time } from "../src/internal/typed/Moments.ts"

describe("moments as texts", () => {
  it("have the dates of the calendar of JavaScript, leap days and years before the first among them", () => {
    for (let days = -1_000_000; days <= 5_000_000; days += 997) {
      const iso = DateTime.formatIso(DateTime.makeUnsafe(days * 86_400_000))
      assert.strictEqual(date(days), iso.split("T")[0])
    }
    const known = [
      [0, "1970-01-01"],
      [-1, "1969-12-31"],
      [11_016, "2000-02-29"],
      [-719_528, "0000-01-01"],
      [-719_529, "-000001-12-31"],
      [2_932_897, "+010000-01-01"],
    ] as const
    for (const [days, text] of known) assert.strictEqual(date(days), text)
    assert.throws(() => date(1e9), /1000000000 days from 1970/)
    assert.throws(() => date(NaN), /NaN days/)
  })

  it("lose no digit of a second, before 1970 either", () => {
    assert.strictEqual(moment(-1n, 9, true), "1969-12-31T23:59:59.999999999Z")
    assert.strictEqual(moment(1n, 6, false), "1970-01-01T00:00:00.000001")
    assert.strictEqual(moment(86_400n, 0, false), "1970-01-02T00:00:00")
    assert.strictEqual(time(86_399_999n, 3), "23:59:59.999")
  })

  it("are decimals in full", () => {
    assert.strictEqual(decimal(-5n, 2), "-0.05")
    assert.strictEqual(decimal(12n, 0), "12")
    assert.strictEqual(decimal(12n, -2), "1200")
    assert.strictEqual(decimal(10n ** 37n, 38), "0.1" + "0".repeat(37))
  })
})
