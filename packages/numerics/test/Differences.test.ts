import { InvalidInput, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as Differences from "@nonconvex/numerics/Differences"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { worst } from "./support/Matrices.ts"

/** f(x) = sum of exp(x_i) + (sum of x)^2 / 2. */
const gradient: Parameters<typeof Differences.hessian>[0] = (x, out) => {
  const total = x.reduce((sum, value) => sum + value, 0)
  x.forEach((value, i) => (out[i] = Math.exp(value) + total))
}

const exact = (x: Float64Array, v: Float64Array): Float64Array => {
  const total = v.reduce((sum, value) => sum + value, 0)
  return v.map((value, i) => Math.exp(x[i]!) * value + total)
}

describe("Differences", () => {
  it("multiplies by the Hessian, whatever the length of v", () => {
    const structure = fc.record({
      n: fc.integer({ min: 0, max: 20 }),
      decade: fc.integer({ min: -200, max: 200 }),
      seed: fc.nat(2 ** 31),
    })
    fc.assert(
      fc.property(structure, ({ n, decade, seed }) => {
        const stream = RandomStream.make(Seed.root(seed))
        const [x, v, out] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
        stream.fillNormal(x)
        stream.fillNormal(v)
        Vector.scale(10 ** decade, v)
        const [keptX, keptV] = [x.slice(), v.slice()]
        Differences.hessianVector(gradient, x, v, out)
        const expected = exact(x, v)
        // Rounding of gradients of size 20 over the step 1e-5, against |H v|.
        assert.isAtMost(Vector.distance(out, expected), 1e-8 * Vector.norm(expected))
        assert.deepStrictEqual([x, v], [keptX, keptV])
      }),
      { numRuns: 100 },
    )
  })

  it("multiplies vectors that are subnormal", () => {
    const x = Float64Array.of(0.5, -1)
    for (const v of [
      Float64Array.of(3e-313, -1e-313),
      Float64Array.of(1e-314, 2e-314),
      Float64Array.of(5e-324, 0),
    ]) {
      const out = new Float64Array(2)
      Differences.hessianVector(gradient, x, v, out)
      // To a digit of the smallest number, beside the error of the difference.
      assert.isAtMost(worst(out, exact(x, v)), 1e-8 * Vector.norm(v) + 1e-323)
    }
  })

  it("may write over v, and gives zero for v = 0 without a call", () => {
    const x = Float64Array.of(0.5, -1)
    const v = Float64Array.of(1, 2)
    const expected = exact(x, v)
    Differences.hessianVector(gradient, x, v, v)
    assert.isAtMost(Vector.distance(v, expected), 1e-8)
    const out = Float64Array.of(7, 7)
    Differences.hessianVector(() => assert.fail("called"), x, new Float64Array(2), out)
    assert.deepStrictEqual(out, new Float64Array(2))
  })

  it("is an operator that reads x at each product", () => {
    const x = Float64Array.of(0, 0)
    const hessian = Differences.hessian(gradient, x)
    const out = new Float64Array(2)
    x[0] = 2
    const v = Float64Array.of(1, 0)
    hessian(v, out)
    assert.isAtMost(Vector.distance(out, exact(x, v)), 1e-8)
  })

  it("refuses wrong lengths", () => {
    const [two, three] = [new Float64Array(2), new Float64Array(3)]
    assert.throws(() => Differences.hessianVector(gradient, two, three, two), InvalidInput)
    assert.throws(() => Differences.hessianVector(gradient, two, two, three), InvalidInput)
    assert.throws(() => Differences.hessianVector(gradient, two, two, two, three), InvalidInput)
  })
})
