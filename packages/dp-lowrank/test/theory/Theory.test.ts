import { assert, describe, it } from "vitest"
import { knownValues } from "./knownValues.ts"

describe("the theory", () => {
  it.each(knownValues())("has the known value of %s", (_what, actual, expected) => {
    assert.closeTo(actual, expected, 1e-13 * Math.abs(expected))
  })
})
