import { InvalidInput, Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Operator from "@nonconvex/numerics/Operator"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
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

  it("finds them where the space becomes invariant just when it looks", () => {
    // The Krylov space of one start has one copy of each: it ends after 10 steps, the second copies after 20.
    for (const copies of [3, 4, 6]) {
      const values = Array.from({ length: 10 * copies }, (_, i) => 1 + (i % 10))
      const { values: found, status } = Lanczos.topEigenpairs(withSpectrum(values), {
        dimension: values.length,
        count: 3,
        seed,
      })
      assert.strictEqual(status, "converged")
      assert.isAtMost(worst(found, Float64Array.of(10, 10, 10)), 1e-9)
    }
  })

  it("finds them where invariant spaces end between two looks, and where the start lies in one", () => {
    const diagonal =
      (values: ReadonlyArray<number>): Operator.Operator =>
      (v, out) =>
        v.forEach((x, i) => (out[i] = values[i]! * x))
    for (const distinct of [2, 7, 9]) {
      const values = Array.from({ length: 60 }, (_, i) => 1 + (i % distinct))
      const options = { dimension: 60, count: 3, seed }
      const { values: found, status } = Lanczos.topEigenpairs(diagonal(values), options)
      assert.strictEqual(status, "converged")
      assert.isAtMost(worst(found, Float64Array.of(distinct, distinct, distinct)), 1e-9)
    }
    const start = new Float64Array(200)
    start[7] = 1
    const values = Array.from({ length: 200 }, (_, i) => (i === 0 ? 50 : i === 7 ? 5 : i / 200))
    const options = { dimension: 200, count: 1, seed, start }
    const top = Lanczos.topEigenpairs(diagonal(values), options)
    assert.deepStrictEqual([top.status, top.values.length], ["converged", 1])
    assert.isAtMost(Math.abs(top.values[0]! - 50), 1e-8)
  })

  it("needs few products where every space is invariant", () => {
    const identity: Operator.Operator = (v, out) => out.set(v)
    const twoRanks: Operator.Operator = (v, out) => {
      out.fill(0)
      out[3] = 5 * v[3]!
      out[8] = -2 * v[8]!
    }
    const options = { dimension: 1000, count: 3, seed }
    for (const [operator, expected] of [
      [identity, [1, 1, 1]],
      [twoRanks, [5, 0, 0]],
      [(_: Float64Array, out: Float64Array) => out.fill(0), [0, 0, 0]],
    ] as const) {
      const { products, status, values } = Lanczos.topEigenpairs(operator, options)
      assert.strictEqual(status, "converged")
      assert.isAtMost(products, 15)
      assert.isAtMost(worst(values, Float64Array.from(expected)), 1e-13)
    }
  })

  it("ends with what it has where the space is full and the tolerance is not met", () => {
    // Products that carry noise of 1e-7, as those of differences do.
    const noisy = (values: ReadonlyArray<number>): Operator.Operator => {
      const stream = RandomStream.make(Seed.root(3))
      return (v, out) => v.forEach((x, i) => (out[i] = values[i]! * x + 1e-7 * stream.normal()))
    }
    const ten = Array.from({ length: 10 }, (_, i) => i + 1)
    const ends = Lanczos.bothEnds(noisy(ten), { dimension: 10, count: 1, seed })
    assert.strictEqual(ends.status, "budget")
    assert.isAtMost(worst(ends.values, Float64Array.of(1, 10)), 1e-5)
    assert.isAtMost(Vector.maxAbs(ends.residuals), 1e-5)

    for (const n of [1, 3, 5, 8, 22]) {
      const a = symmetric({ n, family: "random", seed: n })
      const all = SymmetricEigen.eigenvalues(a, n)
      for (const solve of [Lanczos.topEigenpairs, Lanczos.bottomEigenpairs]) {
        const options = { dimension: n, count: 1, seed, tolerance: 0 }
        const { products, residuals, values } = solve(Operator.fromMatrix(a, n, n), options)
        const expected = solve === Lanczos.topEigenpairs ? all[n - 1]! : all[0]!
        assert.isAtMost(Math.abs(values[0]! - expected), 1e-13)
        assert.isAtMost(residuals[0]!, 1e-13)
        assert.strictEqual(products, n + 1)
      }
    }
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

  it("finds the same after many restarts, where relaxed kernels look less often", () => {
    const n = 120
    const a = symmetric({ n, family: "random", seed: 4 })
    const expected = SymmetricEigen.eigenvalues(a, n)
      .slice(n - 8)
      .toReversed()
    const scale = expected[0]!
    for (const kernels of [Kernels.strict(), RelaxedKernels.relaxed()]) {
      const options = { dimension: n, count: 8, seed, subspace: 24, kernels }
      const { residuals, status, values } = Lanczos.topOfSymmetric(a, options)
      assert.strictEqual(status, "converged")
      assert.isAtMost(worst(values, expected), 1e-9)
      for (const residual of residuals) assert.isAtMost(residual, 1e-10 * 1.1 * scale)
    }
  })

  it("ends sooner where it looks more often", () => {
    const operator = withSpectrum(Array.from({ length: 60 }, (_, i) => 0.5 ** i))
    const options = { dimension: 60, count: 1, seed, tolerance: 1e-2 }
    const [often, seldom] = [2, 10].map((lookEvery) =>
      Lanczos.topEigenpairs(operator, { ...options, lookEvery }),
    )
    assert.isBelow(often!.products, seldom!.products)
    assert.strictEqual(often!.status, "converged")
    assert.isAtMost(Math.abs(often!.values[0]! - 1), often!.residuals[0]! + 1e-15)
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
