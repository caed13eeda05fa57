import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { spectralDensity } from "../../src/monitor/SpectralDensity.ts"

describe("spectralDensity", () => {
  it("has the moments of a diagonal operator", () => {
    const values = Float64Array.of(1, 2, 3, 4, 5, 6)
    const { eigenvalues, weights } = spectralDensity(
      (v, out) => values.forEach((value, i) => (out[i] = value * v[i]!)),
      { dimension: 6, probes: 400, steps: 6, seed: Seed.root(1) },
    )
    const moment = (p: number) =>
      eigenvalues.reduce((sum, value, k) => sum + weights[k]! * value ** p, 0)
    assert.closeTo(moment(0), 1, 1e-12)
    assert.closeTo(moment(1), 3.5, 0.15)
    assert.closeTo(moment(2), 91 / 6, 1)
  })
})
