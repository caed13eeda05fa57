import { assert, describe, it } from "vitest"
import { slope } from "../src/Growth.ts"

describe("the slope of log seconds over log sizes", () => {
  const points = (time: (size: number) => number) =>
    [10, 30, 100, 500].map((size) => ({ size, seconds: time(size) }))

  it("is the power of a law of powers, whatever the factor", () => {
    assert.approximately(slope(points((n) => 3e-9 * n ** 3)), 3, 1e-12)
    assert.approximately(slope(points((n) => 7 / n)), -1, 1e-12)
    assert.approximately(slope(points(() => 0.02)), 0, 1e-12)
  })

  it("is that of least squares where the points lie on no line", () => {
    // logs to base 2 at 0, 1, 2: 0, 0, 3, whose line rises by (-1 * 0 + 0 * 0 + 1 * 3) / 2
    const bent = [1, 2, 4].map((size, i) => ({ size, seconds: [1, 1, 8][i]! }))
    assert.approximately(slope(bent), 1.5, 1e-12)
  })

  it("needs two sizes", () => {
    assert.isNaN(slope([{ size: 10, seconds: 1 }]))
    assert.isNaN(slope([]))
  })
})
