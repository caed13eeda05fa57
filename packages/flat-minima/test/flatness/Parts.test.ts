/** Blocks of a Hessian: exact sums for small ones, estimates whose errors cover the truth for large ones. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { assert, describe, it } from "vitest"
import { partCurvatures } from "../../src/flatness/Parts.ts"

const seed = Seed.root(1)
const architecture = Architecture.make({ widths: [6, 12, 8, 2], activation: "tanh" })
const features = new Float64Array(6 * 40)
RandomStream.make(seed.child("features")).fillNormal(features)
const labels = Int32Array.from({ length: 40 }, (_, i) => (features[6 * i]! > 0 ? 1 : 0))
const objective = network({
  features,
  dimension: 6,
  architecture,
  loss: Loss.crossEntropy(labels),
})
const x = Initialisation.glorot(architecture, seed)
const options = { seed: seed.child("parts"), kernels: Kernels.strict() }

describe("partCurvatures", () => {
  const exact = partCurvatures(objective, x, architecture.parts, options)

  it("sums the diagonal of small networks, and finds the top eigenvalue to its residual", () => {
    const unit = new Float64Array(x.length)
    const out = new Float64Array(x.length)
    for (const [k, { begin, end }] of architecture.parts.entries()) {
      let trace = 0
      for (let i = begin; i < end; i++) {
        unit.fill(0)
        unit[i] = 1
        objective.hessianVector(x, unit, out)
        trace += out[i]!
      }
      assert.approximately(exact[k]!.trace.estimate, trace, 1e-13)
      assert.strictEqual(exact[k]!.trace.standardError, 0)
      assert.isAtMost(exact[k]!.residual, 1e-3 * exact[k]!.topEigenvalue)
    }
  })

  it("takes a formula where there is one", () => {
    const traces = Float64Array.of(1, 2, 3)
    const found = partCurvatures(objective, x, architecture.parts, { ...options, traces })
    assert.deepStrictEqual(
      found.map(({ trace }) => trace.estimate),
      [1, 2, 3],
    )
  })

  it("estimates larger blocks with an error that covers the truth, each by its own products", () => {
    const found = partCurvatures(objective, x, architecture.parts, {
      ...options,
      dense: 0,
      probes: 20,
    })
    for (const [k, { trace }] of found.slice(0, 2).entries()) {
      assert.isAbove(trace.standardError, 0)
      const { estimate } = exact[k]!.trace
      assert.isAtMost(Math.abs(trace.estimate - estimate), 4 * trace.standardError)
    }
    // 18 parameters: as many products give it exactly
    assert.strictEqual(found[2]!.trace.standardError, 0)
  })

  it("says where a search ran out of products", () => {
    const few = { ...options, dense: 0, probes: 20, products: 4 }
    const found = partCurvatures(objective, x, architecture.parts, few)
    assert.strictEqual(found[0]!.status, "budget")
    assert.isAbove(found[0]!.residual, 0)
  })
})
