/** How many trials are begun before others have ended. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as Lookahead from "../../src/sweep/Lookahead.ts"

const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index)

describe("trials that are begun ahead", () => {
  it.effect("begin in their order, each of them once", () =>
    Effect.gen(function* () {
      const ahead = Lookahead.make(2)
      const order: Array<number> = []
      const trial = (index: number) =>
        Effect.andThen(
          Effect.sync(() => order.push(index)),
          Effect.yieldNow,
        )
      yield* Effect.forEach(inOrder(300), (index) => ahead.run(trial(index), () => 0.001), {
        concurrency: ahead.most,
      })
      assert.deepStrictEqual(order, inOrder(300))
    }),
  )

  it.effect("are few at first, and many once they are known to be short", () =>
    Effect.gen(function* () {
      const ahead = Lookahead.make(2)
      let underWay = 0
      const stuck = ahead.run(
        Effect.suspend(() => {
          underWay++
          return Effect.never
        }),
        () => 1,
      )
      const fibers = yield* Effect.forEach(inOrder(3), () => Effect.forkChild(stuck))
      yield* Effect.yieldNow
      assert.strictEqual(underWay, 3)
      const short = yield* Effect.forkChild(ahead.run(Effect.void, () => 0.001))
      yield* Fiber.join(short)
      const more = yield* Effect.forEach(inOrder(900), () => Effect.forkChild(stuck))
      yield* Effect.yieldNow
      assert.strictEqual(underWay, 800)
      yield* Fiber.interruptAll([...fibers, ...more])
    }),
  )
})
