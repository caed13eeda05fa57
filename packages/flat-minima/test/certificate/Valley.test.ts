/** The bounds that decide without a gap in the spectrum. */
import { Kernels, Seed } from "@nonconvex/numerics"
import { quadratic } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { residualBounds, sharesBelow } from "../../src/certificate/Valley.ts"
import { quadraticModel } from "../../src/evidence/support/QuadraticModel.ts"

const kernels = Kernels.strict()
const seed = Seed.root(3)

describe("the share of a vector along small curvatures", () => {
  it("lies between its bounds", () => {
    const n = 600
    // six decades without a gap, a few of them negative
    const spectrum = Array.from(
      { length: n },
      (_, i) => (i % 7 === 0 ? -1 : 1) * 10 ** ((-6 * i) / n),
    )
    const { hessianVector } = quadratic({ spectrum })
    const v = Float64Array.from(spectrum, (_, i) => 1 + Math.sin(i))
    const whole = v.reduce((sum, x) => sum + x * x, 0)
    for (const cut of [1e-1, 1e-2, 1e-5]) {
      const exact =
        v.reduce((s, x, i) => s + (Math.abs(spectrum[i]!) <= cut ? x * x : 0), 0) / whole
      const { high, low } = sharesBelow((x, out) => hessianVector(x, x, out), v, cut, kernels)
      assert.isAtMost(low, exact + 1e-12)
      assert.isAtLeast(high, exact - 1e-12)
    }
  })

  it("is exact where the space is invariant, and 0 of nothing", () => {
    const { hessianVector } = quadratic({ spectrum: [1, 1e-3, 0, 0] })
    const multiply = (x: Float64Array, out: Float64Array) => hessianVector(x, x, out)
    const shares = sharesBelow(multiply, Float64Array.of(1, 1, 1, 1), 1e-5, kernels)
    assert.closeTo(shares.low, 0.5, 1e-12)
    assert.closeTo(shares.high, 0.5, 1e-12)
    const none = sharesBelow(multiply, new Float64Array(4), 1e-5, kernels)
    assert.deepStrictEqual(none, { low: 0, high: 0 })
  })
})

describe("the bounds of a residual that is estimated", () => {
  it("hold the exact one", () => {
    const model = quadraticModel({ dimension: 30, size: 3, seed })
    const options = { cut: 1e-5, pairs: 400, kernels, seed }
    const loose = residualBounds(model, model.minimum, { ...options, tolerance: 100 })
    const tight = residualBounds(model, model.minimum, { ...options, tolerance: 0 })
    assert.strictEqual(loose.low, 0)
    assert.isAtMost(tight.high, loose.high)
    assert.isAbove(tight.low, 0)
    assert.isAbove(tight.high, tight.low)
  })
})
