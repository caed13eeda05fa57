import { assert, describe, it } from "vitest"
import { Exact } from "../../src/index.ts"

const outcomeOf = (compared: Exact.Compared) => Exact.confirm(compared).outcome

describe("numbers that a program came to", () => {
  it("are near what is expected up to the tolerance, to the last digit", () => {
    const third = Exact.of("1/3")
    const near = (found: number, tolerance: Exact.Tolerance) =>
      outcomeOf(Exact.near(Exact.computed(found), third, tolerance))
    assert.strictEqual(near(1 / 3, { relative: 1e-16 }), "holds")
    assert.strictEqual(near(1 / 3, { relative: 1e-17 }), "refuted")
    assert.strictEqual(near(1 / 3, {}), "refuted")
    assert.strictEqual(near(0.5, { absolute: 1 / 6 }), "refuted")
    assert.strictEqual(near(0.5, { absolute: 0.17 }), "holds")
    assert.strictEqual(near(0.5, { absolute: 0.1, relative: 0.19 }), "refuted")
    assert.strictEqual(near(0.5, { absolute: 0.1, relative: 0.21 }), "holds")
  })

  it("say nothing where they are not finite", () => {
    for (const found of [Number.NaN, Infinity, -Infinity]) {
      const x = Exact.vector(Float64Array.of(1, found))
      assert.strictEqual(outcomeOf(Exact.near(x[1]!, Exact.one, { absolute: 1 })), "undecided")
      assert.strictEqual(outcomeOf(Exact.atMost(Exact.dot(x, x), Exact.one)), "undecided")
    }
  })

  it("have the inner products and the lengths of their fractions", () => {
    const [x, y] = [Float64Array.of(0.1, 2 ** 60), Float64Array.of(10, 2 ** -60)].map(Exact.vector)
    // 0.1 is a little more than a tenth, which a float64 sum with 1 loses
    const product = Exact.subtract(Exact.dot(x!, y!), Exact.of(2))
    assert.strictEqual(Exact.toText(Exact.multiply(product, Exact.of(2 ** 54))), "1")
    const tiny = Exact.norm(Exact.vector(Float64Array.of(3e-200, 4e-200)))
    assert.strictEqual(
      outcomeOf(Exact.near(tiny, Exact.of("5e-200"), { relative: 1e-15 })),
      "holds",
    )
  })
})
