import { InvalidInput, Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { residual } from "../../src/network/TwoLayer.ts"
import { Activation, twoLayer, warmStart } from "../../src/index.ts"
import { expand, randomDirection } from "../../src/evidence/support/RandomNetwork.ts"
import { thrown } from "../support/thrown.ts"
import { NotInterpolating } from "../../src/network/Failures.ts"

const network = twoLayer({
  activation: Activation.cubic(1),
  features: Float64Array.of(1, 0, 0, 1),
  dimension: 2,
  labels: Float64Array.of(2, -1),
  neurons: 2,
})
const start = Float64Array.of(0.5, 0.1, -0.2, 0.3)

describe("warmStart", () => {
  it("reaches the labels", () => {
    assert.isAtMost(residual(network, warmStart(network, start)), 3e-12)
  })

  it("reaches the labels of data that are nearly dependent, where descent alone is too slow", () => {
    const angle = 0.02
    const near = twoLayer({
      ...network,
      features: Float64Array.of(1, 0, Math.cos(angle), Math.sin(angle)),
      labels: Float64Array.of(2, 2.001),
    })
    assert.isAtMost(residual(near, warmStart(near, start)), 3.1e-12)
    const instance = { size: 4, extra: 1, neurons: 2, activation: "cubic", slope: 0.312 } as const
    const drawn = expand(
      { ...instance, share: 1, seed: 1_830_220_102 },
      { kernels: Kernels.strict() },
    )
    const direction = randomDirection(drawn)
    const moved = drawn.theta.map((value, k) => value + 0.1 * direction[k]!)
    assert.isAtMost(residual(drawn.network, warmStart(drawn.network, moved)), 1.5e-10)
  })

  it("says so where it does not", () => {
    const failure = thrown(NotInterpolating, () => warmStart(network, start, { maxSteps: 1 }))
    assert.isAbove(failure.residual, failure.tolerance)
  })

  it("says so where no parameter moves an output", () => {
    const still = [
      { ...network, activation: Activation.cubic(0) },
      twoLayer({ ...network, features: new Float64Array(4) }),
    ]
    for (const each of still) {
      const failure = thrown(NotInterpolating, () => warmStart(each, new Float64Array(4)))
      assert.strictEqual(failure.residual, 2)
    }
  })

  it("refuses a share and a start that are none", () => {
    assert.throws(() => warmStart(network, start, { share: Number.NaN }), InvalidInput)
    assert.throws(() => warmStart(network, new Float64Array(3)), InvalidInput)
  })
})
