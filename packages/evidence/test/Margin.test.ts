import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { Margin as Compare } from "../src/index.ts"

/** The margins of comparisons. */
const Margin = {
  atMost: (...of: Parameters<typeof Compare.atMost>) => Compare.atMost(...of).margin,
  atLeast: (...of: Parameters<typeof Compare.atLeast>) => Compare.atLeast(...of).margin,
  equal: (...of: Parameters<typeof Compare.equal>) => Compare.equal(...of).margin,
  holds: (statement: boolean) => Compare.holds(statement).margin,
  isViolated: Compare.isViolated,
}

/** All doubles, infinities and NaN among them, and pairs of neighbours. */
const number = fc.double()

const pair = fc.oneof(
  fc.tuple(number, number),
  number.map((x) => [x, x] as const),
  number.map((x) => [x, x * (1 + Number.EPSILON)] as const),
)

const slack = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 999 }).map((k) => k / 1000),
)

const areBothInfinite = (a: number, b: number): boolean => Math.abs(a) === Infinity && a === b

const agrees = (margin: number, inequality: boolean): boolean =>
  Margin.isViolated(margin) === !inequality

describe("Margin.atMost", () => {
  it("has the sign of the inequality", () => {
    fc.assert(
      fc.property(pair, slack, ([actual, bound], by) => {
        const margin = Margin.atMost(actual, bound, by)
        if (areBothInfinite(actual, bound) || actual !== actual || bound !== bound) {
          assert.isNaN(margin)
        } else {
          assert.isTrue(agrees(margin, actual <= bound * (1 + by * Math.sign(bound))))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it("measures in units of the bound", () => {
    assert.strictEqual(Margin.atMost(0, 4), 1)
    assert.strictEqual(Margin.atMost(1, 4), 0.75)
    assert.strictEqual(Margin.atMost(4, 4), 0)
    assert.strictEqual(Margin.atMost(6, 4), -0.5)
    assert.strictEqual(Margin.atMost(4, 4, 0.25), 0.25)
    assert.strictEqual(Margin.atMost(5, 4, 0.25), 0)
  })

  it("knows bounds that are zero, negative or infinite", () => {
    assert.strictEqual(Margin.atMost(0, 0), 1)
    assert.strictEqual(Margin.atMost(-1, 0), 1)
    assert.strictEqual(Margin.atMost(1e-300, 0), -Infinity)
    assert.strictEqual(Margin.atMost(-3, -2), 0.5)
    assert.strictEqual(Margin.atMost(-1, -2), -0.5)
    assert.strictEqual(Margin.atMost(-1.5, -2, 0.25), 0)
    assert.strictEqual(Margin.atMost(3, Infinity), 1)
    assert.strictEqual(Margin.atMost(Infinity, 3), -Infinity)
  })

  it("is at most 1 and falls as the number grows", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    fc.assert(
      fc.property(finite, finite, finite, (a, b, limit) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)]
        assert.isAtMost(Margin.atMost(small, limit), 1)
        assert.isAtLeast(Margin.atMost(small, limit), Margin.atMost(large, limit))
      }),
    )
  })
})

describe("Margin.atLeast", () => {
  it("has the sign of the inequality", () => {
    fc.assert(
      fc.property(pair, slack, ([actual, bound], by) => {
        const margin = Margin.atLeast(actual, bound, by)
        if (areBothInfinite(actual, bound) || actual !== actual || bound !== bound) {
          assert.isNaN(margin)
        } else {
          assert.isTrue(agrees(margin, actual >= bound * (1 - by * Math.sign(bound))))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it("measures in units of the number", () => {
    assert.strictEqual(Margin.atLeast(4, 0), 1)
    assert.strictEqual(Margin.atLeast(4, 1), 0.75)
    assert.strictEqual(Margin.atLeast(4, 4), 0)
    assert.strictEqual(Margin.atLeast(4, 6), -0.5)
    assert.strictEqual(Margin.atLeast(4, 5, 0.2), 0)
  })

  it("does not take a negative number for a large one", () => {
    assert.strictEqual(Margin.atLeast(-1, 2), -1.5)
    assert.strictEqual(Margin.atLeast(-5, -4), -0.25)
    assert.strictEqual(Margin.atLeast(-3, -4), 0.25)
    assert.strictEqual(Margin.atLeast(0, 2), -1)
    assert.strictEqual(Margin.atLeast(0, 0), 1)
  })
})

describe("Margin.equal", () => {
  it("has the sign of the comparison", () => {
    fc.assert(
      fc.property(pair, slack, slack, ([actual, expected], relative, absolute) => {
        const margin = Margin.equal(actual, expected, { relative, absolute })
        const allowed = absolute + relative * Math.abs(expected)
        if (actual !== actual || expected !== expected) assert.isNaN(margin)
        else if (actual === expected) assert.strictEqual(margin, 1)
        else if (Math.abs(actual - expected) === Infinity) assert.strictEqual(margin, -Infinity)
        else assert.isTrue(agrees(margin, Math.abs(actual - expected) <= allowed))
      }),
      { numRuns: 2000 },
    )
  })

  it("measures in tolerances", () => {
    assert.strictEqual(Margin.equal(10, 10, { absolute: 2 }), 1)
    assert.strictEqual(Margin.equal(11, 10, { absolute: 2 }), 0.5)
    assert.strictEqual(Margin.equal(12, 10, { absolute: 2 }), 0)
    assert.strictEqual(Margin.equal(14, 10, { absolute: 1, relative: 0.1 }), -1)
    assert.strictEqual(Margin.equal(1, 2, {}), -Infinity)
    assert.strictEqual(Margin.equal(0, -0, {}), 1)
  })

  it("tells infinities apart", () => {
    assert.strictEqual(Margin.equal(Infinity, Infinity, { relative: 1 }), 1)
    assert.strictEqual(Margin.equal(Infinity, -Infinity, { relative: 1 }), -Infinity)
    assert.strictEqual(Margin.equal(3, Infinity, { relative: 1 }), -Infinity)
  })

  it("does not find NaN equal to NaN", () => {
    assert.isNaN(Margin.equal(NaN, NaN, { relative: 1 }))
  })
})

const of = (margin: number): Compare.Comparison => ({ margin })

describe("Margin.all", () => {
  it("is the smallest, and NaN where any is", () => {
    assert.strictEqual(Compare.all(of(0.5), of(-0.25), of(1)).margin, -0.25)
    assert.isNaN(Compare.all(of(0.5), of(NaN), of(-1)).margin)
    assert.strictEqual(Compare.all().margin, Infinity)
  })

  it("keeps the two sides of the worst, of equal ones those of the first that has any", () => {
    const worst = Compare.all(
      Compare.atMost(1, 2),
      Compare.equal(3, 3.5, { absolute: 0.1 }),
      Compare.atLeast(5, 4),
    )
    assert.strictEqual(worst.margin, -4)
    assert.deepStrictEqual(worst.compared, {
      relation: "equal",
      actual: 3,
      bound: 3.5,
      tolerance: 0.1,
    })
    const half = Compare.atMost(1, 2)
    assert.strictEqual(Compare.all(of(0.5), half, Compare.atMost(2, 4)).compared, half.compared)
  })

  it("keeps all that it is of", () => {
    const among = [of(0.5), of(-0.25)]
    assert.deepStrictEqual(Compare.all(...among).among, among)
  })
})

describe("Margin.any", () => {
  it("is the largest, and NaN where any is", () => {
    assert.strictEqual(Compare.any(of(0.5), of(-0.25), of(1)).margin, 1)
    assert.isNaN(Compare.any(of(0.5), of(NaN), of(1)).margin)
    assert.strictEqual(Compare.any().margin, -Infinity)
  })
})

describe("Margin.holds and isViolated", () => {
  it("put the border at zero", () => {
    assert.isFalse(Margin.isViolated(Margin.holds(true)))
    assert.isTrue(Margin.isViolated(Margin.holds(false)))
    assert.deepStrictEqual(
      [0, -0, 1e-300, Infinity, -5e-324, -Infinity, NaN].map(Margin.isViolated),
      [false, false, false, false, true, true, true],
    )
  })
})
