import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Scope } from "effect"
import process from "node:process"
import { Compute, type JobOf } from "../src/index.ts"
import * as Threads from "../src/node/Threads.ts"
import { system as overhearing } from "./fixtures/Overhearing.ts"
import { system } from "./support/System.ts"

const threads = (size: number) => Threads.layer(size, { kernels: "strict" })

const searching = (id: string, runs = 10): JobOf => ({
  _tag: "SearchClaim",
  id,
  search: { seed: 1, runs },
})

/** With code 0 where it was ended before it had begun, which happens on a machine that is busy. */
const threadEnded = /: its thread ended with code [01]$/

describe("Threads", () => {
  it.live("fails what is under way, waiting or late when it closes", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(threads(1), scope)
      const { perform } = yield* Effect.provide(Compute, context)
      const [underWay, waiting] = [
        yield* Effect.forkChild(Effect.flip(perform(system, searching("numbers/spins")))),
        yield* Effect.forkChild(Effect.flip(perform(system, searching("numbers/holds")))),
      ]
      yield* Effect.sleep(300)
      const started = performance.now()
      yield* Scope.close(scope, Exit.void)
      assert.isBelow(performance.now() - started, 1000)
      assert.match((yield* Fiber.join(underWay)).message, threadEnded)
      assert.strictEqual(
        (yield* Fiber.join(waiting)).message,
        "numbers/holds failed: its pool is closed",
      )
      const late = yield* Effect.flip(perform(system, searching("numbers/holds")))
      assert.strictEqual(late.message, "numbers/holds failed: its pool is closed")
    }),
  )

  it.live(
    "listens to a thread before it does anything else: a thread says once that it is ready",
    () =>
      Effect.gen(function* () {
        let listeners = 0
        process.once("worker", (worker) => (listeners = worker.listenerCount("message")))
        const { perform } = yield* Compute
        const result = yield* perform(system, searching("numbers/holds"))
        assert.strictEqual(result._tag, "Searched")
        assert.strictEqual(listeners, 1)
      }).pipe(Effect.provide(threads(1))),
  )

  it.effect("has at least one thread", () =>
    Effect.gen(function* () {
      for (const [asked, size] of [
        [0, 1],
        [-3, 1],
        [2.9, 2],
      ] as const) {
        const compute = yield* Effect.provide(Compute, threads(asked))
        assert.strictEqual(compute.size, size)
      }
    }),
  )

  it.live("gives all searches of one instance to the thread that knows it", () =>
    Effect.gen(function* () {
      const { perform } = yield* Compute
      const once = {
        _tag: "SearchClaim",
        id: "numbers/remembers",
        search: { seed: 1, runs: 1 },
      } as const satisfies JobOf
      const other = perform(system, searching("numbers/holds"))
      const fourTimes = <E>(effect: Effect.Effect<unknown, E>) =>
        Effect.forEach([1, 2, 3, 4], () => effect, {
          concurrency: "unbounded",
          discard: true,
        })
      // both threads have begun, and other work waits at any time: who is free has no need of a search that the other one knows
      yield* fourTimes(other)
      const searches = Effect.forEach([once, once, once], (job) => perform(system, job), {
        concurrency: "unbounded",
      })
      const found = yield* Effect.raceFirst(searches, fourTimes(Effect.forever(other)))
      const margins = found?.map((each) =>
        each._tag === "Searched" ? [...each.attempt.margins] : [],
      )
      assert.deepStrictEqual(margins, [[0], [1], [2]])
    }).pipe(Effect.provide(threads(2))),
  )

  it.live("gives the margins of a search away, and keeps no copy of them in its thread", () =>
    Effect.gen(function* () {
      const { perform } = yield* Compute
      const search = Effect.map(
        perform(overhearing, searching("numbers/left-behind", 3)),
        (found) => (found._tag === "Searched" ? [...found.attempt.margins] : []),
      )
      assert.deepStrictEqual(yield* search, [1000, 1000, 1000])
      assert.deepStrictEqual(yield* search, [0, 0, 0])
    }).pipe(Effect.provide(threads(1))),
  )

  it.live("ends a thread whose arrays take more than it may hold, and no other", () =>
    Effect.gen(function* () {
      const { perform } = yield* Compute
      const [{ message }, held] = yield* Effect.all(
        [
          Effect.flip(perform(system, searching("numbers/fills"))),
          perform(system, searching("numbers/holds")),
        ],
        { concurrency: 2 },
      )
      assert.strictEqual(held._tag, "Searched")
      // where the engine does not tell of another thread, its own limits end it in the end
      const told = /numbers\/fills failed: its thread held more than 512 MB$/
      if (process.versions.node.startsWith("24")) assert.match(message, told)
    }).pipe(Effect.provide(Threads.layer(2, { kernels: "strict" }, { bytes: 2 ** 29 }))),
  )

  it.live("leaves a thread to itself that does not end, and does the next job on another", () =>
    Effect.gen(function* () {
      const { perform } = yield* Compute
      const waits = yield* Effect.forkChild(perform(system, searching("numbers/waits")))
      yield* Effect.sleep(600)
      yield* Fiber.interrupt(waits)
      const next = yield* perform(system, searching("numbers/holds"))
      assert.strictEqual(next._tag, "Searched")
    }).pipe(Effect.provide(threads(1))),
  )
})
