import { ArenaFull, InvalidInput, Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"

const thrown = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe("Arena", () => {
  it("is full with the numbers that show it", () => {
    const { arena } = Kernels.makeStrict({ capacity: 1024 })
    arena.f64(64)
    const error = thrown(() => arena.f64(100))
    assert.instanceOf(error, ArenaFull)
    const { capacity, largestFree, requested, used } = error
    assert.deepStrictEqual(
      { capacity, largestFree, requested, used },
      { capacity: arena.capacity, largestFree: arena.capacity - 512, requested: 832, used: 512 },
    )
  })

  it("refuses what it does not hold", () => {
    const { arena } = Kernels.makeStrict({ capacity: 1024 })
    const x = arena.f64(3)
    arena.release(x)
    for (const run of [
      () => arena.release(x),
      () => arena.release(new Float64Array(3)),
      () => arena.f64(-1),
      () => arena.f64(1.5),
    ]) {
      assert.instanceOf(thrown(run), InvalidInput)
    }
  })

  it("knows its arrays from those of the same place elsewhere, however often it is asked", () => {
    const [one, two] = [Kernels.makeStrict(), Kernels.makeStrict()].map(({ arena }) => arena)
    const mine = one!.f64(8)
    const theirs = two!.f64(8)
    assert.strictEqual(mine.byteOffset, theirs.byteOffset)
    const ordinary = new Float64Array(new ArrayBuffer(mine.byteOffset + 64), mine.byteOffset, 8)
    for (let round = 0; round < 3; round++) {
      for (const array of [mine, theirs, ordinary, mine.subarray(0, 4)]) {
        assert.strictEqual(one!.holds(array), array.buffer === mine.buffer)
        assert.strictEqual(two!.holds(array), array.buffer === theirs.buffer)
      }
    }
  })

  it("releases the rest of a scope that released some itself, and nothing of others", () => {
    const { arena } = Kernels.makeStrict({ capacity: 4096 })
    const outside = arena.scoped((workspace) => {
      const first = workspace.f64(3)
      workspace.f64(5)
      arena.release(first)
      // Takes the place that has become free, and outlives the scope.
      const kept = arena.f64(3)
      assert.strictEqual(kept.byteOffset, first.byteOffset)
      arena.scoped((inner) => arena.release(inner.f64(1)))
      return kept
    })
    assert.strictEqual(arena.used, 64)
    outside.fill(7)
    arena.release(outside)
    assert.strictEqual(arena.used, 0)
  })

  it("releases a scope that throws", () => {
    const { arena } = Kernels.makeStrict({ capacity: 1024 })
    const failure = new Error("inside")
    const run = () =>
      arena.scoped((workspace) => {
        workspace.f64(3)
        workspace.f32(3)
        workspace.i32(3)
        throw failure
      })
    assert.strictEqual(thrown(run), failure)
    assert.strictEqual(arena.used, 0)
  })

  it("leaks nothing in a million calls", () => {
    const { arena, dot, gemv } = Kernels.makeStrict({ capacity: 2 ** 20 })
    const [x, y] = [new Float64Array(100).fill(1), new Float64Array(100).fill(2)]
    const matrix = new Float64Array(400).fill(1)
    const [short, out] = [new Float64Array(20).fill(1), new Float64Array(20)]
    const before = process.memoryUsage().external
    let sum = 0
    for (let i = 0; i < 1_000_000; i++) {
      sum += dot(x, y)
      if (i % 10 === 0) gemv(false, 20, 20, 1, matrix, short, 0, out)
      if (i % 10 === 5) arena.scoped((workspace) => workspace.f64(8).fill(i))
    }
    assert.strictEqual(sum, 200 * 1_000_000)
    assert.strictEqual(arena.used, 0)
    assert.isBelow(process.memoryUsage().external - before, 2 ** 22)
  })
})
