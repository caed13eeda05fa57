import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Quiet } from "../src/cli/Flags.ts"
import * as Progress from "../src/cli/Progress.ts"

const track = (animates: boolean, quiet: boolean) =>
  Effect.gen(function* () {
    const written: Array<string> = []
    const fiber = yield* Progress.track({ label: "work", total: 10, unit: "steps" }, (meter) =>
      Effect.gen(function* () {
        for (let i = 1; i <= 10; i++) {
          yield* Effect.sleep("1 second")
          meter.done(i)
        }
        return "done"
      }),
    ).pipe(
      Effect.provideService(Progress.Progress, {
        animates,
        columns: () => 40,
        write: (text) => written.push(text),
      }),
      Effect.provideService(Quiet, quiet),
      Effect.forkChild,
    )
    yield* TestClock.adjust("11 seconds")
    assert.strictEqual(yield* Fiber.join(fiber), "done")
    return written
  })

describe("Progress.track", () => {
  it.effect("writes a plain line every five seconds, and one at the end", () =>
    Effect.gen(function* () {
      const written = yield* track(false, false)
      assert.strictEqual(written.length, 3)
      assert.isTrue(written.every((line) => line.endsWith("\n")))
      assert.match(written[0]!, /^work \[.*\] [45]\/10 steps/)
      assert.strictEqual(written[2], "work [####################] 10/10 steps, 1/s, in 10 s\n")
    }),
  )

  it.effect("redraws one line on a terminal, within its width, and leaves it clear", () =>
    Effect.gen(function* () {
      const written = yield* track(true, false)
      assert.isAtLeast(written.length, 90)
      assert.isTrue(written.every((text) => text.startsWith("\r\u001B[2K")))
      assert.isTrue(written.every((text) => text.length - "\r\u001B[2K".length < 40))
      assert.strictEqual(written.at(-1), "\r\u001B[2K")
    }),
  )

  it.effect("is silent when told so", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* track(true, true), [])
    }),
  )
})
