import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as StochasticLanczosQuadrature from "@nonconvex/numerics/StochasticLanczosQuadrature"
import * as Operator from "@nonconvex/numerics/Operator"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { structure, symmetric } from "./support/Matrices.ts"

const seed = Seed.root(5)

describe("stochastic Lanczos quadrature", () => {
  it("has rules that integrate polynomials exactly, with weights that sum to 1", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(2 ** 31),
        (n, steps, s) => {
          const a = symmetric({ n, family: "random", seed: s })
          const operator = Operator.fromMatrix(a, n, n)
          const { rules } = StochasticLanczosQuadrature.quadrature(operator, {
            dimension: n,
            seed,
            probes: 1,
            steps,
          })
          const { nodes, weights } = rules[0]!
          const probe = new Float64Array(n)
          RandomStream.make(seed.child(0)).fillSphere(probe)
          const power = probe.slice()
          const product = new Float64Array(n)
          for (let degree = 0; degree <= Math.min(5, 2 * nodes.length - 1); degree++) {
            const exact = probe.reduce((sum, x, i) => sum + x * power[i]!, 0)
            const rule = weights.reduce((sum, w, j) => sum + w * nodes[j]! ** degree, 0)
            assert.isAtMost(Math.abs(exact - rule), 1e-11 * (2 * Math.sqrt(n)) ** degree)
            operator(power, product)
            power.set(product)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it("stops where the Krylov space ends", () => {
    const identity: Operator.Operator = (v, out) => v.forEach((x, i) => (out[i] = 3 * x))
    const { rules, products } = StochasticLanczosQuadrature.quadrature(identity, {
      dimension: 20,
      seed,
      probes: 4,
      steps: 9,
    })
    assert.strictEqual(products, 4)
    for (const { nodes, weights } of rules) {
      assert.strictEqual(nodes.length, 1)
      assert.isAtMost(Math.abs(nodes[0]! - 3), 1e-14)
      assert.strictEqual(weights[0], 1)
    }
  })

  it("estimates the log-determinant and the number of eigenvalues in a range within the error bars", () => {
    const n = 80
    const a = symmetric({ n, family: "random", seed: 2 })
    for (let i = 0; i < n; i++) a[i * n + i] = a[i * n + i]! + 30
    const operator = Operator.fromMatrix(a, n, n)
    const rules = StochasticLanczosQuadrature.quadrature(operator, {
      dimension: n,
      seed,
      probes: 40,
      steps: 40,
    })
    const eigenvalues = SymmetricEigen.eigenvalues(a, n)
    const exact = eigenvalues.reduce((sum, x) => sum + Math.log(x), 0)
    const { estimate, standardError } = StochasticLanczosQuadrature.traceOf(rules, Math.log)
    assert.isAtMost(Math.abs(estimate - exact), 4 * standardError)
    assert.isBelow(standardError, 0.01 * exact)
  })

  it("has a density of integral 1 that follows the semicircle", () => {
    const n = 300
    const a = symmetric({ n, family: "random", seed: 8 })
    const operator = Operator.fromSymmetric(a, n)
    const rules = StochasticLanczosQuadrature.quadrature(operator, {
      dimension: n,
      seed,
      probes: 10,
      steps: 60,
    })
    const edge = 2 * Math.sqrt(n)
    const grid = Float64Array.from({ length: 201 }, (_, i) => ((i - 100) / 100) * 1.5 * edge)
    const { values, standardError } = StochasticLanczosQuadrature.density(rules, grid, edge / 20)
    const step = grid[1]! - grid[0]!
    assert.isAtMost(Math.abs(values.reduce((sum, x) => sum + x * step, 0) - 1), 1e-6)
    const centre = 1 / (Math.PI * Math.sqrt(n))
    assert.isAtMost(Math.abs(values[100]! - centre), 4 * standardError[100]! + 0.03 * centre)
    assert.isBelow(standardError[100]!, 0.2 * centre)
  })

  it("agrees with the exact trace for every family where the steps reach the dimension", () => {
    fc.assert(
      fc.property(structure(12), (of) => {
        if (of.n === 0) return
        const a = symmetric(of)
        const operator = Operator.fromMatrix(a, of.n, of.n)
        const rules = StochasticLanczosQuadrature.quadrature(operator, {
          dimension: of.n,
          seed,
          probes: 3,
          steps: of.n,
        })
        const { estimate } = StochasticLanczosQuadrature.traceOf(rules, () => 1)
        assert.isAtMost(Math.abs(estimate - of.n), 1e-12 * of.n)
      }),
      { numRuns: 60 },
    )
  })

  it("refuses bad counts, widths and operators", () => {
    const identity: Operator.Operator = (v, out) => out.set(v)
    const options = { dimension: 3, seed, probes: 2, steps: 2 }
    const refused = (
      more: Partial<StochasticLanczosQuadrature.Options>,
      f: Operator.Operator = identity,
    ) =>
      assert.throws(
        () => StochasticLanczosQuadrature.quadrature(f, { ...options, ...more }),
        InvalidInput,
      )
    refused({ dimension: 0 })
    refused({ probes: 0 })
    refused({ steps: 1.5 })
    refused({}, (_, out) => out.fill(NaN))
    const rules = StochasticLanczosQuadrature.quadrature(identity, options)
    assert.throws(
      () => StochasticLanczosQuadrature.density(rules, new Float64Array(1), 0),
      InvalidInput,
    )
  })
})
