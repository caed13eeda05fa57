import { assert, describe, it } from "@effect/vitest"
import { holm } from "../../src/statistics/Holm.ts"

describe("holm", () => {
  it("raises probabilities as Holm does", () => {
    const raised = holm([0.01, 0.04, Number.NaN, 0.03, 0.005])
    for (const [at, expected] of [
      [0, 0.03],
      [1, 0.06],
      [3, 0.06],
      [4, 0.02],
    ] as const) {
      assert.closeTo(raised[at]!, expected, 1e-15)
    }
    assert.isNaN(raised[2])
    assert.deepStrictEqual(holm([0.9, 0.8]), [1, 1])
  })
})
