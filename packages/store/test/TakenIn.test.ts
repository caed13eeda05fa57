/** A bundle may say of a run what is not so. */
import { RunStore } from "@nonconvex/runner"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Runs } from "../src/index.ts"
import { rows, shown, storedBy, subjectOf, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

/** Computes a run of three parts. */
const computed = Effect.gen(function* () {
  const run = yield* (yield* RunStore).open(system, subjectOf(1, 3))
  for (let place = 0; place < 3; place++) {
    if (!run.parts.has(place)) yield* run.keep(place, rows({ place }))
  }
  yield* run.end(shown)
})

it.effect.each([1, 9])("a run that is said to have %i parts ends with those it has", (count) =>
  Effect.gen(function* () {
    const [run, parts] = yield* Effect.gen(function* () {
      yield* computed
      const runs = yield* Runs
      const [kept] = yield* runs.list()
      return [kept!, yield* runs.partsOf(kept!.id)] as const
    }).pipe(Effect.provide(storedBy(scratchFile())))
    const { endedAt: _at, outcome: _outcome, ...open } = run
    yield* Effect.gen(function* () {
      const { insert, list } = yield* Runs
      yield* insert({ ...open, status: "unfinished", parts: count }, new Map([[0, parts.get(0)!]]))
      yield* computed
      const [ended] = yield* list()
      assert.deepStrictEqual([ended?.status, ended?.parts, ended?.kept], ["done", 3, 3])
    }).pipe(Effect.provide(storedBy(scratchFile())))
  }),
)
