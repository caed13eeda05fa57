/** A case that is resumable leaves its state, and another thread goes on from it to the same bits. */
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { describe } from "vitest"
import { type Part, runExperiment, RunStore } from "../src/index.ts"
import type { Checkpoint } from "../src/Checkpoint.ts"
import * as Threads from "../src/node/Threads.ts"
import { standard, walks } from "./support/Counting.ts"
import { system } from "./support/System.ts"
import { SnapshotInterval } from "../src/Run.ts"

/** A store of one run, which calls `onLeft` when it has kept what a case left. */
const storing = (onLeft: (left: Checkpoint) => void) => {
  const parts = new Map<number, Part>()
  const left = new Map<number, Checkpoint>()
  const open = () =>
    Effect.succeed({
      parts,
      left: new Map(left),
      leave: (place: number, state: Checkpoint) =>
        Effect.sync(() => {
          left.set(place, state)
          onLeft(state)
        }),
      keep: (place: number, part: Part) =>
        Effect.sync(() => {
          left.delete(place)
          parts.set(place, part)
        }),
      end: () => Effect.void,
    })
  return { parts, left, open }
}

const stepsOf = ({ snapshot: { state } }: Checkpoint): number =>
  (state as { readonly fields: { readonly steps: number } }).fields.steps

/** The walk of one case on a thread of its own, with a snapshot after each step. */
const walk = (open: ReturnType<typeof storing>["open"], every = 0) =>
  runExperiment(system, walks.configure({ ...standard, upTo: 1, scale: 1 }), { seed: 1 }).pipe(
    Effect.provideService(RunStore, { open, keyOf: () => Effect.succeed(undefined) }),
    Effect.provideService(SnapshotInterval, every),
    Effect.provide(Threads.layer(1, { kernels: "strict" })),
  )

describe("a case that is resumable", () => {
  it.live("goes on from where it was stopped, on a fresh thread, to the same bits", () =>
    Effect.gen(function* () {
      const { rows: straight } = yield* walk(storing(() => undefined).open)
      for (const stop of [1, 7, 15]) {
        const isThere = yield* Deferred.make<void>()
        let first: number | undefined
        let stopped = false
        const { left, open, parts } = storing((state) => {
          if (stopped) first ??= stepsOf(state)
          else if (stepsOf(state) >= stop) Deferred.doneUnsafe(isThere, Effect.void)
        })
        const fiber = yield* Effect.forkChild(walk(open))
        // on a machine that is busy it may be at its end before anybody hears of that
        yield* Effect.race(Deferred.await(isThere), Fiber.await(fiber))
        yield* Fiber.interrupt(fiber)
        stopped = true
        const from = left.get(0)
        const result = yield* walk(open)
        assert.deepStrictEqual(result.rows, straight)
        if (from !== undefined) {
          const steps = stepsOf(from)
          assert.isAtLeast(first ?? 20, steps + 1)
          // the work before the break is counted
          assert.isAbove(result.seconds, from.seconds)
        }
        assert.strictEqual(left.size, 0)
        assert.deepStrictEqual([...parts.keys()], [0])
      }
    }),
  )

  it.live("writes nothing down before enough time has passed", () =>
    Effect.gen(function* () {
      let count = 0
      yield* walk(storing(() => count++).open, 3600)
      assert.strictEqual(count, 0)
    }),
  )
})
