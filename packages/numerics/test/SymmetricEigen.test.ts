import { InvalidInput, Kernels, Seed, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { epsilon, type Structure, structure, symmetric, worst } from "./support/Matrices.ts"

/** 50 ulp times the dimension, of the norm. */
const bound = (n: number) => 50 * epsilon * Math.max(1, n)

const residual = (a: Float64Array, n: number, pairs: SymmetricEigen.Eigen): number => {
  const scale = Vector.maxAbs(a) || 1
  let largest = 0
  pairs.values.forEach((value, j) => {
    const v = SymmetricEigen.vector(pairs, j)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += (a[i * n + k]! / scale) * v[k]!
      const difference = Math.abs(sum - (value / scale) * v[i]!)
      if (!(difference <= largest)) largest = difference
    }
  })
  return largest
}

const orthogonality = (n: number, { values, vectors }: SymmetricEigen.Eigen): number => {
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j <= i; j++) {
      const product = Vector.dot(
        vectors.subarray(i * n, (i + 1) * n),
        vectors.subarray(j * n, (j + 1) * n),
      )
      largest = Math.max(largest, Math.abs(product - (i === j ? 1 : 0)))
    }
  }
  return largest
}

const isAscending = (values: Float64Array) => values.every((x, i) => i === 0 || values[i - 1]! <= x)

/** The largest entry bounds the norm from below within a factor n; the bound asks for this much. */
const holds = (of: Structure) => {
  const a = symmetric(of)
  const before = a.slice()
  const pairs = SymmetricEigen.eigen(a, of.n)
  const norm = Vector.maxAbs(a) || 1
  assert.isAtMost(residual(a, of.n, pairs), bound(of.n), "residual")
  assert.isAtMost(orthogonality(of.n, pairs), bound(of.n), "orthogonality")
  assert.isTrue(isAscending(pairs.values))
  const values = SymmetricEigen.eigenvalues(a, of.n)
  assert.isAtMost(worst(values, pairs.values, norm), bound(of.n), "eigenvalues alone")
  assert.deepStrictEqual(a, before, "the input is not modified")
}

describe("SymmetricEigen", () => {
  it("has small residuals and orthonormal vectors on every family", () => {
    fc.assert(fc.property(structure(90), holds), { numRuns: 150 })
  })

  it("has the same bits from the strict kernels and the plain loops", () => {
    fc.assert(
      fc.property(structure(70), (of) => {
        const a = symmetric(of)
        const strict = SymmetricEigen.eigen(a, of.n, Kernels.strict())
        assert.deepStrictEqual(SymmetricEigen.eigen(a, of.n, Kernels.reference()), strict)
      }),
      { numRuns: 40 },
    )
  })

  it("keeps couplings of 1e-8 beside entries of 1", () => {
    for (const a of [
      Float64Array.of(0, 0, 9e-9, 0, 0, 1, 9e-9, 1, 0),
      Float64Array.of(1, 0, 1e-8, 0, 0, 1, 1e-8, 1, 0),
    ]) {
      const pairs = SymmetricEigen.eigen(a, 3)
      assert.isAtMost(residual(a, 3, pairs), bound(3))
      assert.isAtMost(worst(SymmetricEigen.eigenvalues(a, 3), pairs.values), bound(3))
    }
    // A repeated eigenvalue splits by the first order: 1 +- 1e-8 / sqrt(2).
    const split = SymmetricEigen.eigenvalues(Float64Array.of(1, 0, 1e-8, 0, 0, 1, 1e-8, 1, 0), 3)
    assert.isAtMost(
      worst(split, Float64Array.of(-1, 1 - 1e-8 * Math.SQRT1_2, 1 + 1e-8 * Math.SQRT1_2)),
      bound(3),
    )
  })

  it("reads the lower triangle only", () => {
    for (const n of [3, 50]) {
      const a = symmetric({ n, family: "random", seed: 9 })
      for (const other of [0, 1e300, NaN]) {
        const half = a.map((x, at) => (at % n > Math.floor(at / n) ? other : x))
        assert.deepStrictEqual(SymmetricEigen.eigen(half, n), SymmetricEigen.eigen(a, n))
        assert.deepStrictEqual(
          SymmetricEigen.eigenvalues(half, n),
          SymmetricEigen.eigenvalues(a, n),
        )
        assert.deepStrictEqual(
          Lanczos.topOfSymmetric(half, { dimension: n, count: 1, seed: Seed.root(1) }),
          Lanczos.topOfSymmetric(a, { dimension: n, count: 1, seed: Seed.root(1) }),
        )
      }
    }
  })

  it("selects a range as the whole has it", () => {
    const range = structure(60).chain((of) =>
      fc.tuple(
        fc.constant(of),
        fc.integer({ min: 0, max: of.n }),
        fc.integer({ min: 0, max: of.n }),
      ),
    )
    fc.assert(
      fc.property(range, ([of, x, y]) => {
        const [from, to] = [Math.min(x, y), Math.max(x, y)]
        const a = symmetric(of)
        const part = SymmetricEigen.eigenRange(a, of.n, from, to)
        const whole = SymmetricEigen.eigen(a, of.n)
        assert.deepStrictEqual(part.values, whole.values.slice(from, to))
        assert.isAtMost(residual(a, of.n, part), bound(of.n))
        assert.isAtMost(orthogonality(of.n, part), bound(of.n))
      }),
      { numRuns: 40 },
    )
  })

  it("knows the second difference matrix", () => {
    // Eigenvalues 2 - 2 cos(k pi / (n + 1)).
    const n = 150
    const a = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2
      if (i > 0) a[i * n + i - 1] = -1
    }
    const expected = Float64Array.from(
      { length: n },
      (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)),
    )
    assert.isAtMost(worst(SymmetricEigen.eigen(a, n).values, expected), 4 * epsilon * Math.sqrt(n))
    assert.isAtMost(worst(SymmetricEigen.eigenvalues(a, n), expected), 4 * epsilon * Math.sqrt(n))
  })

  it("defines dimensions 0 and 1", () => {
    assert.deepStrictEqual(SymmetricEigen.eigen(new Float64Array(0), 0), {
      values: new Float64Array(0),
      vectors: new Float64Array(0),
    })
    assert.deepStrictEqual(SymmetricEigen.eigen(Float64Array.of(-3), 1), {
      values: Float64Array.of(-3),
      vectors: Float64Array.of(1),
    })
  })

  it("refuses wrong lengths, fractions, bad ranges and entries that are not finite", () => {
    const two = Float64Array.of(1, 2, 2, 1)
    assert.throws(() => SymmetricEigen.eigen(two, 3), InvalidInput, "must be 9")
    assert.throws(() => SymmetricEigen.eigenvalues(two, 1.5), InvalidInput)
    assert.throws(() => SymmetricEigen.eigenRange(two, 2, 2, 1), InvalidInput)
    assert.throws(() => SymmetricEigen.eigenRange(two, 2, 0, 3), InvalidInput)
    for (const bad of [NaN, Infinity, -Infinity]) {
      assert.throws(
        () => SymmetricEigen.eigen(Float64Array.of(1, 0, bad, 1), 2),
        InvalidInput,
        "a[2]",
      )
    }
  })

  it("works within three matrices of memory, beside input and result", () => {
    const n = 500
    const kernels = Kernels.makeStrict({ capacity: 8 * 3 * n * n })
    const bounded = { ...kernels, withCapacity: () => assert.fail("asked for more memory") }
    const a = symmetric({ n, family: "random", seed: 6 })
    const { values } = SymmetricEigen.eigen(a, n, bounded)
    assert.isAtMost(worst(values, SymmetricEigen.eigenvalues(a, n), values[n - 1]), bound(n))
  })

  it("takes a matrix that lies in the arena, and gives back what it took there", () => {
    const { arena } = Kernels.strict()
    const of: Structure = { n: 50, family: "random", seed: 3 }
    const used = arena.used
    arena.scoped((space) => {
      const a = space.f64(2500)
      a.set(symmetric(of))
      assert.deepStrictEqual(SymmetricEigen.eigen(a, 50), SymmetricEigen.eigen(symmetric(of), 50))
    })
    assert.strictEqual(arena.used, used)
  })
})
