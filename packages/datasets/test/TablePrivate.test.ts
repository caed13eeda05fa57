// Rows that nobody may see: names that the caller gives, cells without a value, and first lines that are rows.
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Table from "../src/Table.ts"
import { written } from "./support/Folders.ts"

const read = (content: string, options: Table.IntoOptions = {}) => {
  const path = written(content)
  const seen: Array<number> = []
  let names: ReadonlyArray<string> = []
  return Table.readPrivateInto(path, { needs: "table", ...options }, (columns) => {
    names = columns
    return Effect.succeed((values) => Effect.sync(() => void seen.push(...values)))
  }).pipe(
    Effect.map(({ rows }) => ({ names, rows, seen })),
    Effect.provide(NodeServices.layer),
  )
}

describe("readPrivateInto", () => {
  it.effect("takes names from the caller where the file has none", () =>
    Effect.gen(function* () {
      const { names, rows, seen } = yield* read("1,2\n3,4\n", { names: ["a", "b"] })
      assert.deepStrictEqual([names, rows, seen], [["a", "b"], 2, [1, 2, 3, 4]])
      const wide = yield* Effect.flip(read("1,2,3\n", { names: ["a", "b"] }))
      assert.strictEqual(wide._tag, "UnusableTable")
    }),
  )

  it.effect("reads cells without a value where they may be there, and refuses them else", () =>
    Effect.gen(function* () {
      const content = "a,b\n1,\nNA,4\n"
      const { seen } = yield* read(content, { mayMiss: true })
      assert.deepStrictEqual(seen, [1, Number.NaN, Number.NaN, 4])
      assert.strictEqual((yield* Effect.flip(read(content)))._tag, "UnusableTable")
      const text = yield* Effect.flip(read("a,b\n1,x\n", { mayMiss: true }))
      assert.strictEqual(text._tag, "UnusableTable")
    }),
  )

  it.effect("leaves out a first column without a name, which is an index", () =>
    Effect.gen(function* () {
      const { names, seen } = yield* read(",a,b\n0,1,2\nx,3,4\n")
      assert.deepStrictEqual(
        [names, seen],
        [
          ["a", "b"],
          [1, 2, 3, 4],
        ],
      )
      assert.strictEqual((yield* Effect.flip(read("a,,b\n1,2,3\n")))._tag, "UnusableTable")
      assert.strictEqual((yield* Effect.flip(read(",,b\n1,2,3\n")))._tag, "UnusableTable")
    }),
  )

  it.effect("takes no row for names, whatever separates its cells", () =>
    Effect.gen(function* () {
      for (const first of ["0.5;0.25", "0.5|1", "0.5 0.25", "0,5", "1\t2", "3::4"]) {
        const error = yield* Effect.flip(read(`${first}\n`, { delimiter: "," }))
        assert.strictEqual(error._tag, "UnusableTable", first)
      }
      const { names } = yield* read('"Income, 2010",b\n1,2\n')
      assert.deepStrictEqual(names, ["Income, 2010", "b"])
    }),
  )
})
