import { assert, describe, it } from "vitest"
import { Powers } from "../src/index.ts"

const at = { x: 4, y: 3 }

describe("Powers", () => {
  it("evaluates sums of powers, fractions and constants", () => {
    assert.strictEqual(Powers.valueOf("1/2 x^1/2 + -2 y^-1 x", at), 1 - 8 / 3)
    assert.strictEqual(Powers.valueOf("2 pi + e^2", at), 2 * Math.PI + Math.E ** 2)
    assert.isNaN(Powers.valueOf("z", at))
  })

  it("takes the least of several sums, and rounds counts up to 1 at least", () => {
    const margins = (formula: Powers.Formula<typeof at>) =>
      Powers.margins({ formula: [formula] }, at, (term) => term)[0]!
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
    assert.deepStrictEqual(margins(Powers.holds.change), [1])
    for (const [name, { change }] of Powers.fails) assert.isBelow(margins(change)[0]!, 0, name)
  })
})
