import { assert, describe, it } from "vitest"
import * as LogLog from "../src/LogLog.ts"

describe("slope", () => {
  it.each([-2, 0.5, 3])("is the exponent %s of a power law, whatever its factor", (power) => {
    const points = [1, 3, 10, 500].map((x) => [x, 7 * x ** power] as const)
    assert.closeTo(LogLog.slope(points), power, 1e-14)
  })

  it("is that of the least squares where the points lie on no line", () => {
    const points = [
      [1, Math.E],
      [Math.E, 1],
      [Math.E ** 2, Math.E ** 3],
    ] as const
    assert.closeTo(LogLog.slope(points), 1, 1e-14)
  })

  it("is NaN where all x are the same", () => {
    assert.isNaN(
      LogLog.slope([
        [2, 1],
        [2, 3],
      ]),
    )
  })
})
