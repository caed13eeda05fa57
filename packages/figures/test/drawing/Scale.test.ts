import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Scale from "../../src/drawing/Scale.ts"

const ends = fc
  .tuple(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: 0.01, max: 9, noNaN: true }))
  .map(([low, span]) => [10 ** low, 10 ** (low + span)] as const)

describe("a scale", () => {
  it("has a margin to either end, on logarithmic axes too", () => {
    fc.assert(
      fc.property(ends, fc.constantFrom("linear", "log", "symlog"), (values, kind) => {
        const scale = Scale.around(kind, values, 0.02)
        const [low, high] = values.map((value) => Scale.partOf(scale, value))
        assert.closeTo(low!, 0.02, 1e-6)
        assert.closeTo(high!, 0.98, 1e-6)
      }),
    )
  })

  it("has at least three ticks, all of them on the axis", () => {
    fc.assert(
      fc.property(
        ends,
        fc.constantFrom("linear", "log", "symlog"),
        fc.integer({ min: 3, max: 8 }),
        (values, kind, count) => {
          const scale = Scale.around(kind, values, 0.02)
          const ticks = Scale.ticks(scale, count)
          assert.isAtLeast(ticks.length, 3)
          for (const tick of ticks) {
            assert.isAtLeast(Scale.partOf(scale, tick), -1e-6)
            assert.isAtMost(Scale.partOf(scale, tick), 1 + 1e-6)
          }
        },
      ),
    )
  })

  it("has round ticks", () => {
    const ticks = (kind: Scale.Kind, low: number, high: number) =>
      Scale.ticks(Scale.around(kind, [low, high], 0.02), 6)
    assert.deepStrictEqual(ticks("linear", 0, 100), [0, 20, 40, 60, 80, 100])
    assert.deepStrictEqual(ticks("log", 1, 1e6), [1, 10, 100, 1e3, 1e4, 1e5, 1e6])
    assert.deepStrictEqual(ticks("log", 8, 64), [10, 20, 30, 50])
    assert.deepStrictEqual(ticks("symlog", -10, 100), [-10, -1, 0, 1, 10, 100])
  })

  it("is there for a single value", () => {
    const scale = Scale.around("log", [3, 3], 0.1)
    assert.closeTo(Scale.partOf(scale, 3), 0.5, 1e-9)
    assert.isAtLeast(Scale.ticks(scale, 5).length, 3)
  })

  it("has one tick for each decade where its powers of ten are too few", () => {
    const scale = { kind: "log", domain: [3400, 807_000] } as const
    assert.deepStrictEqual(Scale.onePerDecade(scale), [5000, 50_000, 500_000])
    assert.deepStrictEqual(Scale.onePerDecade({ kind: "log", domain: [40, 3000] }), [])
    assert.deepStrictEqual(Scale.onePerDecade({ kind: "linear", domain: [0, 1] }), [])
  })
})
