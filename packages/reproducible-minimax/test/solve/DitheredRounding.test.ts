import { Seed } from "@nonconvex/numerics"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { assert, describe, it } from "vitest"
import { ditheredRounding, Theory } from "../../src/index.ts"
import { widthFor } from "../../src/solve/DitheredRounding.ts"
import { publish } from "../../src/solve/DitheredRounding.ts"

const seed = Seed.root(11)

describe("dithered rounding", () => {
  it("moves no coordinate by more than half of the width", () => {
    const point = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i))
    const { point: rounded } = ditheredRounding(point, { seed, width: 0.25 })
    rounded.forEach((x, i) => assert.isAtMost(Math.abs(x - point[i]!), 0.125))
  })

  it("keeps the bits within its clearance, and not beyond it", () => {
    const point = Float64Array.of(0.3, 0.7)
    const settings = { seed, width: 2 ** -6 }
    const { clearance, point: rounded } = ditheredRounding(point, settings)
    for (const by of [-0.99 * clearance, 0.99 * clearance]) {
      const moved = ditheredRounding(
        point.map((x) => x + by),
        settings,
      )
      assert.deepStrictEqual(moved.point, rounded)
    }
    const beyond = [-1.01, 1.01].map((by) =>
      ditheredRounding(
        point.map((x) => x + by * clearance),
        settings,
      ).point.every((x, i) => x === rounded[i]),
    )
    assert.include(beyond, false)
  })

  it("has the smallest power of two as width that keeps the probability", () => {
    const width = widthFor(1e-6, 1e-3, 100)
    assert.strictEqual(width, 2 ** -6)
    assert.isAtMost(Theory.roundingFailure(1e-6, width, 100), 1e-3)
    assert.isAbove(Theory.roundingFailure(1e-6, width / 2, 100), 1e-3)
    assert.strictEqual(widthFor(3, 0.5, 4), 16)
  })

  it("publishes feasible points", () => {
    const { certain, failure, point } = publish(Float64Array.of(0.2, 0.3, 0.5), {
      feasible: FeasibleSet.simplex(),
      deviation: 1e-9,
      width: 2 ** -8,
      seed,
    })
    assert.approximately(point[0]! + point[1]! + point[2]!, 1, 1e-15)
    assert.approximately(failure, (Math.sqrt(3) * 1e-9) / 2 ** -8, 1e-20)
    assert.isTrue(certain)
  })
})
