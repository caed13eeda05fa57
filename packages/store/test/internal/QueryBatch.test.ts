/** Questions that are put together. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as QueryBatch from "../../src/internal/QueryBatch.ts"

const names = (count: number) => Array.from({ length: count }, (_, k) => `key ${k}`)

describe("Asking", () => {
  it.effect("answers each by its key, and what comes at the same time by one question", () =>
    Effect.gen(function* () {
      const asked: Array<ReadonlyArray<string>> = []
      const answerOf = yield* QueryBatch.make((keys) =>
        Effect.sync(() => {
          asked.push(keys)
          return new Map(keys.filter((key) => key !== "key 3").map((key) => [key, `of ${key}`]))
        }),
      )
      const answers = yield* Effect.forEach(names(50), answerOf, { concurrency: "unbounded" })
      assert.deepStrictEqual(
        answers,
        names(50).map((key) => (key === "key 3" ? undefined : `of ${key}`)),
      )
      assert.deepStrictEqual(asked, [names(50)])
      assert.strictEqual(yield* answerOf("key 7"), "of key 7")
      assert.deepStrictEqual(asked.slice(1), [["key 7"]])
    }),
  )

  it.effect("fails all that asked where the question does, and no later ones", () =>
    Effect.gen(function* () {
      let isBroken = true
      const answerOf = yield* QueryBatch.make(() =>
        isBroken ? Effect.fail("broken") : Effect.succeed(new Map([["key 0", 1]])),
      )
      const failures = yield* Effect.forEach(names(3), (key) => Effect.flip(answerOf(key)), {
        concurrency: "unbounded",
      })
      assert.deepStrictEqual(failures, ["broken", "broken", "broken"])
      isBroken = false
      assert.strictEqual(yield* answerOf("key 0"), 1)
    }),
  )
})
