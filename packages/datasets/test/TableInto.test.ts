import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import * as Table from "../src/Table.ts"
import { written } from "./support/Folders.ts"

/** All rows that are handed over. */
const reading = (text: string, options: Table.IntoOptions = {}) =>
  Effect.suspend(() => {
    const seen: { columns: ReadonlyArray<string>; values: ReadonlyArray<number> } = {
      columns: [],
      values: [],
    }
    return Table.readInto(written(text), options, (columns) => {
      seen.columns = columns
      return Effect.succeed((values) =>
        Effect.sync(() => {
          seen.values = [...seen.values, ...values]
        }),
      )
    }).pipe(Effect.map(({ rows }) => ({ rows, ...seen })))
  }).pipe(Effect.provide(NodeServices.layer))

describe("Table.readInto", () => {
  it.live("reads all columns but the ignored ones", () =>
    Effect.gen(function* () {
      const { columns, rows, values } = yield* reading("id;a;b\nx;1;2\n\ny;3;4.5\n", {
        delimiter: ";",
        ignore: ["id"],
      })
      assert.deepStrictEqual(columns, ["a", "b"])
      assert.strictEqual(rows, 2)
      assert.deepStrictEqual(values, [1, 2, 3, 4.5])
    }),
  )

  it.live("says what is wrong, and where", () =>
    Effect.gen(function* () {
      const cases = [
        ["", "EmptyCsv"],
        ["a,b\n1\n", "RaggedRow"],
        ["a,b\n1,2\n1,x\n", "BadCell"],
        ["a,a\n1,2\n", "BadHeader"],
        ["a,\n1,2\n", "BadHeader"],
        ['a,b\n"1,2\n', "MalformedCsv"],
      ] as const
      for (const [text, tag] of cases) {
        assert.strictEqual((yield* Effect.flip(reading(text)))._tag, tag)
      }
      const empty = yield* Table.readColumns(written("a,b\n")).pipe(
        Effect.provide(NodeServices.layer),
        Effect.flip,
      )
      assert.strictEqual(empty._tag, "EmptyCsv")
      const cell = yield* Effect.flip(reading("a,b\n1,2\n1,x\n"))
      assert.match(cell.message, /row 3, column "b": "x" is not a number/)
      const below = yield* Effect.flip(reading('a,"b\nc"\n\n1,2\n1\n'))
      assert.match(below.message, /row 5: 2 cells expected/)
      assert.match(
        (yield* Effect.flip(reading("\n"))).message,
        /: the file is empty; check the path$/,
      )
      const unknown = yield* Effect.flip(reading("a\n1\n", { ignore: ["c"] }))
      assert.strictEqual(unknown._tag, "MissingColumn")
      const missing = yield* Table.readColumns("/nowhere.csv").pipe(
        Effect.provide(NodeServices.layer),
        Effect.flip,
      )
      assert.strictEqual(missing._tag, "MissingFile")
    }),
  )

  it.live("hands rows over in blocks, after their columns, and none of a file without rows", () =>
    Effect.gen(function* () {
      const lines = Array.from({ length: 30_000 }, (_, i) => `${i},${-i}`)
      const path = written(`a,b\n${lines.join("\n")}\n`)
      const seen = { names: "", blocks: 0, sum: 0 }
      const into = Table.readInto(path, {}, (columns) => {
        seen.names += columns.join()
        return Effect.succeed((values) =>
          Effect.sync(() => {
            seen.blocks++
            for (let i = 0; i < values.length; i += 2) seen.sum += values[i]! - values[i + 1]!
          }),
        )
      }).pipe(Effect.provide(NodeServices.layer))
      assert.strictEqual((yield* into).rows, 30_000)
      assert.strictEqual(seen.sum, 30_000 * 29_999)
      assert.isAbove(seen.blocks, 1)
      writeFileSync(path, "a,b\n")
      assert.strictEqual((yield* into).rows, 0)
      assert.strictEqual(seen.names, "a,ba,b")
    }),
  )

  it.live("fails with what its consumer fails with, and reads no further", () =>
    Effect.gen(function* () {
      const path = written("a\n1\n2\n")
      const error = yield* Table.readInto(path, {}, () =>
        Effect.succeed(() => Effect.fail("enough")),
      ).pipe(Effect.provide(NodeServices.layer), Effect.flip)
      assert.strictEqual(error, "enough")
    }),
  )
})
