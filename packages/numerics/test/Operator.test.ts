import { InvalidInput, Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as Operator from "@nonconvex/numerics/Operator"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { worst } from "./support/Matrices.ts"

describe("Operator", () => {
  it("multiplies by a symmetric matrix as by the whole one, with the same bits in the arena and outside", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.nat(2 ** 31), (n, seed) => {
        const stream = RandomStream.make(Seed.root(seed))
        const a = new Float64Array(n * n)
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = stream.normal()
        }
        const v = new Float64Array(n)
        stream.fillNormal(v)
        const [whole, outside, inside] = [0, 1, 2].map(() => new Float64Array(n))
        Operator.fromMatrix(a, n, n)(v, whole!)
        Operator.fromSymmetric(a, n)(v, outside!)
        Kernels.strict().arena.scoped((space) => {
          const copy = space.f64(n * n)
          copy.set(a)
          Operator.fromSymmetric(copy, n)(v, inside!)
        })
        assert.deepStrictEqual(inside, outside)
        assert.isAtMost(worst(outside!, whole!), 1e-13)
      }),
      { numRuns: 60 },
    )
  })

  it("multiplies by a rectangular matrix, with the same bits in the arena and outside", () => {
    const a = Float64Array.of(1, 2, 3, 4, 5, 6)
    const out = new Float64Array(2)
    Operator.fromMatrix(a, 2, 3)(Float64Array.of(1, 0, -1), out)
    assert.deepStrictEqual(out, Float64Array.of(-2, -2))
    Kernels.strict().arena.scoped((space) => {
      const copy = space.f64(6)
      copy.set(a)
      Operator.fromMatrix(copy, 2, 3)(Float64Array.of(1, 1, 1), out)
    })
    assert.deepStrictEqual(out, Float64Array.of(6, 15))
  })

  it("refuses wrong lengths, of the matrix at once and of vectors at the product", () => {
    const a = new Float64Array(6)
    assert.throws(() => Operator.fromMatrix(a, 2, 2), InvalidInput, "must be 4")
    assert.throws(() => Operator.fromMatrix(a, -2, -3), InvalidInput)
    assert.throws(() => Operator.fromSymmetric(a, 2), InvalidInput)
    const [two, three] = [new Float64Array(2), new Float64Array(3)]
    assert.throws(() => Operator.fromMatrix(a, 2, 3)(two, two), InvalidInput)
    assert.throws(() => Operator.fromMatrix(a, 2, 3)(three, three), InvalidInput)
    assert.throws(() => Operator.fromSymmetric(new Float64Array(4), 2)(three, two), InvalidInput)
  })
})
