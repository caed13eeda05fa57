import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { Rows } from "../src/index.ts"

describe("each", () => {
  it.effect("gives one row an item, in order, made when it is asked for", () =>
    Effect.gen(function* () {
      const made: Array<number> = []
      const rows = Rows.each([1, 2, 3], (n) => {
        made.push(n)
        return { square: n * n }
      })
      const two = yield* Stream.runCollect(Stream.take(rows, 2))
      assert.deepStrictEqual(Array.from(two), [{ square: 1 }, { square: 4 }])
      assert.deepStrictEqual(made, [1, 2])
    }),
  )

  it.effect("lets another fiber run between two rows", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const fiber = yield* Effect.forkChild(
        Effect.andThen(
          Effect.yieldNow,
          Effect.sync(() => seen.push("other")),
        ),
      )
      yield* Stream.runDrain(Rows.each([1, 2, 3, 4], (n) => seen.push(String(n))))
      yield* Fiber.join(fiber)
      assert.isBelow(seen.indexOf("other"), seen.indexOf("4"))
    }),
  )
})

describe("stepwise", () => {
  it.effect("gives the rows of a generator and not its pauses", () =>
    Effect.gen(function* () {
      const rows = Rows.stepwise(function* () {
        yield undefined
        yield { n: 1 }
        yield undefined
        yield undefined
        yield { n: 2 }
      })
      assert.deepStrictEqual(Array.from(yield* Stream.runCollect(rows)), [{ n: 1 }, { n: 2 }])
    }),
  )

  it.effect("ends the generator of a run that is interrupted while it only pauses", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      let isEnded = false
      const rows = Rows.stepwise(function* () {
        try {
          Deferred.doneUnsafe(begun, Effect.void)
          for (;;) yield undefined
        } finally {
          isEnded = true
        }
      })
      const fiber = yield* Effect.forkChild(Stream.runDrain(rows))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      assert.isTrue(isEnded)
    }),
  )
})
