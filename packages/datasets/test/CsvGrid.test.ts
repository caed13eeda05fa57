import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as CsvGrid from "../src/CsvGrid.ts"
import { filesInMemory } from "./support/Files.ts"

const read = (text: string, options?: CsvGrid.Options) =>
  CsvGrid.read("t.csv", options).pipe(Effect.provide(filesInMemory({ "t.csv": text })))

describe("CsvGrid.read", () => {
  it.effect("keeps every cell as text, holes and names too, and skips blank lines", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read('name,a,"b,c"\n\nx, 1 ,\n'), [
        { row: 1, cells: ["name", "a", "b,c"] },
        { row: 3, cells: ["x", "1", ""] },
      ])
      assert.deepStrictEqual(yield* read("1;NA", { delimiter: ";" }), [
        { row: 1, cells: ["1", "NA"] },
      ])
    }),
  )

  it.effect("says what is wrong with a file, and where", () =>
    Effect.gen(function* () {
      const ragged = yield* Effect.flip(read("a,b\n1\n"))
      assert.strictEqual(
        ragged.message,
        "t.csv: row 2: 2 cells expected as in the header, 1 found; check the row for a missing or extra separator",
      )
      const below = yield* Effect.flip(read('a,"b\nc"\n\n1\n'))
      assert.match(below.message, /^t\.csv: row 4: 2 cells expected/)
      for (const text of ["", "\n\n"]) {
        const empty = yield* Effect.flip(read(text))
        assert.strictEqual(empty.message, "t.csv: the file is empty; check the path")
      }
      assert.match((yield* Effect.flip(read('a,"b\n'))).message, /^t\.csv: /)
      const missing = yield* Effect.flip(
        CsvGrid.read("u.csv").pipe(Effect.provide(filesInMemory({}))),
      )
      assert.strictEqual(missing.message, "u.csv: no such file; check the path")
    }),
  )

  it("reads a cell as a number, or says why not", () => {
    assert.deepStrictEqual(["2.5", "", "x"].map(CsvGrid.number), [2.5, "missing", "not-a-number"])
  })
})
