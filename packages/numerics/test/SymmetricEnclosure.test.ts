/** Enclosures of eigenvalues against exact counts: the characteristic polynomial in fractions, whose roots are all real. */
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { InvalidInput } from "../src/index.ts"
import * as Interval from "../src/Interval.ts"
import * as Rational from "../src/Rational.ts"
import * as SymmetricEnclosure from "../src/SymmetricEnclosure.ts"
import { isWithin } from "../src/internal/interval/Arithmetic.ts"

type Matrix = ReadonlyArray<Rational.Rational>

const whole = (x: number) => Rational.make(BigInt(x), 1n)

/** Coefficients of det(x I - A), the highest first (Faddeev and LeVerrier). */
const characteristic = (a: Matrix, n: number): ReadonlyArray<Rational.Rational> => {
  const coefficients = [Rational.one]
  let m: Matrix = a.map(() => Rational.zero)
  for (let k = 1; k <= n; k++) {
    const last = coefficients.at(-1)!
    const shifted = m.map((x, at) => (at % (n + 1) === 0 ? Rational.add(x, last) : x))
    m = a.map((_, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      return Array.from({ length: n }, (_unused, l) =>
        Rational.multiply(a[i * n + l]!, shifted[l * n + j]!),
      ).reduce(Rational.add)
    })
    const trace = Array.from({ length: n }, (_, i) => m[i * (n + 1)]!).reduce(Rational.add)
    coefficients.push(Rational.divide(trace, whole(-k)))
  }
  return coefficients
}

/** How many eigenvalues are above t: by Descartes' rule, which is exact where all roots are real. */
const above = (a: Matrix, n: number, t: Rational.Rational): number => {
  const moved = a.map((x, at) => (at % (n + 1) === 0 ? Rational.subtract(x, t) : x))
  const signs = characteristic(moved, n)
    .map((x) => Rational.compare(x, Rational.zero))
    .filter((x) => x !== 0)
  return signs.filter((sign, k) => k > 0 && sign !== signs[k - 1]).length
}

const symmetric = fc.integer({ min: 1, max: 5 }).chain((n) =>
  fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: n * n, maxLength: n * n })
    .map((entries) => ({
      n,
      entries: entries.map(
        (_, at) =>
          entries[Math.max(Math.floor(at / n), at % n) * n + Math.min(Math.floor(at / n), at % n)]!,
      ),
    })),
)

describe("enclosures of eigenvalues", () => {
  it("hold the k-th smallest one each, copies counted, within a billionth of the norm", () => {
    fc.assert(
      fc.property(symmetric, ({ entries, n }) => {
        const a = entries.map(whole)
        SymmetricEnclosure.eigenvalues(Float64Array.from(entries), n).forEach((found, k) => {
          const [low, high] = [Rational.fromDouble(found.low), Rational.fromDouble(found.high)]
          // k eigenvalues at most are below the k-th, counted from 0, and n - 1 - k above it
          const below = above(a.map(Rational.negate), n, Rational.negate(low))
          assert.isAtMost(below, k)
          assert.isAtMost(above(a, n, high), n - 1 - k)
          assert.isBelow(Interval.width(found), 1e-8)
        })
      }),
      { numRuns: 30 },
    )
  })

  it("hold those of every matrix between entries", () => {
    const between = [0.9, 1.1].map((x) => Interval.point(x)).reduce(Interval.hull)
    const zero = Interval.point(0)
    const [least, most] = SymmetricEnclosure.eigenvalues([between, zero, zero, between], 2)
    assert.isTrue(isWithin(between, least!) && isWithin(between, most!))
  })

  it("of fractions separate what differs by a ten billionth", () => {
    const near = Rational.make(10n ** 10n + 1n, 10n ** 10n)
    const entries = [Rational.one, Rational.zero, Rational.zero, near].map(Interval.ofRational)
    const [least, most] = SymmetricEnclosure.eigenvalues(entries, 2)
    assert.isTrue(Interval.isBelow(least!, most!))
  })

  it("refuse a matrix of another size", () => {
    assert.throws(() => SymmetricEnclosure.eigenvalues(Float64Array.of(1, 2), 2), InvalidInput)
  })
})
