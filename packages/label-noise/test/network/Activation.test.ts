import { assert, describe, it } from "vitest"
import * as Activation from "../../src/network/Activation.ts"
describe("sweep", () => {
  it("has the bits of value and slope one by one", () => {
    const z = Float64Array.from({ length: 9 }, (_, k) => Math.sin(3 * k))
    for (const activation of [Activation.cubic(0.7), Activation.sinh]) {
      const slopes = new Float64Array(6)
      const sum = Activation.sweep(activation, z, 2, 5, slopes, 1)
      let expected = 0
      for (let k = 2; k < 7; k++) expected += activation.value(z[k]!)
      assert.strictEqual(sum, expected)
      for (let k = 0; k < 5; k++) assert.strictEqual(slopes[k + 1], activation.first(z[k + 2]!))
    }
  })
})
