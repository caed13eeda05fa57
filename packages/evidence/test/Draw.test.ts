import { InvalidInput } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { Draw } from "../src/index.ts"

const sample = <Value>(arbitrary: fc.Arbitrary<Value>, count = 2000): ReadonlyArray<Value> =>
  fc.sample(arbitrary, count)

/** Where the shrinking of an arbitrary ends if every value with `fails` fails. */
const shrunk = <Value>(arbitrary: fc.Arbitrary<Value>, fails: (value: Value) => boolean) => {
  const { counterexample } = fc.check(fc.property(arbitrary, (value) => !fails(value)))
  assert.isNotNull(counterexample)
  return counterexample[0]
}

const digitsOf = (value: number): number =>
  value.toExponential().replace(/e.*/, "").replaceAll(/[-.]/g, "").length

const end = fc
  .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -9, max: 9 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`))

const ranges = fc.tuple(end, end)
const positive = end.map((x) => (x === 0 ? 1 : Math.abs(x)))

describe("Draw.linear", () => {
  it("stays in the range, whichever end comes first", () => {
    fc.assert(
      fc.property(ranges, ([from, to]) => {
        for (const value of sample(Draw.linear(from, to), 50)) {
          assert.isAtLeast(value, Math.min(from, to))
          assert.isAtMost(value, Math.max(from, to))
        }
      }),
    )
  })

  it("stays in a range whose ends have more digits than its numbers", () => {
    const [from, to] = [0.123456784, 0.123456994]
    for (const value of sample(Draw.linear(from, to))) {
      assert.isTrue(value >= from && value <= to, String(value))
    }
  })

  it("has three significant digits", () => {
    for (const value of sample(Draw.linear(0.1, 1.9))) assert.isAtMost(digitsOf(value), 3)
  })

  it("has the digits that a narrow range needs", () => {
    assert.isAbove(new Set(sample(Draw.linear(1.9, 2))).size, 80)
    assert.isAbove(new Set(sample(Draw.linear(1, 1.00001))).size, 80)
    for (const value of sample(Draw.linear(1.9, 2))) assert.isAtMost(digitsOf(value), 4)
  })

  it("is uniform but for its ends, which it draws exactly", () => {
    const [from, to] = [0.1234567, 7.654321]
    const plain = sample(fc.noBias(Draw.linear(from, to)), 20_000)
    const counts = Array.from({ length: 10 }, () => 0)
    for (const x of plain) counts[Math.min(9, Math.floor((10 * (x - from)) / (to - from)))]!++
    // 2000 a bin, standard deviation 42; rounding to three digits moves a few over a border
    for (const count of counts) assert.isAtMost(Math.abs(count - 2000), 250)
    const biased = sample(Draw.linear(from, to))
    assert.isAbove(biased.filter((x) => x === from).length, 10)
    assert.isAbove(biased.filter((x) => x === to).length, 10)
  })

  it("shrinks towards the first end", () => {
    assert.strictEqual(
      shrunk(Draw.linear(0, 1), (x) => x >= 0.25),
      0.25,
    )
    assert.strictEqual(
      shrunk(Draw.linear(1, 0), (x) => x <= 0.25),
      0.25,
    )
    assert.strictEqual(
      shrunk(Draw.linear(2, 5), () => true),
      2,
    )
    assert.strictEqual(
      shrunk(Draw.linear(5, 2), () => true),
      5,
    )
  })

  it("survives ranges of one number, and the widest", () => {
    assert.deepStrictEqual(new Set(sample(Draw.linear(3, 3), 10)), new Set([3]))
    for (const value of sample(Draw.linear(-1.5e308, 1.5e308), 100)) {
      assert.isTrue(Number.isFinite(value))
    }
  })

  it("refuses ends that are not finite", () => {
    assert.throws(() => Draw.linear(0, Infinity), InvalidInput, /both ends must be finite/)
    assert.throws(() => Draw.linear(NaN, 1), InvalidInput)
  })
})

describe("Draw.logarithmic", () => {
  it("stays in the range, whichever end comes first", () => {
    fc.assert(
      fc.property(positive, positive, (from, to) => {
        for (const value of sample(Draw.logarithmic(from, to), 50)) {
          assert.isAtLeast(value, Math.min(from, to))
          assert.isAtMost(value, Math.max(from, to))
        }
      }),
    )
  })

  it("draws each decade as often", () => {
    const values = sample(fc.noBias(Draw.logarithmic(1e-6, 1e4)), 20_000)
    const counts = Array.from({ length: 10 }, () => 0)
    for (const x of values) counts[Math.min(9, Math.floor(Math.log10(x) + 6 + 1e-9))]!++
    for (const count of counts) assert.isAtMost(Math.abs(count - 2000), 200)
    for (const value of values) assert.isAtMost(digitsOf(value), 3)
  })

  it("shrinks towards the first end", () => {
    assert.strictEqual(
      shrunk(Draw.logarithmic(1, 1e6), (x) => x >= 1000),
      1000,
    )
    assert.strictEqual(
      shrunk(Draw.logarithmic(1, 1e-6), () => true),
      1,
    )
    assert.strictEqual(
      shrunk(Draw.logarithmic(1e-6, 1), () => true),
      1e-6,
    )
  })

  it("spans what a double spans", () => {
    for (const value of sample(Draw.logarithmic(1e-300, 1e300), 100)) {
      assert.isTrue(value > 0 && Number.isFinite(value))
    }
  })

  it("refuses ends that are not positive", () => {
    assert.throws(() => Draw.logarithmic(0, 1), InvalidInput, /positive/)
    assert.throws(() => Draw.logarithmic(-1, 1), InvalidInput)
    assert.throws(() => Draw.logarithmic(1, Infinity), InvalidInput)
  })
})

describe("Draw.integer and Draw.seed", () => {
  it("are uniform, without fast-check's weight on the ends", () => {
    const counts = Array.from({ length: 10 }, () => 0)
    for (const n of sample(Draw.integer(1, 10), 20_000)) counts[n - 1]!++
    for (const count of counts) assert.isAtMost(Math.abs(count - 2000), 200)
    const small = sample(Draw.seed()).filter((seed) => seed < 2 ** 20)
    assert.isBelow(small.length, 10)
  })

  it("shrink to the smallest", () => {
    assert.strictEqual(
      shrunk(Draw.integer(1, 50), (n) => n >= 7),
      7,
    )
    assert.strictEqual(
      shrunk(Draw.integer(1, 50), () => true),
      1,
    )
    assert.strictEqual(
      shrunk(Draw.seed(), () => true),
      0,
    )
  })

  it("give seeds of 31 bits", () => {
    for (const seed of sample(Draw.seed())) assert.isTrue(seed >= 0 && (seed | 0) === seed)
  })
})

describe("Draw.oneOf, list and record", () => {
  it("shrink to the first value, the shortest list, the smallest fields", () => {
    assert.strictEqual(
      shrunk(Draw.oneOf("a", "b", "c"), () => true),
      "a",
    )
    const lists = Draw.list(Draw.integer(0, 9), 1, 40)
    assert.deepStrictEqual(
      shrunk(lists, () => true),
      [0],
    )
    assert.deepStrictEqual(
      shrunk(lists, (xs) => xs.length >= 3),
      [0, 0, 0],
    )
    const records = Draw.record({ dimension: Draw.integer(1, 50), rate: Draw.linear(0.1, 2) })
    assert.deepStrictEqual(
      shrunk(records, ({ rate }) => rate > 1),
      { dimension: 1, rate: 1.01 },
    )
  })

  it("reach every length of a list", () => {
    const lengths = sample(Draw.list(Draw.integer(0, 9), 1, 40)).map((list) => list.length)
    assert.strictEqual(new Set(lengths).size, 40)
  })

  it("draw plain objects, as they arrive from another thread", () => {
    for (const record of sample(Draw.record({ n: Draw.integer(0, 9) }), 100)) {
      assert.deepStrictEqual(structuredClone(record), record)
      assert.strictEqual(Object.getPrototypeOf(record), Object.prototype)
    }
  })
})
