import {
  InvalidInput,
  Kernels,
  Lanczos,
  Operator,
  Orthogonal,
  RandomStream,
  Seed,
  SymmetricEigen,
  Vector,
} from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { structure, symmetric, worst } from "./support/Matrices.ts"

const seed = Seed.root(7)

/** Q diag(values) Q^T as an operator. */
const withSpectrum = (values: ReadonlyArray<number>): Operator.Operator => {
  const n = values.length
  const q = Orthogonal.haar(n, RandomStream.make(seed.child("basis")))
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++)
        a[i * n + j] = a[i * n + j]! + q[i * n + k]! * values[k]! * q[j * n + k]!
    }
  }
  return Operator.fromSymmetric(a, n)
}

const orthogonality = (vectors: Float64Array, n: number, count: number): number => {
  let largest = 0
  for (let i = 0; i < count; i++) {
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

describe("Lanczos", () => {
  it("finds the ends of the dense spectrum on every family", () => {
    const instance = structure(60).chain((of) =>
      fc.tuple(fc.constant(of), fc.integer({ min: 0, max: Math.min(5, of.n) })),
    )
    fc.assert(
      fc.property(instance, ([of, count]) => {
        const a = symmetric(of)
        const operator = Operator.fromMatrix(a, of.n, of.n)
        const all = SymmetricEigen.eigenvalues(a, of.n)
        const norm = Vector.maxAbs(all) || 1
        const options = { dimension: of.n, count, seed, tolerance: 1e-11 }
        const top = Lanczos.topEigenpairs(operator, options)
        const bottom = Lanczos.bottomEigenpairs(operator, options)
        assert.deepStrictEqual([top.status, bottom.status], ["converged", "converged"])
        const residual = Math.max(Vector.maxAbs(top.residuals), Vector.maxAbs(bottom.residuals))
        assert.isAtMost(residual / norm, 1e-11 * 1.01)
        assert.isAtMost(worst(top.values, all.slice(of.n - count).toReversed(), norm), 1e-11)
        assert.isAtMost(worst(bottom.values, all.slice(0, count), norm), 1e-11)
        assert.isAtMost(orthogonality(top.vectors, of.n, count), 1e-13)
      }),
      { numRuns: 100 },
    )
  })

  it("finds every copy of a multiple eigenvalue", () => {
    const values = Array.from({ length: 80 }, (_, i) => (i < 4 ? 5 : i < 6 ? 4 : i / 80))
    const { values: found, status } = Lanczos.topEigenpairs(withSpectrum(values), {
      dimension: 80,
      count: 6,
      seed,
    })
    assert.strictEqual(status, "converged")
    assert.isAtMost(worst(found, Float64Array.of(5, 5, 5, 5, 4, 4)), 1e-9)
  })

  it("finds both ends at once", () => {
    const values = Array.from({ length: 100 }, (_, i) => (i - 50) ** 3)
    const { values: found } = Lanczos.bothEnds(withSpectrum(values), {
      dimension: 100,
      count: 2,
      seed,
    })
    const expected = Float64Array.of(-125000, -117649, 117649, 110592)
    assert.isAtMost(worst(found, expected, 125000), 1e-12)
  })

  it("says budget where the products run out, with honest residuals", () => {
    const values = Array.from({ length: 200 }, (_, i) => i)
    const operator = withSpectrum(values)
    const pairs = Lanczos.topEigenpairs(operator, {
      dimension: 200,
      count: 3,
      seed,
      maxProducts: 20,
    })
    assert.strictEqual(pairs.status, "budget")
    assert.isAtMost(pairs.products, 20)
    const product = new Float64Array(200)
    pairs.values.forEach((value, j) => {
      const v = pairs.vectors.subarray(j * 200, (j + 1) * 200)
      operator(v, product)
      Vector.axpy(-value, v, product)
      assert.isAtMost(Math.abs(Vector.norm(product) - pairs.residuals[j]!), 1e-12)
      const nearest = Math.min(...values.map((x) => Math.abs(x - value)))
      assert.isAtMost(nearest, pairs.residuals[j]!)
    })
  })

  it("starts at a given vector, and is done at once at an eigenvector", () => {
    const values = Array.from({ length: 50 }, (_, i) => 1.2 ** i)
    const operator = withSpectrum(values)
    const first = Lanczos.topEigenpairs(operator, { dimension: 50, count: 1, seed })
    const again = Lanczos.topEigenpairs(operator, {
      dimension: 50,
      count: 1,
      seed,
      start: first.vectors,
    })
    assert.isBelow(again.products, first.products)
    assert.isAtMost(Math.abs(again.values[0]! / 1.2 ** 49 - 1), 1e-13)
  })

  it("repeats itself bit for bit, and does so with the plain kernels", () => {
    const operator = withSpectrum(Array.from({ length: 90 }, (_, i) => Math.sqrt(i)))
    const options = { dimension: 90, count: 4, seed }
    const once = Lanczos.topEigenpairs(operator, options)
    assert.deepStrictEqual(Lanczos.topEigenpairs(operator, options), once)
    assert.deepStrictEqual(
      Lanczos.topEigenpairs(operator, { ...options, kernels: Kernels.reference() }),
      once,
    )
  })

  it("takes a dense matrix", () => {
    const n = 120
    const a = symmetric({ n, family: "random", seed: 4 })
    const { values, status } = Lanczos.topOfSymmetric(a, { dimension: n, count: 3, seed })
    assert.strictEqual(status, "converged")
    const expected = SymmetricEigen.eigenvalues(a, n)
      .slice(n - 3)
      .toReversed()
    assert.isAtMost(worst(values, expected), 1e-11)
  })

  it("refuses what it cannot do", () => {
    const identity: Operator.Operator = (v, out) => out.set(v)
    const options = { dimension: 5, count: 2, seed }
    const refused = (operator: Operator.Operator, more: Partial<Lanczos.Options>) =>
      assert.throws(() => Lanczos.topEigenpairs(operator, { ...options, ...more }), InvalidInput)
    refused(identity, { count: 6 })
    refused(identity, { count: -1 })
    refused(identity, { dimension: 2.5 })
    refused(identity, { tolerance: NaN })
    refused(identity, { maxProducts: 3 })
    refused(identity, { start: new Float64Array(4) })
    refused(identity, { subspace: 1 })
    refused((_, out) => out.fill(NaN), {})
    refused((_, out) => out.fill(Infinity), {})
    assert.throws(() => Lanczos.bothEnds(identity, { ...options, count: 3 }), InvalidInput)
    assert.throws(() => Lanczos.topOfSymmetric(new Float64Array(24), options), InvalidInput)
    assert.strictEqual(Lanczos.topEigenpairs(identity, { ...options, count: 0 }).values.length, 0)
  })
})
