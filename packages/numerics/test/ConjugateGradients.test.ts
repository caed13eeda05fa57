import { InvalidInput, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Operator from "@nonconvex/numerics/Operator"
import * as ConjugateGradients from "../src/ConjugateGradients.ts"
import fc from "fast-check"
import { assert, describe, it } from "vitest"

const expand = (n: number, decades: number, seed: number) => {
  const stream = RandomStream.make(Seed.root(seed))
  const q = Orthogonal.haar(n, stream)
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        const value = 10 ** ((decades * k) / Math.max(1, n - 1))
        a[i * n + j] = a[i * n + j]! + q[i * n + k]! * value * q[j * n + k]!
      }
    }
  }
  const b = new Float64Array(n)
  stream.fillNormal(b)
  return { operator: Operator.fromSymmetric(a, n), a, b }
}

const residualOf = (operator: Operator.Operator, x: Float64Array, b: Float64Array) => {
  const product = new Float64Array(b.length)
  operator(x, product)
  return Vector.distance(product, b)
}

describe("ConjugateGradients", () => {
  it("solves with the residual it reports", () => {
    const structure = fc.record({
      n: fc.integer({ min: 0, max: 40 }),
      decades: fc.integer({ min: 0, max: 5 }),
      seed: fc.nat(2 ** 31),
    })
    fc.assert(
      fc.property(structure, ({ n, decades, seed }) => {
        const { operator, b } = expand(n, decades, seed)
        const kept = b.slice()
        const { solution, residual, status } = ConjugateGradients.solve(operator, b, {
          maxProducts: 5000,
        })
        assert.strictEqual(status, "converged")
        assert.isAtMost(residual, 1e-10 * Vector.norm(b))
        assert.isAtMost(
          Math.abs(residualOf(operator, solution, b) - residual),
          1e-14 * 10 ** decades,
        )
        assert.deepStrictEqual(b, kept)
      }),
      { numRuns: 60 },
    )
  })

  it("needs as many products as there are distinct eigenvalues, and two for residuals", () => {
    const diagonal: Operator.Operator = (v, out) =>
      v.forEach((x, i) => (out[i] = (1 + (i % 3)) * x))
    const { products, status } = ConjugateGradients.solve(diagonal, new Float64Array(30).fill(1))
    assert.deepStrictEqual([status, products], ["converged", 5])
  })

  it("takes a preconditioner and a start", () => {
    const diagonal: Operator.Operator = (v, out) =>
      v.forEach((x, i) => (out[i] = 10 ** (i / 4) * x))
    const preconditioner: Operator.Operator = (v, out) =>
      v.forEach((x, i) => (out[i] = x / 10 ** (i / 4)))
    const b = new Float64Array(30).fill(1)
    const { solution, products } = ConjugateGradients.solve(diagonal, b, { preconditioner })
    assert.strictEqual(products, 3)
    const again = ConjugateGradients.solve(diagonal, b, { start: solution })
    assert.strictEqual(again.products, 1)
  })

  it("says indefinite, with a direction that shows it", () => {
    const operator: Operator.Operator = (v, out) =>
      v.forEach((x, i) => (out[i] = (i === 3 ? -1 : 1) * x))
    const { status, direction } = ConjugateGradients.solve(operator, Float64Array.of(1, 1, 1, 1.5))
    assert.strictEqual(status, "indefinite")
    const product = new Float64Array(4)
    operator(direction!, product)
    assert.isAtMost(Vector.dot(direction!, product), 0)
  })

  it("solves right-hand sides of any size, with the digits of those of size 1", () => {
    const diagonal: Operator.Operator = (v, out) => v.forEach((x, i) => (out[i] = (i + 1) * x))
    const one = ConjugateGradients.solve(diagonal, Float64Array.of(1, 1, 1))
    for (const power of [-1000, -600, -565, 565, 600, 1000]) {
      const by = 2 ** power
      const { residual, solution, status, products } = ConjugateGradients.solve(
        diagonal,
        new Float64Array(3).fill(by),
      )
      assert.deepStrictEqual([status, products], [one.status, one.products])
      assert.deepStrictEqual(
        solution,
        one.solution.map((x) => x * by),
      )
      assert.strictEqual(residual, one.residual * by)
    }
    // A start that is huge beside b, and b at the ends of what float64 has.
    const far = ConjugateGradients.solve(diagonal, new Float64Array(3).fill(1e-170), {
      start: Float64Array.of(1e170, -1e150, 3),
    })
    assert.strictEqual(far.status, "converged")
    for (const size of [1e-306, 1e307]) {
      const { solution, status } = ConjugateGradients.solve(
        diagonal,
        new Float64Array(3).fill(size),
      )
      assert.strictEqual(status, "converged")
      solution.forEach((x, i) => assert.isAtMost(Math.abs((x * (i + 1)) / size - 1), 1e-9))
    }
  })

  it("never calls a positive definite operator indefinite, also at tolerance 0", () => {
    for (let seed = 0; seed < 40; seed++) {
      const n = 2 + (seed % 6)
      const { operator, b } = expand(n, seed % 3, seed)
      const { residual, status } = ConjugateGradients.solve(operator, b, {
        tolerance: 0,
        maxProducts: 2000,
      })
      assert.notStrictEqual(status, "indefinite")
      assert.isAtMost(residual, 1e-12 * Vector.norm(b))
    }
  })

  it("says budget where the products run out, and where rounding ends the progress", () => {
    const { operator, b } = expand(40, 8, 3)
    const short = ConjugateGradients.solve(operator, b, { maxProducts: 7 })
    assert.deepStrictEqual([short.status, short.products], ["budget", 7])
    assert.isAtMost(Math.abs(residualOf(operator, short.solution, b) - short.residual), 1e-6)
    const rounded = ConjugateGradients.solve(operator, b, { tolerance: 0, maxProducts: 3000 })
    assert.strictEqual(rounded.status, "budget")
    assert.isBelow(rounded.residual, 1e-5 * Vector.norm(b))
  })

  it("is done at once for b = 0, and refuses bad input", () => {
    const identity: Operator.Operator = (v, out) => out.set(v)
    const { solution, status } = ConjugateGradients.solve(identity, new Float64Array(3))
    assert.deepStrictEqual([solution, status], [new Float64Array(3), "converged"])
    const b = Float64Array.of(1, 2)
    const refused = (
      f: Operator.Operator,
      of: Float64Array,
      options: Parameters<typeof ConjugateGradients.solve>[2],
    ) => assert.throws(() => ConjugateGradients.solve(f, of, options), InvalidInput)
    refused(identity, Float64Array.of(1, NaN), {})
    refused(identity, b, { tolerance: -1 })
    refused(identity, b, { maxProducts: 0 })
    refused(identity, b, { start: new Float64Array(3) })
    refused((_, out) => out.fill(NaN), b, {})
  })
})
