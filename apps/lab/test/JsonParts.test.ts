/** JSON in parts: the text that it would have as a whole, and an end at an interruption. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Buffer } from "node:buffer"
import * as JsonParts from "../src/files/JsonParts.ts"

const textOf = (parts: ReadonlyArray<string | Uint8Array>): string =>
  Buffer.concat(parts.map((part) => Buffer.from(part))).toString()

describe("JsonParts", () => {
  it.effect("gives the text of the whole, which is a record with the members of both", () =>
    Effect.gen(function* () {
      const record = { name: 'a "b"', list: [1, 2], none: {} }
      const lists = {
        rows: [[1, -2.5], [], [3e-300]],
        'in "it"': { empty: [], deeper: { objects: [{ a: [1] }, { b: {} }] } },
      }
      function* lazily() {
        yield* lists.rows
      }
      const parts = yield* JsonParts.parts({ ...lists, rows: lazily() })
      assert.strictEqual(textOf(parts), JSON.stringify(lists, null, 2))
      const both = JsonParts.withMembers(`${JSON.stringify(record, null, 2)}\n`, parts)
      assert.strictEqual(textOf(both), `${JSON.stringify({ ...record, ...lists }, null, 2)}\n`)
    }),
  )

  it.effect("is interrupted between two entries of a list without end", () =>
    Effect.gen(function* () {
      const made: Array<number> = []
      function* endless() {
        for (;;) yield made.push(made.length)
      }
      const making = yield* Effect.forkChild(JsonParts.parts({ endless: endless() }))
      while (made.length < 3) yield* Effect.yieldNow
      yield* Fiber.interrupt(making)
      const then = made.length
      yield* Effect.yieldNow
      assert.strictEqual(made.length, then)
    }),
  )
})
