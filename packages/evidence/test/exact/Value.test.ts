/** Values: fractions where fractions suffice, intervals from there on, and texts of both. */
import { InvalidInput } from "@nonconvex/numerics"
import * as Interval from "@nonconvex/numerics/Interval"
import * as Rational from "@nonconvex/numerics/Rational"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Confirmation from "../../src/exact/Confirmation.ts"
import { toText } from "../../src/exact/Text.ts"
import * as Value from "../../src/exact/Value.ts"

const fractions = fc
  .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 999 }))
  .map(([a, b]) => Rational.make(BigInt(a), BigInt(b)))

/** A fraction, and an interval that holds it. */
const held = fc.tuple(fractions, fc.boolean()).map(([exact, isInterval]) => ({
  exact,
  value: isInterval ? Interval.ofRational(exact) : exact,
}))

const operations = [
  ["add", Value.add, Rational.add],
  ["subtract", Value.subtract, Rational.subtract],
  ["multiply", Value.multiply, Rational.multiply],
] as const

describe("exact values", () => {
  it.each(operations)(
    "%s: a fraction of fractions, else an interval that holds it",
    (_, of, exactly) => {
      fc.assert(
        fc.property(held, held, (a, b) => {
          const [found, exact] = [of(a.value, b.value), exactly(a.exact, b.exact)]
          assert.isTrue(Interval.contains(Value.interval(found), exact))
          const areFractions = Value.isFraction(a.value) && Value.isFraction(b.value)
          assert.strictEqual(Value.isFraction(found), areFractions)
          if (areFractions) assert.deepStrictEqual(found, exact)
        }),
      )
    },
  )

  it("divide, square, negate and take absolute values of both kinds", () => {
    fc.assert(
      fc.property(held, held, (a, b) => {
        const holds = (found: Value.Value, exact: Rational.Rational) =>
          assert.isTrue(Interval.contains(Value.interval(found), exact))
        holds(Value.square(a.value), Rational.multiply(a.exact, a.exact))
        holds(Value.negate(a.value), Rational.negate(a.exact))
        holds(Value.absolute(a.value), a.exact.numerator < 0n ? Rational.negate(a.exact) : a.exact)
        if (!Rational.isZero(b.exact)) {
          holds(Value.divide(a.value, b.value), Rational.divide(a.exact, b.exact))
        }
      }),
    )
    const two = Value.of(2)
    assert.deepStrictEqual(Value.sum(two, two, Value.one), Value.of(5))
    assert.deepStrictEqual(Value.product(two, two, Value.of("1/8")), Value.of("0.5"))
  })

  it("take roots of squares as fractions, and of other numbers between two neighbours", () => {
    fc.assert(
      fc.property(fractions, (a) => {
        const absolute = Value.absolute(a)
        assert.deepStrictEqual(Value.sqrt(Value.square(a)), absolute)
        const root = Value.interval(Value.sqrt(absolute))
        assert.isTrue(Interval.contains(Interval.square(root), absolute as Rational.Rational))
      }),
    )
    assert.deepStrictEqual(Value.sqrt(Value.zero), Value.zero)
    assert.isFalse(Value.isFraction(Value.sqrt(Value.of(2))))
    assert.throws(() => Value.sqrt(Value.of(-1)), InvalidInput)
  })

  it("exp and log are intervals that undo each other", () => {
    const three = Value.of(3)
    const [back, forth] = [Value.exp(Value.log(three)), Value.log(Value.exp(three))]
    for (const found of [back, forth]) {
      assert.isTrue(Interval.contains(Value.interval(found), Rational.fromDouble(3)))
    }
  })

  it("know powers of either kind", () => {
    fc.assert(
      fc.property(fractions, fc.integer({ min: 1, max: 6 }), (a, n) => {
        const [base, exponent] = [Value.absolute(a), Rational.make(BigInt(n), 3n)]
        if (Value.compare(base, Value.zero) === 0) return
        const cube = Value.product(...[0, 1, 2].map(() => Value.power(base, exponent)))
        const exact = Value.product(...Array.from({ length: n }, () => base)) as Rational.Rational
        assert.isTrue(Interval.contains(Value.interval(cube), exact))
        const inverse = Value.power(base, Rational.make(BigInt(-n), 1n))
        assert.deepStrictEqual(Value.multiply(inverse, exact), Value.one)
      }),
    )
  })

  it("compare where intervals do not overlap", () => {
    const [third, root] = [Value.of("1/3"), Value.sqrt(Value.of(2))]
    assert.deepStrictEqual(
      [Value.compare(third, root), Value.compare(root, third), Value.compare(third, third)],
      [-1, 1, 0],
    )
    assert.isUndefined(Value.compare(root, root))
  })

  it("of fractions with thousands of digits go on as intervals", () => {
    let power: Value.Value = Value.of("1/3")
    for (let k = 0; k < 12; k++) power = Value.square(power)
    assert.isFalse(Value.isFraction(power))
  })

  it.each([
    ["a text that is no fraction", () => Value.of("one half")],
    ["a number that is not finite", () => Value.of(Number.NaN)],
    ["a division by 0", () => Value.divide(Value.one, Value.zero)],
  ])("refuse %s", (_, make) => {
    assert.throws(make, InvalidInput)
  })
})

describe("texts of exact values", () => {
  it.each([
    ["9/16", "9/16"],
    ["20.001", "20.001"],
    ["-5", "-5"],
    ["1/3", "1/3"],
    ["1e-3", "0.001"],
  ])("%s is %s", (written, read) => {
    assert.strictEqual(toText(Value.of(written)), read)
  })

  it("of intervals are rounded outward", () => {
    assert.strictEqual(toText(Value.sqrt(Value.of(2))), "[1.41421, 1.41422]")
    assert.strictEqual(toText(Interval.point(0.5)), "0.5")
  })

  it("of long fractions are decimals that hold them", () => {
    const long = Value.of(`1/${"3".repeat(30)}`)
    assert.strictEqual(toText(long), "[3e-30, 3.00001e-30]")
  })
})

describe("confirmations", () => {
  const [two, three, root] = [Value.of(2), Value.of(3), Value.sqrt(Value.of(2))]
  const { atLeast, atMost, confirm, describe: inWords, equal, first, mildest, worst } = Confirmation

  it("refute what is past its bound, with how far", () => {
    const found = confirm(atMost(three, two))
    assert.strictEqual(found.outcome, "refuted")
    assert.strictEqual(found.by, "fractions")
    assert.deepStrictEqual(found.violation, { low: 1, high: 1, fraction: "1/1" })
    assert.strictEqual(inWords(found), "exactly, by fractions: 3 is above its bound 2, by 1")
    assert.strictEqual(confirm(atLeast(two, three)).finding, "2 is below the required 3, by 1")
    assert.strictEqual(confirm(equal(two, three)).finding, "2 is not 3: it is off by 1")
  })

  it("know how far float64 vectors are apart, and nothing of what is no number", () => {
    const at = Float64Array.of(1, 0.5)
    const origin = new Float64Array(2)
    assert.deepStrictEqual(Value.squaredDistance(at, origin), Value.of("5/4"))
    for (const beyond of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const far = Value.squaredDistance(Float64Array.of(beyond, 0), origin)
      assert.strictEqual(confirm(atMost(far, two)).outcome, "undecided")
    }
  })

  it("by intervals refute what is certain, and leave open what is not", () => {
    const found = confirm(atMost(two, root))
    assert.strictEqual(found.by, "intervals")
    assert.strictEqual(
      inWords(found),
      "exactly, by intervals: 2 is above its bound [1.41421, 1.41422], by [0.585786, 0.585787]",
    )
    assert.isAbove(found.violation.low, 0)
    const open = confirm(equal(Value.square(root), two))
    assert.strictEqual(open.outcome, "undecided")
    assert.match(inWords(open), /^in floating point only; the intervals are too wide to decide/)
  })

  it("say that a statement holds where a violation is one of rounding", () => {
    const tenth = Value.of("0.1")
    const found = confirm(equal(Value.sum(tenth, tenth, tenth), Value.of("0.3")))
    assert.strictEqual(
      inWords(found),
      "in floating point only; in exact arithmetic it holds, by fractions: 0.3 is 0.3",
    )
    assert.strictEqual(confirm(atMost(root, two)).outcome, "holds")
  })

  it("of several are that of the one that fails most", () => {
    assert.deepStrictEqual(
      worst(atMost(two, three), atMost(three, two), equal(two, two)),
      atMost(three, two),
    )
    assert.strictEqual(confirm(worst()).outcome, "holds")
    const [one, five] = [atMost(three, two), atMost(Value.of(7), two)]
    assert.deepStrictEqual(first(equal(two, two), one, five), one)
    assert.deepStrictEqual(first(equal(two, two), atMost(two, three)), equal(two, two))
    assert.deepStrictEqual(mildest(five, one), one)
    assert.strictEqual(confirm(mildest()).outcome, "holds")
  })
})
