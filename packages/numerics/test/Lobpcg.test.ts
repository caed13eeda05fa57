import { InvalidInput, Seed, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Operator from "@nonconvex/numerics/Operator"
import * as Lobpcg from "../src/Lobpcg.ts"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { structure, symmetric, worst } from "./support/Matrices.ts"

const seed = Seed.root(3)

describe("Lobpcg", () => {
  it("finds the ends of the dense spectrum on every family, with the residuals it reports", () => {
    const instance = structure(40).chain((of) =>
      fc.tuple(fc.constant(of), fc.integer({ min: 0, max: Math.min(4, of.n) })),
    )
    fc.assert(
      fc.property(instance, ([of, count]) => {
        const a = symmetric(of)
        const operator = Operator.fromMatrix(a, of.n, of.n)
        const all = SymmetricEigen.eigenvalues(a, of.n)
        const norm = Vector.maxAbs(all) || 1
        const options = { dimension: of.n, count, seed, tolerance: 1e-7, maxProducts: 20_000 }
        const top = Lobpcg.topEigenpairs(operator, options)
        const bottom = Lobpcg.bottomEigenpairs(operator, options)
        assert.isAtMost(worst(top.values, all.slice(of.n - count).toReversed(), norm), 2e-7)
        if (bottom.status === "converged") {
          assert.isAtMost(worst(bottom.values, all.slice(0, count), norm), 2e-7)
        }
        const product = new Float64Array(of.n)
        for (let j = 0; j < count; j++) {
          const v = top.vectors.subarray(j * of.n, (j + 1) * of.n)
          operator(v, product)
          Vector.axpy(-top.values[j]!, v, product)
          assert.isAtMost(Math.abs(Vector.norm(product) - top.residuals[j]!) / norm, 1e-13)
        }
      }),
      { numRuns: 60 },
    )
  })

  it("finds every copy of a multiple eigenvalue", () => {
    const top = [50, 50, 40, 40, 40]
    const diagonal: Operator.Operator = (v, out) =>
      v.forEach((x, i) => (out[i] = (i < 5 ? top[i]! : i / 200) * x))
    for (let count = 1; count <= 5; count++) {
      for (let s = 0; s < 10; s++) {
        const options = { dimension: 200, count, seed: Seed.root(s) }
        const { status, values } = Lobpcg.topEigenpairs(diagonal, options)
        assert.strictEqual(status, "converged")
        assert.isAtMost(worst(values, Float64Array.from(top.slice(0, count))), 1e-8)
      }
    }
  })

  it("needs few products from a warm start, and fewer with a good preconditioner", () => {
    const n = 200
    const at =
      (shift: number): Operator.Operator =>
      (v, out) => {
        for (let i = 0; i < n; i++) {
          const left = i > 0 ? v[i - 1]! : 0
          const right = i < n - 1 ? v[i + 1]! : 0
          out[i] = (i + 1 + shift) * v[i]! + 0.3 * (left + right)
        }
      }
    const options = { dimension: n, count: 3, seed, tolerance: 1e-9 }
    const cold = Lobpcg.bottomEigenpairs(at(0), options)
    const warm = Lobpcg.bottomEigenpairs(at(1e-6), { ...options, start: cold.vectors })
    assert.deepStrictEqual([cold.status, warm.status], ["converged", "converged"])
    assert.isBelow(warm.products, cold.products / 2)
    const preconditioner: Operator.Operator = (v, out) =>
      v.forEach((x, i) => (out[i] = x / (i + 1)))
    const helped = Lobpcg.bottomEigenpairs(at(0), { ...options, preconditioner })
    assert.isBelow(helped.products, cold.products / 2)
    assert.isAtMost(worst(helped.values, cold.values), 1e-9)
  })

  it("says budget where the products run out", () => {
    const a = symmetric({ n: 100, family: "random", seed: 1 })
    const operator = Operator.fromSymmetric(a, 100)
    const { status, products } = Lobpcg.topEigenpairs(operator, {
      dimension: 100,
      count: 4,
      seed,
      maxProducts: 30,
    })
    assert.strictEqual(status, "budget")
    assert.isAtMost(products, 30)
  })

  it("refuses bad input", () => {
    const identity: Operator.Operator = (v, out) => out.set(v)
    const options = { dimension: 4, count: 2, seed }
    const refused = (
      more: Partial<Parameters<typeof Lobpcg.topEigenpairs>[1]>,
      f: Operator.Operator = identity,
    ) => assert.throws(() => Lobpcg.topEigenpairs(f, { ...options, ...more }), InvalidInput)
    refused({ count: 5 })
    refused({ dimension: -1 })
    refused({ tolerance: NaN })
    refused({ maxProducts: 3 })
    refused({ start: new Float64Array(12) })
    refused({ start: new Float64Array(5) })
    refused({}, (_, out) => out.fill(NaN))
    // Zero and dependent start vectors are replaced.
    const { values } = Lobpcg.topEigenpairs(identity, { ...options, start: new Float64Array(8) })
    assert.isAtMost(worst(values, Float64Array.of(1, 1)), 1e-15)
  })
})
