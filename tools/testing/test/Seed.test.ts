import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Seed from "../src/Seed.ts"

describe("Seed", () => {
  it("is an error in CI when the settings passed none", () => {
    assert.throws(() => Seed.read({ CI: "true" }), /NONCONVEX_SEED is not set/)
  })

  it("is fresh on a developer's machine when the settings passed none", () => {
    assert.isTrue(Number.isInteger(Seed.read({})))
  })

  it("is the one that the settings passed", () => {
    assert.strictEqual(Seed.read({ CI: "true", NONCONVEX_SEED: "7" }), 7)
  })

  it("is an integer", () => {
    assert.throws(() => Seed.read({ NONCONVEX_SEED: "seven" }), /not an integer: seven/)
  })

  it("reaches fast-check before any test", () => {
    const seed = Seed.read(process.env)
    assert.strictEqual(fc.readConfigureGlobal().seed, seed)
    assert.deepStrictEqual(
      fc.sample(fc.integer(), 5),
      fc.sample(fc.integer(), { seed, numRuns: 5 }),
    )
  })
})
