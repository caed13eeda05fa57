import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { outputs, twoLayer } from "../../src/index.ts"
import { fitted } from "../support/problems.ts"
import { retract } from "../../src/geometry/Retraction.ts"
import * as Activation from "../../src/network/Activation.ts"

const { network, theta } = fitted()

describe("retract", () => {
  it("takes few steps: its iteration is Newton's, and not that of a fixed matrix", () => {
    let values = 0
    const counting: Activation.Activation = {
      ...Activation.cubic(1),
      value: (z) => {
        values++
        return z * (z * z + 1)
      },
    }
    const counted = twoLayer({ ...network, activation: counting })
    const direction = theta.map((_, k) => 0.2 * Math.sin(k))
    values = 0
    const moved = retract(counted, theta, direction)
    // one look at the outputs is 18 values; the first is for the target
    assert.isAtMost(values / 18 - 1, 8)
    const before = outputs(network, theta)
    assert.isAtMost(Vector.distance(outputs(network, moved), before), 1e-12)
  })
})
