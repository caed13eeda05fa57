/** While a table is read the loop goes on, so that a signal is heard: within a column, between the steps of a header, and before a record is made anything of. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Records from "../src/internal/Records.ts"
import * as Frame from "../src/Frame.ts"
import { OnRead } from "../src/Spelling.ts"
import { filesInMemory } from "./support/Files.ts"

/** Counts the turns of the loop, until the scope ends: in a pause there are two. */
const turning = Effect.acquireRelease(
  Effect.sync(() => {
    const loop = { turns: 0, goesOn: true }
    const turn = () => {
      loop.turns++
      if (loop.goesOn) setImmediate(turn)
    }
    setImmediate(turn)
    return loop
  }),
  (loop) =>
    Effect.sync(() => {
      loop.goesOn = false
    }),
)

/** Notes when it is asked for a column. */
class Noted extends Set<string> {
  readonly #note: (column: string) => void
  constructor(note: (column: string) => void) {
    super()
    this.#note = note
  }
  override has(column: string): boolean {
    this.#note(column)
    return true
  }
}

describe("reading a table", () => {
  it.effect("pauses between the steps of its header, and within a long column", () =>
    Effect.gen(function* () {
      const loop = yield* turning
      const at = new Map<string, number>()
      const rows = Array.from({ length: 2 ** 18 + 1 }, (_, i) => `${i % 7},${i % 2 ? "x" : "y"},1`)
      const only = new Noted((column) => void at.set(column, loop.turns))
      const onRead = Layer.succeed(OnRead, () => Effect.sync(() => void at.set("read", loop.turns)))
      const files = filesInMemory({ "long.csv": `numbers,words,last\n${rows.join("\n")}\n` })
      const { columns } = yield* Frame.read("long.csv", { only }).pipe(
        Effect.provide([files, onRead]),
      )
      assert.strictEqual(columns.get("words")!._tag, "Words")
      const between = (from: string, to: string) => at.get(to)! - at.get(from)!
      assert.isAtLeast(between("read", "numbers"), 4)
      assert.isAtLeast(between("numbers", "words"), 4)
      assert.isAtLeast(between("words", "last"), 6)
    }).pipe(Effect.scoped),
  )

  it.effect("pauses between a record and what is made of it", () =>
    Effect.gen(function* () {
      const loop = yield* turning
      const seen: Array<string> = []
      let added = 0
      yield* Records.readInto(
        { path: "t.csv" },
        {},
        {
          add: (cells) => {
            seen.push(cells.join())
            added = loop.turns
            return undefined
          },
          flush: Effect.sync(() => {
            if (seen.length > 0) assert.isAtLeast(loop.turns, added + 2)
          }),
        },
      ).pipe(Effect.provide(filesInMemory({ "t.csv": "a,b\n1,2\n3,4\n" })))
      assert.deepStrictEqual(seen, ["a,b", "1,2", "3,4"])
    }).pipe(Effect.scoped),
  )
})
