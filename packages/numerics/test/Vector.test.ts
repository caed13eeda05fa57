import { InvalidInput, Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { assert, describe, it } from "vitest"

const structure = fc.record({
  n: fc.integer({ min: 0, max: 40 }),
  decade: fc.integer({ min: -300, max: 300 }),
  seed: fc.nat(2 ** 31),
})

const expand = (n: number, scale: number, seed: number, label: string) => {
  const out = new Float64Array(n)
  RandomStream.make(Seed.root(seed).child(label)).fillNormal(out)
  return out.map((x) => x * scale)
}

describe("Vector", () => {
  it("takes norms and distances of any size to a few ulp", () => {
    fc.assert(
      fc.property(structure, ({ n, decade, seed }) => {
        const base = expand(n, 1, seed, "a")
        const other = expand(n, 1, seed, "b")
        // A power of two: the scaled vectors have the same digits.
        const scale = 2 ** Math.round((decade * Math.LN10) / Math.LN2)
        const plain = Math.sqrt(base.reduce((sum, x) => sum + x * x, 0))
        const apart = Math.sqrt(base.reduce((sum, x, i) => sum + (x - other[i]!) ** 2, 0))
        const [a, b] = [base, other].map((v) => v.map((x) => x * scale))
        assert.isAtMost(Math.abs(Vector.norm(a!) / scale - plain), 1e-14 * plain)
        assert.isAtMost(Math.abs(Vector.distance(a!, b!) / scale - apart), 1e-14 * apart)
      }),
      { numRuns: 300 },
    )
  })

  it("takes norms of many numbers whose squares are all subnormal", () => {
    for (const x of [1.6e-157, 1e-160, 3e-155]) {
      const a = new Float64Array(1e6).fill(x)
      const zero = new Float64Array(1e6)
      for (const norm of [
        Vector.norm(a),
        Vector.distance(a, zero),
        Kernels.strict().norm(a),
        RelaxedKernels.relaxed().norm(a),
      ]) {
        assert.isAtMost(Math.abs(norm / (1000 * x) - 1), 1e-13)
      }
    }
  })

  it("knows which sums of squares are good for a norm", () => {
    assert.deepStrictEqual([0, 2 ** -971, NaN, Infinity].map(Vector.isSafeSum), [
      false,
      false,
      false,
      false,
    ])
    assert.deepStrictEqual([2 ** -970, 1, Number.MAX_VALUE].map(Vector.isSafeSum), [
      true,
      true,
      true,
    ])
  })

  it("defines norms of zeros, subnormals, infinities and NaN", () => {
    assert.strictEqual(Vector.norm(new Float64Array(3)), 0)
    assert.strictEqual(Vector.norm(new Float64Array(0)), 0)
    assert.strictEqual(Vector.norm(Float64Array.of(5e-324)), 5e-324)
    assert.strictEqual(Vector.norm(Float64Array.of(1, -Infinity)), Infinity)
    assert.isNaN(Vector.norm(Float64Array.of(NaN, Infinity)))
    assert.isNaN(Vector.norm(Float64Array.of(Infinity, NaN)))
    assert.strictEqual(Vector.distance(Float64Array.of(1), Float64Array.of(Infinity)), Infinity)
    assert.isNaN(Vector.distance(Float64Array.of(1, NaN), Float64Array.of(Infinity, 1)))
    assert.strictEqual(Vector.maxAbs(Float64Array.of(1, -3, 2)), 3)
    assert.isNaN(Vector.maxAbs(Float64Array.of(Infinity, NaN)))
  })

  it("sums element i into accumulator i mod 4", () => {
    for (let n = 0; n < 12; n++) {
      const a = expand(n, 1, n, "a")
      const b = expand(n, 1, n, "b")
      const sums = [0, 0, 0, 0]
      a.forEach((x, i) => (sums[i % 4]! += x * b[i]!))
      assert.strictEqual(Vector.dot(a, b), sums[0]! + sums[1]! + (sums[2]! + sums[3]!))
    }
    const large = Float64Array.of(1e16, 1, -1e16, 1, 1, 1, 1)
    const ones = new Float64Array(7).fill(1)
    assert.strictEqual(Vector.dot(large, ones), 1e16 + 1 + (1 + 1) + (-1e16 + 1 + 1))
  })

  it("normalises vectors of any length, and leaves zero and infinity", () => {
    fc.assert(
      fc.property(structure, ({ n, decade, seed }) => {
        const a = expand(n, 10 ** decade, seed, "a")
        const before = Vector.norm(a)
        assert.strictEqual(Vector.normalise(a), before)
        if (before > 0) assert.isAtMost(Math.abs(Vector.norm(a) - 1), 1e-15)
      }),
      { numRuns: 100 },
    )
    const subnormal = Float64Array.of(5e-324, 5e-324)
    Vector.normalise(subnormal)
    assert.isAtMost(Math.abs(Vector.norm(subnormal) - 1), 1e-15)
    const infinite = Float64Array.of(1, Infinity)
    assert.strictEqual(Vector.normalise(infinite), Infinity)
    assert.deepStrictEqual(infinite, Float64Array.of(1, Infinity))
  })

  it("updates in place", () => {
    const y = Float64Array.of(1, 2)
    Vector.axpy(2, Float64Array.of(10, 20), y)
    assert.deepStrictEqual(y, Float64Array.of(21, 42))
    Vector.axpy(1, y, y)
    assert.deepStrictEqual(y, Float64Array.of(42, 84))
    Vector.scale(0.5, y)
    assert.deepStrictEqual(y, Float64Array.of(21, 42))
    assert.deepStrictEqual(
      [
        Float64Array.of(1),
        Float64Array.of(NaN),
        Float64Array.of(-Infinity),
        new Float64Array(0),
      ].map(Vector.isFinite),
      [true, false, false, true],
    )
  })

  it("refuses different lengths, with the numbers", () => {
    const [two, three] = [new Float64Array(2), new Float64Array(3)]
    for (const f of [
      () => Vector.dot(two, three),
      () => Vector.distance(two, three),
      () => Vector.axpy(1, two, three),
    ]) {
      assert.throws(f, InvalidInput, "first = 2, second = 3")
    }
  })
})
