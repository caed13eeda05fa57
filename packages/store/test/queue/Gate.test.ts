import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as Gate from "../../src/queue/Gate.ts"

/** Fibers that each ask once, and hold what they get until they are told to end. */
const asking = (gate: ReturnType<typeof Gate.make>, count: number) =>
  Effect.gen(function* () {
    const held = new Set<number>()
    const ended = new Set<number>()
    const hold = (index: number) =>
      Effect.gen(function* () {
        held.add(index)
        while (!ended.has(index)) yield* Effect.yieldNow
        held.delete(index)
      })
    const fibers: Array<Fiber.Fiber<unknown>> = []
    for (let index = 0; index < count; index++) {
      // one that is sent away asks again
      const until = Effect.repeat(gate.ask(hold(index)), { until: () => ended.has(index) })
      fibers.push(yield* Effect.forkChild(until))
    }
    const settle = Effect.forEach(Array.from({ length: 100 }), () => Effect.yieldNow)
    const end = (some: number) =>
      Effect.suspend(() => {
        for (const index of [...held].slice(0, some)) ended.add(index)
        return settle
      })
    yield* settle
    return { held, end, settle, fibers }
  })

describe("a gate", () => {
  it.live("holds a long trial for each thread, and none in advance", () =>
    Effect.gen(function* () {
      const gate = Gate.make(2)
      const { end, held, settle } = yield* asking(gate, 6)
      assert.strictEqual(held.size, 0)
      gate.areThere(true)
      yield* settle
      assert.strictEqual(held.size, 2)
      gate.ended(60)
      yield* end(1)
      assert.strictEqual(held.size, 2)
      gate.areThere(false)
      yield* end(2)
      assert.strictEqual(held.size, 0)
      assert.isFalse(gate.isBusy())
    }),
  )

  it.live("asks for several short ones when half of those that it may hold have ended", () =>
    Effect.gen(function* () {
      const gate = Gate.make(1)
      // a second of work, and the one that is under way
      gate.ended(0.2)
      const { end, held, settle } = yield* asking(gate, 20)
      gate.areThere(true)
      yield* settle
      assert.strictEqual(held.size, 6)
      yield* end(2)
      assert.strictEqual(held.size, 4)
      yield* end(1)
      assert.strictEqual(held.size, 6)
    }),
  )

  it.live("lets a trial be the only one", () =>
    Effect.gen(function* () {
      const gate = Gate.make(3)
      gate.areThere(true)
      const { end, held } = yield* asking(gate, 4)
      assert.strictEqual(held.size, 3)
      let isDone = false
      const only = gate.ask(gate.alone(Effect.sync(() => (isDone = true))))
      yield* end(1)
      const fiber = yield* Effect.forkChild(only)
      while (!gate.isAlone()) yield* end(1)
      assert.isFalse(isDone)
      yield* end(3)
      yield* Fiber.join(fiber)
      assert.isTrue(isDone)
      assert.isFalse(gate.isAlone())
    }),
  )
})
