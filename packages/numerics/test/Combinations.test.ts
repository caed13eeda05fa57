import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { combinations } from "../src/internal/Combinations.ts"

describe("combinations", () => {
  it("adds one vector after the other, whatever the length", () => {
    const length = fc.oneof(fc.nat(40), fc.integer({ min: 3000, max: 20_000 }))
    fc.assert(
      fc.property(length, fc.nat(12), fc.nat(6), fc.nat(1000), (n, size, count, seed) => {
        const stream = RandomStream.make(Seed.root(seed))
        const fresh = (of: number) => (): Float64Array => {
          const x = new Float64Array(of)
          stream.fillNormal(x)
          return x
        }
        const vectors = Array.from({ length: size }, fresh(n))
        const coordinates = Array.from({ length: count }, fresh(size))
        const expected = coordinates.map((c) => {
          const sum = new Float64Array(n)
          vectors.forEach((v, i) => Vector.axpy(c[i]!, v, sum))
          return sum
        })
        assert.deepStrictEqual(combinations(vectors, coordinates, n, Kernels.strict()), expected)
      }),
      { numRuns: 40 },
    )
  })
})
