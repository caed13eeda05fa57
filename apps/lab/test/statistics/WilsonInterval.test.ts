import { assert, describe, it } from "@effect/vitest"
import { wilson } from "../../src/statistics/WilsonInterval.ts"

describe("the interval of Wilson", () => {
  it("is that of prop.test without correction, in R", () => {
    const { high, low } = wilson({ holds: 9, of: 10 })
    assert.closeTo(low, 0.59585, 1e-5)
    assert.closeTo(high, 0.98212, 1e-5)
    assert.closeTo(wilson({ holds: 10, of: 10 }).low, 0.722467, 1e-5)
    assert.closeTo(wilson({ holds: 10, of: 10 }).high, 1, 1e-12)
  })
})
