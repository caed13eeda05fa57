/** Another program keeps a file of runs busy. */
import { RunStore } from "@nonconvex/runner"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { DatabaseSync } from "node:sqlite"
import { Patience } from "../src/internal/Environment.ts"
import { Runs } from "../src/index.ts"
import { rows, shown, storedBy, subjectOf, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const keep = (index: number) =>
  Effect.gen(function* () {
    const run = yield* (yield* RunStore).open(system, subjectOf(index, 1))
    yield* run.keep(0, rows({ n: index }))
    yield* run.end(shown)
  })

const list = Effect.flatMap(Runs, (runs) => runs.list())

/** A file with one run. */
const prepared = Effect.fnUntraced(function* () {
  const file = scratchFile()
  yield* Effect.provide(keep(1), storedBy(file))
  return file
})

/** A lock that another program has until the test ends, or until it is told to let go. */
const locked = (file: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const other = new DatabaseSync(file)
      other.exec("BEGIN IMMEDIATE")
      return { letGo: () => other.exec("COMMIT"), other }
    }),
    ({ other }) => Effect.sync(() => other.close()),
  )

describe("a file that another program keeps busy", () => {
  it.live("is waited for, which is said", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      const said: Array<string> = []
      const { letGo } = yield* locked(file)
      const keeping = yield* Effect.forkChild(Effect.provide(keep(2), storedBy(file, { said })))
      while (said.length === 0) yield* Effect.sleep(20)
      letGo()
      yield* Fiber.join(keeping)
      assert.deepStrictEqual(said, [`${file}: another program is using it; waiting for it`])
      assert.strictEqual((yield* Effect.provide(list, storedBy(file))).length, 2)
    }).pipe(Effect.scoped),
  )

  it.live("holds up nobody who was interrupted", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      const said: Array<string> = []
      yield* locked(file)
      // longer than the test may take
      const patient = Effect.provideService(Patience, 3_600_000)
      const keeping = yield* Effect.forkChild(
        Effect.provide(keep(2), storedBy(file, { said })).pipe(patient),
      )
      while (said.length === 0) yield* Effect.sleep(20)
      yield* Fiber.interrupt(keeping)
      assert.strictEqual(
        said[1],
        `${file}: the last result is not saved: another program is using it; try again later`,
      )
    }).pipe(Effect.scoped),
  )
})
