import { assert, describe, it } from "vitest"
import { laws } from "./laws.ts"

describe("kernels", () => {
  it.each(laws)("$name", ({ check }) => {
    assert.doesNotThrow(() => check({ seed: 3, numRuns: 200 }))
  })
})
