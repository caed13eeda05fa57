import { assert, describe, it } from "@effect/vitest"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Bootstrap from "../../src/statistics/Bootstrap.ts"
import * as ConservativeInterval from "../../src/statistics/ConservativeInterval.ts"
import * as Student from "../../src/statistics/Student.ts"

const normal = (count: number, seed: number): ReadonlyArray<number> => {
  const stream = RandomStream.make(Seed.root(seed))
  return Array.from({ length: count }, () => 3 + stream.normal())
}

const heavy = [1, 1.1, 0.9, 1, 1.2, 0.8, 1, 1.1, 0.9, 40]

describe("the interval of the bootstrap", () => {
  it("is that of Student for many normal values", () => {
    const values = normal(400, 1)
    const [ours, its] = [Bootstrap.interval(values), Student.sample(values)]
    assert.closeTo(ours.low, its.low, 0.02)
    assert.closeTo(ours.high, its.high, 0.02)
  })

  it("is the same whenever it is asked", () => {
    assert.deepStrictEqual(Bootstrap.interval(normal(10, 2)), Bootstrap.interval(normal(10, 2)))
  })

  it("reaches farther on the side of a heavy tail", () => {
    const mean = 4.9
    const { high, low } = Bootstrap.interval(heavy)
    assert.isAbove(high - mean, 2 * (mean - low))
  })

  it("has no width where nothing varies, and is none of one value", () => {
    assert.deepStrictEqual(Bootstrap.interval([2, 2, 2]), { low: 2, high: 2 })
    assert.isNaN(Bootstrap.interval([2]).low)
  })
})

describe("a cautious sample", () => {
  it("reaches as far as either interval", () => {
    const ours = ConservativeInterval.sample(heavy)
    const both = [Student.sample(heavy), Bootstrap.interval(heavy)]
    assert.strictEqual(ours.low, Math.min(...both.map(({ low }) => low)))
    assert.strictEqual(ours.high, Math.max(...both.map(({ high }) => high)))
  })
})
