/** Threads that read files of strangers: each ends, whatever it does. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as BoundedThread from "../src/BoundedThread.ts"

const program = (text: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from "node:worker_threads"\n${text}`)}`,
  )

const hour = 3_600_000

const ask = (text: string, limits: { readonly patience?: number; readonly memory?: number } = {}) =>
  BoundedThread.run<unknown, unknown>(program(text), { asked: [1, "a"], patience: hour, ...limits })

const lost = (...of: Parameters<typeof ask>) =>
  Effect.map(Effect.flip(ask(...of)), ({ message }) => message)

describe("a thread", () => {
  it.live("answers what it is asked", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ask("parentPort.postMessage(workerData)"), [1, "a"])
    }),
  )

  it.live("is ended where it takes too long, too much memory, or breaks", () =>
    Effect.gen(function* () {
      assert.match(yield* lost("for (;;);", { patience: 100 }), /: it takes too long$/)
      // one call, within which it does not say how long it has worked
      const deaf = "new Array(2 ** 27).fill(1).join().includes('2')"
      assert.match(yield* lost(`for (;;) ${deaf}`, { patience: 100 }), /: it takes too long$/)
      const hungry = "const all = []; for (;;) all.push({ all: all.length })"
      assert.match(yield* lost(hungry, { memory: 16 }), /terminated due to reaching memory limit/)
      assert.match(yield* lost('throw new Error("a")'), /: a$/)
      assert.match(yield* lost(""), /: its thread ended$/)
    }),
  )

  it.live("is ended where nobody waits for it any more", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(ask("for (;;);"))
      yield* Effect.sleep(100)
      yield* Fiber.interrupt(fiber)
      const exit = yield* Fiber.await(fiber)
      assert.strictEqual(exit._tag, "Failure")
    }),
  )
})
