import { assert, describe, it } from "vitest"
import { flatLimit } from "../../src/index.ts"
import { inverse } from "../../src/limit/FlatLimit.ts"
import { fitted } from "../support/problems.ts"
import { NotIncreasing } from "../../src/network/Failures.ts"
import * as Activation from "../../src/network/Activation.ts"

const { network, theta } = fitted()

describe("the inverse of an activation that brings none", () => {
  it("is found where Newton's iteration alone would run away", () => {
    const wavy: Activation.Activation = {
      name: "z + 0.999 sin z",
      value: (z) => z + 0.999 * Math.sin(z),
      first: (z) => 1 + 0.999 * Math.cos(z),
      second: (z) => -0.999 * Math.sin(z),
      third: (z) => -0.999 * Math.cos(z),
    }
    for (let k = -40; k <= 40; k++) {
      const z = k / 3 + 0.01
      const found = inverse(wavy, wavy.value(z))
      assert.closeTo(wavy.value(found), wavy.value(z), 1e-12)
    }
  })
})

describe("an activation that does not increase", () => {
  it("is no reason to solve for its inverse", () => {
    const falling = { ...network, activation: Activation.cubic(-1), labels: new Float64Array(3) }
    assert.throws(() => flatLimit(falling, theta), NotIncreasing)
    assert.isFalse(Activation.assess(Activation.cubic(-1)).applies)
  })
})
