import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { operate } from "../src/index.ts"
import * as Inline from "../src/Inline.ts"
import * as Threads from "../src/node/Threads.ts"
import { echo, increment, passes, sum, system } from "./support/System.ts"

const weights = Float64Array.of(1, -0, Infinity)

const places = {
  "this thread": Layer.provide(
    Inline.layer,
    Layer.merge(Kernels.layerReference, Layer.provide(Datasets.layer, NodeServices.layer)),
  ),
  "another thread": Threads.layer(1, { kernels: "reference" }),
}

describe.each(Object.entries(places))("an operation on %s", (_, place) => {
  it.live("takes and gives data, typed arrays as they are", () =>
    Effect.gen(function* () {
      const { kernels, sums } = yield* operate(system, sum, { upTo: 3, weights })
      assert.deepStrictEqual(sums, Float64Array.of(6, -0, Infinity))
      assert.strictEqual(kernels, "reference")
    }).pipe(Effect.provide(place)),
  )

  it.live("fails with its own error, and with a crash on what nobody expects", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(operate(system, sum, { upTo: 2e9, weights }))
      assert.deepStrictEqual(failure._tag === "TooLarge" && failure.most, 1e9)
      const crash = yield* Effect.flip(operate(system, sum, { upTo: -1, weights }))
      assert.strictEqual(crash._tag, "JobCrashed")
      assert.strictEqual(crash.message, "numbers/sum failed: nobody expected this")
    }).pipe(Effect.provide(place)),
  )

  it.live("tells how far it is", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      yield* operate(system, sum, { upTo: 1e8, weights }, ({ done }) => seen.push(done))
      assert.isAbove(seen.length, 1)
      assert.deepStrictEqual(
        seen,
        seen.toSorted((a, b) => a - b),
      )
    }).pipe(Effect.provide(place)),
  )
})

describe("an operation on another thread", () => {
  it.live("is ended at once, whatever it does", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(operate(system, sum, { upTo: 1e9, weights }))
      yield* Effect.sleep(500)
      const started = performance.now()
      yield* Fiber.interrupt(fiber)
      assert.isBelow(performance.now() - started, 1000)
    }).pipe(Effect.provide(places["another thread"])),
  )

  it.live("passes its input and its output once through their schemas, on each side", () =>
    Effect.gen(function* () {
      Object.assign(passes, { read: 0, written: 0 })
      assert.deepStrictEqual(yield* operate(system, echo, 3), { value: 3, read: 1, written: 0 })
      // here the input was written, and the output read
      assert.deepStrictEqual({ ...passes }, { read: 1, written: 1 })
      // there the first output was written, and the second input read
      assert.deepStrictEqual(yield* operate(system, echo, 4), { value: 4, read: 2, written: 1 })
      assert.deepStrictEqual({ ...passes }, { read: 2, written: 2 })
    }).pipe(Effect.provide(Threads.layer(1, { kernels: "strict" }))),
  )

  it.live("copies no array that threads share", () =>
    Effect.gen(function* () {
      const shared = new Float64Array(new SharedArrayBuffer(8 * 3))
      assert.strictEqual(yield* operate(system, increment, shared), 3)
      assert.deepStrictEqual([...shared], [1, 1, 1])
      const own = new Float64Array(3)
      yield* operate(system, increment, own)
      assert.deepStrictEqual([...own], [0, 0, 0])
    }).pipe(Effect.provide(places["another thread"])),
  )
})
