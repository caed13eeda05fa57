import { InvalidInput } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { decades } from "../../../src/evidence/support/Decades.ts"

describe("decades", () => {
  it("has every number once, the last one too", () => {
    assert.deepStrictEqual(decades(25, 3), [1, 2, 5, 10, 22, 25])
    assert.deepStrictEqual(decades(1, 3), [1])
  })

  it("refuses an end that is no integer", () => {
    for (const [last, perDecade] of [
      [0.5, 3],
      [2.5, 3],
      [10, 0],
    ] as const) {
      assert.throws(() => decades(last, perDecade), InvalidInput)
    }
  })
})
