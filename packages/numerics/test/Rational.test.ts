/** Fractions: the laws of a field, doubles there and back, texts, and the least denominator within a tolerance. */
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Rational from "../src/Rational.ts"

const whole = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
const fractions = fc
  .tuple(
    whole,
    whole.filter((x) => x !== 0n),
  )
  .map(([a, b]) => Rational.make(a, b))

describe("fractions", () => {
  it("are in lowest terms with a denominator above 0, and obey the laws of a field", () => {
    fc.assert(
      fc.property(fractions, fractions, fractions, (a, b, c) => {
        for (const { denominator, numerator } of [a, Rational.add(a, b), Rational.multiply(b, c)]) {
          assert.isTrue(denominator > 0n)
          assert.strictEqual(Rational.gcd(numerator, denominator), 1n)
        }
        assert.deepStrictEqual(
          Rational.multiply(a, Rational.add(b, c)),
          Rational.add(Rational.multiply(a, b), Rational.multiply(a, c)),
        )
        assert.deepStrictEqual(Rational.subtract(Rational.add(a, b), b), a)
        if (!Rational.isZero(b)) {
          assert.deepStrictEqual(Rational.multiply(Rational.divide(a, b), b), a)
        }
        assert.strictEqual(Rational.compare(a, b), -Rational.compare(b, a))
      }),
    )
  })

  it("read what they write, and decimals exactly", () => {
    fc.assert(
      fc.property(fractions, (a) => {
        assert.deepStrictEqual(Rational.parse(Rational.toText(a)), a)
      }),
    )
    assert.deepStrictEqual(Rational.parse("-0.25"), Rational.make(-1n, 4n))
    assert.deepStrictEqual(Rational.parse("0.1/0.3"), Rational.make(1n, 3n))
    assert.deepStrictEqual(Rational.parse("1e-3"), Rational.make(1n, 1000n))
    for (const text of ["", "1/", "/2", "1/0", "1/2/3", "1e999", "0x1", "NaN", "9".repeat(5000)]) {
      assert.isUndefined(Rational.parse(text), text)
    }
  })

  it("are the double that they are made of, and near those of any length", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        assert.strictEqual(Rational.toNumber(Rational.fromDouble(x)), x + 0)
      }),
    )
    const long = 10n ** 500n
    assert.strictEqual(Rational.toNumber(Rational.make(long + 1n, 3n * long)), 1 / 3)
  })

  it("near a double have the least denominator within the tolerance", () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 500 }), (p, q) => {
        assert.deepStrictEqual(Rational.near(p / q, 1e-9), Rational.make(BigInt(p), BigInt(q)))
      }),
    )
  })
})
