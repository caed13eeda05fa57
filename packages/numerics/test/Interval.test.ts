/** Intervals hold what fractions compute exactly, no wider than they must be, and the exponential that integers compute to 300 digits. */
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { InvalidInput, RandomStream, Seed } from "../src/index.ts"
import * as Interval from "../src/Interval.ts"
import * as Rational from "../src/Rational.ts"
import { isWithin } from "../src/internal/interval/Arithmetic.ts"
import * as Rounding from "../src/internal/interval/Rounding.ts"

/** Round numbers, numbers of all sizes, and neighbours of the ends of the range. */
const doubles = fc.oneof(
  fc.integer({ min: -64, max: 64 }).map((x) => x / 8),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    2 ** -970,
    2 ** 970,
  ),
)
const exact = Rational.fromDouble

/** An interval and two numbers of it. */
const intervals = fc.tuple(doubles, doubles, doubles).map((three) => {
  const [low, inner, high] = three.toSorted((a, b) => a - b)
  return { interval: Interval.make(low!, high!), members: [low!, inner!, high!] }
})

const operations = [
  ["add", Interval.add, Rational.add],
  ["subtract", Interval.subtract, Rational.subtract],
  ["multiply", Interval.multiply, Rational.multiply],
  ["divide", Interval.divide, Rational.divide],
] as const

/** exp of a fraction to within 2^-300 of itself: a series of integers in units of 2^-600, then squares. */
const precise = (x: Rational.Rational): readonly [Rational.Rational, Rational.Rational] => {
  const [digits, halvings] = [600n, 24n]
  const unit = 1n << digits
  const small = (x.numerator * unit) / (x.denominator << halvings)
  let [sum, term] = [unit, unit]
  for (let i = 1n; i < 60n; i++) {
    term = (term * small) / unit / i
    sum += term
  }
  // the value is mantissa / 2^shift
  let [mantissa, shift] = [sum, digits]
  for (let i = 0n; i < halvings; i++) {
    // digits past those that count would double in number each time
    const excess = BigInt(Math.max(0, 2 * Rational.bitsOf(mantissa) - 700))
    mantissa = (mantissa * mantissa) >> excess
    shift = 2n * shift - excess
  }
  const value =
    shift < 0n ? Rational.make(mantissa << -shift, 1n) : Rational.make(mantissa, 1n << shift)
  const error = Rational.make(1n, 1n << 300n)
  return [
    Rational.multiply(value, Rational.subtract(Rational.one, error)),
    Rational.multiply(value, Rational.add(Rational.one, error)),
  ]
}

describe("intervals", () => {
  it.each(operations)("%s holds the exact result of all their numbers", (_, of, exactly) => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const found = of(a.interval, b.interval)
        for (const x of a.members) {
          for (const y of b.members) {
            if (exactly === Rational.divide && y === 0) continue
            assert.isTrue(Interval.contains(found, exactly(exact(x), exact(y))))
          }
        }
      }),
    )
  })

  it.each(operations)(
    "%s of points is a point where the result is exact, else two neighbours",
    (_, of, exactly) => {
      const ordinary = fc
        .double({ min: -1e9, max: 1e9, noNaN: true })
        .map((x) => (Math.abs(x) < 1e-9 ? 0.75 : x))
      const round = fc.integer({ min: -64, max: 64 }).map((x) => x / 8)
      const numbers = fc.oneof(
        ordinary,
        round.filter((x) => x !== 0),
      )
      fc.assert(
        fc.property(numbers, numbers, (x, y) => {
          const { high, low } = of(Interval.point(x), Interval.point(y))
          const result = exactly(exact(x), exact(y))
          const isExact = Rational.compare(exact(Rational.toNumber(result)), result) === 0
          assert.strictEqual(low === high, isExact)
          if (!isExact) assert.strictEqual(high, Rounding.up(low))
        }),
      )
    },
  )

  it("squares and absolute values hold those of all their numbers, and are never negative where these are not", () => {
    fc.assert(
      fc.property(intervals, ({ interval, members }) => {
        const [square, absolute] = [Interval.square(interval), Interval.absolute(interval)]
        for (const x of members) {
          const value = exact(x)
          assert.isTrue(Interval.contains(square, Rational.multiply(value, value)))
          assert.isTrue(Interval.contains(absolute, exact(Math.abs(x))))
        }
        assert.isAtLeast(square.low, 0)
        assert.isAtLeast(absolute.low, 0)
      }),
    )
  })

  it("square roots: the squares of the ends lie around the number", () => {
    fc.assert(
      fc.property(doubles.map(Math.abs), (x) => {
        const { high, low } = Interval.sqrt(Interval.point(x))
        const squareOf = (end: number) => Rational.multiply(exact(end), exact(end))
        assert.isAtMost(Rational.compare(squareOf(low), exact(x)), 0)
        assert.isAtLeast(Rational.compare(squareOf(high), exact(x)), 0)
        assert.isAtMost(high, Rounding.up(Rounding.up(low)))
      }),
    )
    assert.deepStrictEqual(Interval.sqrt(Interval.make(-4, 9)), { low: 0, high: 3 })
  })

  it("hold fractions of any length, in two neighbours at most", () => {
    const whole = fc.bigInt({ min: -(10n ** 330n), max: 10n ** 330n })
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const value = Rational.make(a, b === 0n ? 1n : b)
        const found = Interval.ofRational(value)
        assert.isTrue(Interval.contains(found, value))
        assert.isTrue(found.high === found.low || found.high === Rounding.up(found.low))
      }),
    )
  })

  it("exp holds what integers compute, to a few of the last digits", () => {
    const exponents = fc.oneof(
      fc.double({ min: -700, max: 709, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.integer({ min: -745, max: 709 }),
    )
    fc.assert(
      fc.property(exponents, (x) => {
        const found = Interval.exp(Interval.point(x))
        for (const value of precise(exact(x))) assert.isTrue(Interval.contains(found, value))
        if (x > -700) assert.isBelow(Interval.width(found), 3e-15 * found.low)
      }),
    )
    assert.deepStrictEqual(Interval.exp(Interval.make(-Infinity, -800)), {
      low: 0,
      high: Number.MIN_VALUE,
    })
    assert.deepStrictEqual(Interval.exp(Interval.make(800, Infinity)), {
      low: Number.MAX_VALUE,
      high: Infinity,
    })
  })

  it("log is where exp gives the number back, to a few of the last digits", () => {
    const numbers = fc.oneof(
      fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      fc.constantFrom(Number.MIN_VALUE, Number.MAX_VALUE, 1, Math.SQRT2, Math.SQRT1_2),
    )
    fc.assert(
      fc.property(numbers, (x) => {
        const found = Interval.log(Interval.point(x))
        const [below] = precise(exact(found.low))
        const [, above] = precise(exact(found.high))
        assert.isAtMost(Rational.compare(below, exact(x)), 0)
        assert.isAtLeast(Rational.compare(above, exact(x)), 0)
        assert.isAtMost(Interval.width(found), 3e-15 * Math.abs(found.low))
      }),
    )
    assert.deepStrictEqual(Interval.log(Interval.make(0, 1)), { low: -Infinity, high: 0 })
  })

  it("go on where an end is infinite", () => {
    const [half, line] = [Interval.make(1, Infinity), Interval.make(-Infinity, Infinity)]
    const two = Interval.point(2)
    assert.deepStrictEqual(Interval.add(half, two), { low: 3, high: Infinity })
    assert.deepStrictEqual(Interval.subtract(two, half), { low: -Infinity, high: 1 })
    assert.deepStrictEqual(Interval.multiply(half, Interval.make(-2, 3)), line)
    assert.deepStrictEqual(Interval.multiply(half, Interval.point(0)), Interval.point(0))
    assert.deepStrictEqual(Interval.divide(two, half), { low: 0, high: 2 })
    assert.deepStrictEqual(Interval.divide(half, half), { low: 0, high: Infinity })
    assert.deepStrictEqual(Interval.sqrt(Interval.make(4, Infinity)), { low: 2, high: Infinity })
    assert.deepStrictEqual(Interval.log(half), { low: 0, high: Infinity })
    assert.deepStrictEqual(Interval.absolute(line), { low: 0, high: Infinity })
    const large = Interval.point(Number.MAX_VALUE)
    assert.deepStrictEqual(Interval.add(large, large), { low: Number.MAX_VALUE, high: Infinity })
  })

  it("divide by what may be 0 into all numbers, and compare by their ends", () => {
    const [all, one, two] = [
      { low: -Infinity, high: Infinity },
      Interval.point(1),
      Interval.point(2),
    ]
    assert.deepStrictEqual(Interval.divide(one, Interval.make(-1, 1)), all)
    assert.deepStrictEqual(Interval.hull(one, two), { low: 1, high: 2 })
    assert.isTrue(Interval.isBelow(one, two))
    assert.isFalse(Interval.isBelow(one, Interval.make(1, 2)))
    assert.isTrue(isWithin(one, Interval.make(1, 2)))
    assert.isFalse(isWithin(Interval.make(0, 2), Interval.make(1, 2)))
  })

  it.each([
    ["ends in the wrong order", () => Interval.make(2, 1)],
    ["an end that is NaN", () => Interval.point(Number.NaN)],
    ["a number that is infinite", () => Interval.point(Infinity)],
    ["ends that are both infinite", () => Interval.make(-Infinity, -Infinity)],
    ["the root of a negative number", () => Interval.sqrt(Interval.point(-1))],
    ["the logarithm of 0", () => Interval.log(Interval.point(0))],
  ])("refuse %s", (_, make) => {
    assert.throws(make, InvalidInput)
  })
})

describe("rounding", () => {
  it("steps to the next float64 and back", () => {
    fc.assert(
      fc.property(doubles, (x) => {
        const next = Rounding.up(x)
        assert.isAbove(next, x)
        if (Number.isFinite(next)) assert.strictEqual(Rounding.down(next), x + 0)
        const middle = x / 2 + next / 2
        assert.isTrue(
          middle === x || middle === next || !Number.isFinite(middle) || Math.abs(x) < 1e-300,
        )
      }),
    )
    assert.deepStrictEqual(
      [Rounding.up(0), Rounding.down(0)],
      [Number.MIN_VALUE, -Number.MIN_VALUE],
    )
    assert.deepStrictEqual(
      [Rounding.up(Infinity), Rounding.down(Infinity)],
      [Infinity, Number.MAX_VALUE],
    )
  })
})

describe("bits", () => {
  /** FNV-1a over the words of the ends. */
  const hash = (all: ReadonlyArray<Interval.Interval>): string => {
    const words = new Uint32Array(
      Float64Array.from(all.flatMap(({ high, low }) => [low, high])).buffer,
    )
    return words
      .reduce((sum, word) => Math.imul(sum ^ word, 16777619) >>> 0, 2166136261)
      .toString(16)
  }

  it("are those of every engine", () => {
    const stream = RandomStream.make(Seed.root(42).child("intervals"))
    const found = Array.from({ length: 2000 }, () => {
      const [x, y] = [Interval.point(40 * stream.normal()), Interval.point(stream.normal())]
      const size = Interval.absolute(x)
      return [
        Interval.exp(x),
        Interval.log(size),
        Interval.sqrt(size),
        Interval.divide(x, y),
        Interval.multiply(x, y),
        Interval.add(x, y),
      ]
    })
    assert.strictEqual(hash(found.flat()), "e50e80c4")
  })
})
