import { assert, describe, it } from "vitest"
import * as Standardisation from "../src/Standardisation.ts"

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

describe("a standardisation", () => {
  it("looks at every stride-th value", () => {
    const values = Float64Array.of(9, 1, 9, 3, 9, 8)
    assert.deepStrictEqual(Standardisation.of(values, 1, 2), { shift: 4, scale: Math.sqrt(26 / 3) })
  })

  it("only shifts equal numbers, whose mean is rounded", () => {
    const values = new Float64Array(3).fill(0.1)
    assert.notStrictEqual(mean(values), 0.1)
    assert.deepStrictEqual(Standardisation.of(values), { shift: 0.1, scale: 1 })
  })

  it("neither overflows nor underflows", () => {
    assert.deepStrictEqual(Standardisation.of(Float64Array.of(-1e300, 1e300)), {
      shift: 0,
      scale: 1e300,
    })
    assert.deepStrictEqual(Standardisation.of(Float64Array.of(0, 2e-300)), {
      shift: 1e-300,
      scale: 1e-300,
    })
  })
})
