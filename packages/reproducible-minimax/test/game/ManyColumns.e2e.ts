/** Matrix games of very many columns. */
import { Kernels, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { equilibrium } from "../../src/index.ts"

describe("equilibrium", () => {
  it("takes more columns than a call takes arguments", () => {
    const columns = 150_000
    const payoffs = Float64Array.from({ length: 2 * columns }, (_, i) => (i % columns) % 7)
    const seed = Seed.root(1)
    const { published } = equilibrium({ payoffs, columns, seed, kernels: Kernels.strict() })
    assert.strictEqual(published.point.length, columns + 2)
  })
})
