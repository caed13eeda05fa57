import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"

const builds = [Kernels.strict(), Kernels.relaxed(), Kernels.reference()]

const product = { kind: "product", target: 0 } as const

describe("descend", () => {
  it.each(builds)("stops before a gradient of 0 is divided by its norm ($name)", ({ descend }) => {
    const points = [Float64Array.of(2, 3), Float64Array.of(0, 3)]
    assert.strictEqual(descend(product, "normalised", 10, 0.01, 0.1, points), 0)
    assert.deepStrictEqual(points, [Float64Array.of(2, 3), Float64Array.of(0, 3)])
    assert.strictEqual(descend(product, "none", 10, 0.01, 0, points), 10)
    assert.deepStrictEqual(points[1], Float64Array.of(0, 3))
  })

  it.each(builds)(
    "stops before numbers that overflow, wherever they are ($name)",
    ({ descend }) => {
      const points = Array.from({ length: 5 }, (_, r) => Float64Array.of(r === 3 ? 40 : 1, 2))
      const taken = descend(product, "none", 100, 0.1, 0, points)
      assert.isAtMost(taken, 10)
      for (const point of points) for (const value of point) assert.isTrue(Number.isFinite(value))
    },
  )

  it.each(builds)("takes no step of no points, and none where none is asked ($name)", (kernels) => {
    assert.strictEqual(kernels.descend(product, "none", 3, 0.1, 0, []), 3)
    assert.strictEqual(kernels.descend(product, "none", 0, 0.1, 0, [Float64Array.of(1, 2)]), 0)
  })

  it.each([
    ["a point of another length", () => [Float64Array.of(1)], 3, 0.1, 0.1],
    ["steps that are no count", () => [Float64Array.of(1, 2)], 0.5, 0.1, 0.1],
    ["a rate that is no number", () => [Float64Array.of(1, 2)], 3, Number.NaN, 0.1],
    ["a radius of 0", () => [Float64Array.of(1, 2)], 3, 0.1, 0],
  ] as const)("refuses %s", (_, points, steps, rate, radius) => {
    for (const { descend } of builds)
      assert.throws(() => descend(product, "normalised", steps, rate, radius, points()))
  })
})
