import { assert, describe, it } from "vitest"
import { Exact, Powers } from "../src/index.ts"

const at = { x: 4, y: 3 }

describe("Powers", () => {
  it("evaluates sums of powers, fractions and constants", () => {
    assert.strictEqual(Powers.valueOf("1/2 x^1/2 + -2 y^-1 x", at), 1 - 8 / 3)
    assert.strictEqual(Powers.valueOf("2 pi + e^2", at), 2 * Math.PI + Math.E ** 2)
    assert.isNaN(Powers.valueOf("z", at))
  })

  it("takes the least of several sums, and rounds counts up to 1 at least", () => {
    const margins = (formula: Powers.Formula<typeof at>) =>
      Powers.margins({ formula: [formula] }, at, (term) => term)[0]!.margin
    assert.strictEqual(margins([({ x }) => x, "x", "2 x"]), 1)
    assert.isBelow(margins([({ x }) => x, "1/2 x", "x"]), 0)
    assert.isAtLeast(margins({ count: [({ x }) => x + 1, "x + 0.5"] }), 0)
    assert.isAtLeast(margins({ count: [() => 1, "-1 x"] }), 0)
    assert.isBelow(margins({ count: [() => 0, "-1 x"] }), 0)
    assert.isBelow(margins({ count: [({ x }) => x + 0.5, "x + 0.5"] }), 0)
    assert.isBelow(margins({ count: [({ x }) => x, "x + 0.5"] }), 0)
    assert.isBelow(margins({ count: [({ x }) => x + 2, "x + 0.5"] }), 0)
  })

  it("changes terms so that every formula is betrayed, and no other", () => {
    const margins = (change: Powers.Change) =>
      Powers.margins({ sum: [[({ x, y }) => x + y, "x + y"]] }, at, change)
    assert.strictEqual(margins(Powers.holds.change)[0]!.margin, 1)
    for (const { name, value } of Powers.controls) {
      assert.isBelow(margins(value.change)[0]!.margin, 0, name)
    }
  })

  it("evaluates the same sums in exact values", () => {
    const text = (sum: string, change?: Powers.Change) =>
      Exact.toText(Powers.exactlyOf(sum, at, change))
    assert.strictEqual(text("1/2 x^1/2 + -2 y^-1 x"), "-5/3")
    assert.strictEqual(text("x^3/2 + x^0 + 0.1"), "9.1")
    assert.strictEqual(text("x y + 1", Powers.controls[0].value.change), "25")
    assert.strictEqual(text("x y + 1", Powers.controls[1].value.change), "12")
    for (const sum of ["2 pi + e^2", "silver^-1", "y^1/3 + x^2/5"]) {
      const { high, low } = Exact.interval(Powers.exactlyOf(sum, at))
      const value = Powers.valueOf(sum, at)
      assert.isAtMost(low, value * (1 + 1e-15), sum)
      assert.isAtLeast(high, value * (1 - 1e-15), sum)
      assert.isBelow(high - low, 1e-14 * value, sum)
    }
  })

  it("confirms a formula that fails in exact values, a count as well, and says nothing of one that holds", () => {
    const found = (formula: Powers.Formula<typeof at>) =>
      Powers.comparisons({ formula: [formula] }, at, (term) => term).map(
        (each) => Exact.confirm(each).outcome,
      )
    assert.deepStrictEqual(found([({ x }) => x, "x", "2 x"]), [])
    assert.deepStrictEqual(found([({ x }) => x, "y^1/2 + 0 pi", "x"]), ["refuted"])
    assert.deepStrictEqual(found([({ x }) => x * (1 + 1e-11), "x"]), ["refuted"])
    for (const wrong of [0, 3, 4.5, 6]) {
      assert.deepStrictEqual(found({ count: [() => wrong, "x + 1/2"] }), ["refuted"], `${wrong}`)
    }
    assert.deepStrictEqual(found({ count: [() => 5, "x + 1/2"] }), [])
    assert.deepStrictEqual(found({ count: [() => 2, "-1 x"] }), ["refuted"])
  })

  it("confirms changes that every formula must betray by the one that betrays them least", () => {
    const { change, exactly } = Powers.controls[0].value
    const formulas = { far: [[() => 1, "1"]], near: [[() => 2, "1 + 1"]] } as const
    const compared = Powers.comparisons(formulas, at, change)
    assert.lengthOf(compared, 2)
    assert.strictEqual(Exact.toText(exactly(...compared).actual), "1")
    assert.strictEqual(Exact.confirm(exactly(...compared)).outcome, "refuted")
  })
})
