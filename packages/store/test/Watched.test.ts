/** Runs as somebody watches them: a page at a time, and whether anything changed. */
import { RunStore, type Subject } from "@nonconvex/runner"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { rmSync } from "node:fs"
import { Runs } from "../src/index.ts"
import { experiment, rows, shown, storedBy, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const opened = Effect.fnUntraced(function* (subject: Subject = experiment()) {
  return yield* (yield* RunStore).open(system, subject)
})

/** Computes a run. */
const computed = Effect.fnUntraced(function* (subject: Subject) {
  const run = yield* opened(subject)
  for (let place = 0; place < subject.parts; place++) yield* run.keep(place, rows({ n: 1 }))
  yield* run.end(shown)
})

const listed = Effect.flatMap(Runs, ({ list }) => list())

describe("runs that are watched", () => {
  it.effect("are listed by page, the latest first to be on it, and counted", () =>
    Effect.gen(function* () {
      const { count, list } = yield* Runs
      for (let upTo = 1; upTo <= 5; upTo++)
        yield* computed(experiment(undefined, { config: { upTo } }))
      const last = yield* opened(experiment(undefined, { config: { upTo: 6 } }))
      yield* last.keep(0, rows({ n: 1 }))
      const all = yield* list()
      assert.lengthOf(all, 6)
      assert.deepStrictEqual(yield* list({ latest: { skip: 0, count: 2 } }), all.slice(4))
      assert.deepStrictEqual(yield* list({ latest: { skip: 4, count: 50 } }), all.slice(0, 2))
      assert.deepStrictEqual(yield* list({ latest: { skip: 6, count: 50 } }), [])
      const unfinished = yield* list({ status: "unfinished" })
      assert.deepStrictEqual(
        unfinished.map(({ key }) => key.config),
        [{ upTo: 6 }],
      )
      assert.strictEqual(yield* count(), 6)
      assert.strictEqual(yield* count({ status: "done" }), 5)
    }).pipe(Effect.provide(storedBy(scratchFile()))),
  )

  it.effect(
    "have another stamp after each change, by whatever program, and the same without",
    () => {
      const file = scratchFile()
      return Effect.gen(function* () {
        const runs = yield* Runs
        const stamps = [yield* runs.stamp]
        const changed = Effect.map(runs.stamp, (stamp) => void stamps.push(stamp))
        const run = yield* opened()
        yield* changed
        yield* run.keep(0, rows({ n: 1 }))
        yield* changed
        yield* computed(experiment(undefined, { seed: 9 })).pipe(Effect.provide(storedBy(file)))
        yield* changed
        const [first] = yield* listed
        yield* runs.remove([first!.id])
        yield* changed
        assert.lengthOf(new Set(stamps), stamps.length)
        assert.strictEqual(yield* runs.stamp, stamps.at(-1))
      }).pipe(Effect.provide(storedBy(file)))
    },
  )

  it.effect("have none once their file is removed", () => {
    const file = scratchFile()
    return Effect.gen(function* () {
      const { stamp } = yield* Runs
      yield* stamp
      rmSync(file)
      assert.include((yield* Effect.flip(stamp)).message, "was removed")
    }).pipe(Effect.provide(storedBy(file)))
  })
})
