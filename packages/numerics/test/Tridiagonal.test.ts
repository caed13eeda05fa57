import { InvalidInput, Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as Tridiagonal from "../src/Tridiagonal.ts"
import fc from "fast-check"
import { assert, describe, it, vi } from "vitest"
import { epsilon, worst } from "./support/Matrices.ts"

type Entry = (i: number, n: number, stream: RandomStream.RandomStream) => number

/** Diagonal and off-diagonal of matrices that are hard for one method or the other. */
const families: Record<string, readonly [diagonal: Entry, off: Entry]> = {
  random: [(_, __, s) => s.normal(), (_, __, s) => s.normal()],
  "gaussian ensemble": [(_, __, s) => s.normal(), (i) => Math.sqrt(i + 1)],
  "second differences": [() => 2, () => -1],
  Wilkinson: [(i, n) => Math.abs(i - (n - 1) / 2), () => 1],
  "glued Wilkinson": [(i) => Math.abs((i % 21) - 10), (i) => (i % 21 === 20 ? 1e-8 : 1)],
  "graded down": [(i, n) => 10 ** ((-300 * i) / n), (i, n) => 0.3 * 10 ** ((-300 * i) / n)],
  "graded up": [(i, n) => 10 ** ((300 * i) / n - 300), (i, n) => 0.3 * 10 ** ((300 * i) / n - 300)],
  Clement: [() => 0, (i, n) => Math.sqrt((i + 1) * (n - 1 - i))],
  "zero diagonal": [() => 0, (_, __, s) => s.uniform()],
  "nearly diagonal": [(_, __, s) => s.uniform(), (_, __, s) => 1e-12 * s.uniform()],
  "many scales": [(_, __, s) => 2 ** (-60 * s.uniform()), (_, __, s) => 2 ** (-60 * s.uniform())],
  "sparse coupling": [(i) => i % 3, (i) => (i % 5 === 0 ? 1 : 0)],
  zero: [() => 0, () => 0],
  huge: [(_, __, s) => 1e307 * s.uniform(), (_, __, s) => 1e307 * s.uniform()],
}

const expand = (family: string, n: number, seed: number) => {
  const stream = RandomStream.make(Seed.root(seed).child(family))
  const [diagonal, off] = families[family]!
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => diagonal(i, n, stream)),
    off: Float64Array.from({ length: Math.max(0, n - 1) }, (_, i) => off(i, n, stream)),
  }
}

const structure = fc.record({
  family: fc.constantFrom(...Object.keys(families)),
  n: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 130 })),
  seed: fc.nat(2 ** 31),
})

describe("Tridiagonal", () => {
  it("has small residuals, orthonormal vectors and the same values with and without vectors", () => {
    fc.assert(
      fc.property(structure, ({ family, n, seed }) => {
        const { diagonal, off } = expand(family, n, seed)
        const { values, vectors } = Tridiagonal.eigen(diagonal, off)
        const norm = Math.max(Vector.maxAbs(diagonal), Vector.maxAbs(off)) || 1
        const bound = 50 * epsilon * Math.max(1, n)
        let residual = 0
        let orthogonality = 0
        for (let j = 0; j < n; j++) {
          const v = vectors.subarray(j * n, (j + 1) * n)
          for (let i = 0; i < n; i++) {
            const left = i > 0 ? (off[i - 1]! / norm) * v[i - 1]! : 0
            const right = i < n - 1 ? (off[i]! / norm) * v[i + 1]! : 0
            const entry = (diagonal[i]! / norm - values[j]! / norm) * v[i]! + left + right
            if (!(Math.abs(entry) <= residual)) residual = Math.abs(entry)
          }
          for (let k = 0; k <= j; k++) {
            const product = Vector.dot(v, vectors.subarray(k * n, (k + 1) * n))
            orthogonality = Math.max(orthogonality, Math.abs(product - (j === k ? 1 : 0)))
          }
        }
        assert.isAtMost(residual, bound, "residual")
        assert.isAtMost(orthogonality, bound, "orthogonality")
        const alone = Tridiagonal.eigenvalues(diagonal, off)
        assert.isAtMost(worst(alone, values, norm), bound, "values")
        assert.isTrue(alone.every((x, i) => i === 0 || alone[i - 1]! <= x))
      }),
      { numRuns: 150 },
    )
  })

  it("has the same bits from the strict kernels and the plain loops", () => {
    const { diagonal, off } = expand("gaussian ensemble", 100, 1)
    assert.deepStrictEqual(
      Tridiagonal.eigen(diagonal, off, Kernels.reference()),
      Tridiagonal.eigen(diagonal, off, Kernels.strict()),
    )
  })

  it("takes no lengths from the engine, which has its own digits for them", () => {
    const hypot = vi.spyOn(Math, "hypot").mockReturnValue(NaN)
    try {
      for (const family of ["graded down", "graded up", "zero"]) {
        const { diagonal, off } = expand(family, 40, 1)
        assert.isTrue(Vector.isFinite(Tridiagonal.eigen(diagonal, off).vectors))
      }
      assert.strictEqual(hypot.mock.calls.length, 0)
    } finally {
      hypot.mockRestore()
    }
  })

  it("knows the integers of the Clement matrix", () => {
    // Eigenvalues -(n-1), -(n-3), ..., n-1.
    const n = 60
    const { diagonal, off } = expand("Clement", n, 0)
    const expected = Float64Array.from({ length: n }, (_, i) => 2 * i - (n - 1))
    assert.isAtMost(worst(Tridiagonal.eigenvalues(diagonal, off), expected), 2 * n * n * epsilon)
    assert.isAtMost(worst(Tridiagonal.eigen(diagonal, off).values, expected), 2 * n * n * epsilon)
  })

  it("refuses wrong lengths and entries that are not finite", () => {
    const one = Float64Array.of(1)
    assert.throws(() => Tridiagonal.eigenvalues(one, one), InvalidInput, "must be 0")
    assert.throws(
      () => Tridiagonal.eigen(Float64Array.of(1, NaN), one),
      InvalidInput,
      "diagonal[1]",
    )
    assert.throws(
      () => Tridiagonal.eigenvalues(Float64Array.of(1, 2), Float64Array.of(Infinity)),
      InvalidInput,
    )
  })
})
