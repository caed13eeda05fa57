/** What is written together, and when. */
import { assert, describe, it, vi } from "@effect/vitest"
import { Clock, Effect } from "effect"
import * as Writer from "../../src/internal/Writer.ts"

const spin = (milliseconds: number) => {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

describe("Writer", () => {
  it.live("writes soon, however long a transaction takes", () =>
    Effect.gen(function* () {
      const written: Array<ReadonlyArray<number>> = []
      const flush = (items: ReadonlyArray<number>) =>
        Effect.sync(() => {
          // a hundredth of the time would be a transaction each three seconds
          spin(30)
          written.push(items)
        })
      const writer = yield* Writer.make(flush, { share: 0.01 })
      yield* writer.write(1)
      // timers of one thread ring in their order, also on a machine that is busy
      const first = yield* Effect.race(
        Effect.as(writer.write(2), "written"),
        Effect.as(Effect.sleep(500), "late"),
      )
      assert.strictEqual(first, "written")
      assert.deepStrictEqual(written, [[1], [2]])
    }),
  )

  it.live("writes what comes together in one transaction, and all of it before it closes", () =>
    Effect.gen(function* () {
      const written: Array<ReadonlyArray<number>> = []
      const flush = (items: ReadonlyArray<number>) => Effect.sync(() => void written.push(items))
      yield* Effect.gen(function* () {
        const writer = yield* Writer.make(flush)
        yield* writer.write(0)
        yield* Effect.forEach([1, 2, 3], writer.write, { concurrency: "unbounded" })
        yield* Effect.forEach([4, 5], writer.post)
      }).pipe(Effect.scoped)
      assert.deepStrictEqual(written, [[0], [1, 2, 3], [4, 5]])
    }),
  )

  it.live.each([-1, 1])("writes as soon, whether the clock goes %i day", (days) =>
    Effect.gen(function* () {
      const written: Array<ReadonlyArray<number>> = []
      const flush = (items: ReadonlyArray<number>) => Effect.sync(() => void written.push(items))
      const writer = yield* Writer.make(flush)
      yield* writer.write(1)
      const set = (yield* Clock.currentTimeMillis) + days * 86_400_000
      const clock = vi.spyOn(Date, "now").mockImplementation(() => set)
      yield* Effect.addFinalizer(() => Effect.sync(() => clock.mockRestore()))
      const second = yield* Effect.race(
        Effect.as(writer.write(2), "written"),
        Effect.as(Effect.sleep(500), "late"),
      )
      assert.strictEqual(second, "written")
    }),
  )
})
