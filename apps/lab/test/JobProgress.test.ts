/** What progress says of jobs whose time is known, on a clock of the test. */
import { assert, describe, it } from "@effect/vitest"
import { Compute, runExperiment, RunStore } from "@nonconvex/runner"
import { Watch } from "@nonconvex/runner/Compute"
import * as RunKey from "@nonconvex/runner/RunKey"
import { Runs } from "@nonconvex/store"
import { Effect, Fiber, Layer, Semaphore } from "effect"
import { TestClock } from "effect/testing"
import { Quiet } from "../src/cli/Flags.ts"
import { Progress } from "../src/cli/Progress.ts"
import * as JobProgress from "../src/evidence/JobProgress.ts"
import { system } from "./fixtures/toy.ts"

const [dice] = system.experiments
const config = Object.assign(dice!.preset("smoke"), { rolls: 8 })
const configured = dice!.configure(config)

const row = { _tag: "Rows", rows: [{ roll: 1, mean: 3.5, dice: "fair" }], seconds: 2 } as const

/** A thread that takes two seconds for a case. */
const compute = Layer.effect(
  Compute,
  Effect.map(Semaphore.make(1), (free) =>
    Compute.of({
      name: "a thread",
      size: 1,
      perform: Effect.fnUntraced(function* (_, job) {
        const ended = (yield* Watch)(job)
        yield* Effect.sleep("2 seconds")
        ended()
        return row
      }, free.withPermits(1)),
    }),
  ),
)

/** A store that has the first cases. */
const having = (parts: number) =>
  Layer.succeed(RunStore, {
    keyOf: () => Effect.succeed(undefined),
    open: () =>
      Effect.succeed({
        parts: new Map(Array.from({ length: parts }, (_, place) => [place, row])),
        left: new Map(),
        leave: () => Effect.void,
        keep: () => Effect.void,
        end: () => Effect.void,
      }),
  })

/** What is known of earlier times. */
const reading = (secondsBefore: ReadonlyMap<string, number>) => {
  const unasked = () => Effect.die(new Error("nobody asks for this"))
  return Runs.of({
    place: "nowhere",
    list: unasked,
    count: unasked,
    stamp: unasked(),
    find: unasked,
    idOf: unasked,
    rowsOf: unasked,
    partsOf: unasked,
    remove: unasked,
    insert: unasked,
    differences: unasked,
    sweeps: unasked(),
    keepSweep: unasked,
    secondsBefore: Effect.succeed(secondsBefore),
    counts: unasked(),
  })
}

/** What stands on the screen of a run, a line every five seconds. */
const linesOf = Effect.fnUntraced(function* (
  parts: number,
  secondsBefore: ReadonlyMap<string, number>,
) {
  const lines: Array<string> = []
  const fiber = yield* Effect.gen(function* () {
    const items = [JobProgress.ofExperiment(system, configured, yield* JobProgress.before)]
    const work = { label: "toy/dice", total: configured.count, unit: "cases" }
    return yield* JobProgress.track(work, items, ({ done }) =>
      runExperiment(system, configured, { seed: 1, onCase: (_, cases) => done(cases) }),
    )
  }).pipe(
    Effect.provide(Layer.merge(compute, having(parts))),
    Effect.provideService(Runs, reading(secondsBefore)),
    Effect.provideService(Progress, {
      animates: false,
      columns: () => 80,
      rows: () => 24,
      write: (text) => lines.push(text.trimEnd()),
    }),
    Effect.provideService(Quiet, false),
    Effect.forkChild,
  )
  yield* TestClock.adjust("20 seconds")
  yield* Fiber.join(fiber)
  return lines
})

describe("progress by time", () => {
  it.effect("goes by pace where nothing is known", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* linesOf(0, new Map()), [
        "toy/dice [#####---------------] 2/8 cases, about 15 s left",
        "toy/dice [###########---------] 4/8 cases, about 9 s left",
        "toy/dice [###################-] 7/8 cases, about 1 s left",
        "toy/dice [####################] 8/8 cases, in 16 s",
      ])
    }),
  )

  it.effect("goes by earlier times of the same configuration, without what is kept", () =>
    Effect.gen(function* () {
      const known = new Map([
        ["toy/dice", 1000],
        [`toy/dice ${RunKey.canonical(config)}`, 16],
      ])
      assert.deepStrictEqual(yield* linesOf(4, known), [
        "toy/dice [#############-------] 6/8 cases, about 3 s left",
        "toy/dice [####################] 8/8 cases, in 8.0 s",
      ])
    }),
  )
})
