/** What is kept comes back as it was, to the bit. */
import { RunStore } from "@nonconvex/runner"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Runs } from "../src/index.ts"
import { experiment, rows, storedBy, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const opened = Effect.fnUntraced(function* (subject = experiment()) {
  return yield* (yield* RunStore).open(system, subject)
})

const listed = Effect.flatMap(Runs, ({ list }) => list())

describe("a run that is kept", () => {
  it.effect("comes back in another program with its parts", () => {
    const file = scratchFile()
    const first = rows({ n: 1, square: 1, even: false }, { n: 2, square: -0, even: true })
    const second = rows({ n: Infinity, square: NaN, name: "last" })
    return Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const run = yield* opened()
        assert.strictEqual(run.parts.size, 0)
        yield* run.keep(0, first)
        yield* run.keep(1, second)
        yield* run.end({ _tag: "Shown", expectations: [], data: [] })
      }).pipe(Effect.provide(storedBy(file)))
      yield* Effect.gen(function* () {
        const run = yield* opened()
        assert.deepStrictEqual(
          run.parts,
          new Map([
            [0, first],
            [1, second],
          ]),
        )
        const runs = yield* Runs
        const [kept] = yield* listed
        assert.strictEqual(kept?.status, "done")
        assert.strictEqual(kept?.kept, 2)
        assert.strictEqual(kept?.seconds, 1)
        assert.deepStrictEqual(yield* runs.find(kept!.id.slice(0, 4)), kept)
        assert.deepStrictEqual(yield* runs.counts, { reused: 2, computed: 0 })
        assert.strictEqual((yield* runs.rowsOf(kept!.id)).length, 3)
      }).pipe(Effect.provide(storedBy(file)))
    })
  })
})
