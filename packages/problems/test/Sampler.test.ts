import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Sampler from "../src/Sampler.ts"

const seed = Seed.root("sampler")

const take = (sampler: Sampler.Sampler, count: number): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: count }, () => [...Sampler.next(sampler)])

const ascending = (count: number) => Array.from({ length: count }, (_, i) => i)

const sizes = fc.record({
  size: fc.integer({ min: 1, max: 30 }),
  batch: fc.integer({ min: 1, max: 30 }),
})

describe("the draw order, on which published numbers rest", () => {
  it("of epochs: a shuffle of the last order whenever a whole batch is not left", () => {
    fc.assert(
      fc.property(sizes, ({ batch, size }) => {
        const length = Math.min(batch, size)
        const stream = RandomStream.make(seed)
        const order = Uint32Array.from(ascending(size))
        let next = size
        const expected = Array.from({ length: 40 }, () => {
          if (next + length > size) {
            stream.shuffle(order)
            next = 0
          }
          next += length
          return [...order.subarray(next - length, next)]
        })
        assert.deepStrictEqual(
          take(Sampler.make(size, { rule: "epochs", batch, seed }), 40),
          expected,
        )
      }),
    )
  })

  it("of passes: one index after the other, a shuffle whenever all were seen", () => {
    fc.assert(
      fc.property(sizes, ({ batch, size }) => {
        const stream = RandomStream.make(seed)
        const order = Uint32Array.from(ascending(size))
        let place = size
        const one = () => {
          if (place === size) {
            stream.shuffle(order)
            place = 0
          }
          return order[place++]!
        }
        const expected = Array.from({ length: 40 }, () => Array.from({ length: batch }, one))
        assert.deepStrictEqual(
          take(Sampler.make(size, { rule: "passes", batch, seed }), 40),
          expected,
        )
      }),
    )
  })

  it("of draws with replacement: one integer of the stream an index", () => {
    fc.assert(
      fc.property(sizes, ({ batch, size }) => {
        const stream = RandomStream.make(seed)
        const expected = Array.from({ length: 40 }, () =>
          Array.from({ length: batch }, () => stream.integer(size)),
        )
        const sampler = Sampler.make(size, { rule: "replacement", batch, seed })
        assert.deepStrictEqual(take(sampler, 40), expected)
      }),
    )
  })

  it("of the whole batch: every index, and no draw", () => {
    const sampler = Sampler.make(5, { rule: "whole" })
    const before = sampler.stream.state.slice()
    assert.deepStrictEqual(take(sampler, 3), [ascending(5), ascending(5), ascending(5)])
    assert.deepStrictEqual(sampler.stream.state, before)
  })
})

describe("a sampler", () => {
  it("has 0, 1, 2, ... before the first draw", () => {
    for (const rule of ["replacement", "epochs", "passes"] as const) {
      assert.deepStrictEqual([...Sampler.make(9, { rule, batch: 3, seed }).indices], [0, 1, 2])
    }
  })

  it("refuses sizes that are no counts", () => {
    for (const make of [
      () => Sampler.make(0, { rule: "whole" }),
      () => Sampler.make(2.5, { rule: "whole" }),
      () => Sampler.make(3, { rule: "passes", batch: 0, seed }),
      () => Sampler.make(3, { rule: "epochs", batch: 1.5, seed }),
    ]) {
      assert.throws(make, InvalidInput)
    }
  })
})
