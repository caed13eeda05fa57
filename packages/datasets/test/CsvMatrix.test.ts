import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CsvMatrix } from "../src/index.ts"

const reading = (text: string) =>
  Effect.suspend(() => {
    const path = join(mkdtempSync(join(tmpdir(), "matrix-")), "data.csv")
    writeFileSync(path, text)
    return CsvMatrix.read(path)
  }).pipe(Effect.provide(NodeServices.layer))

describe("CsvMatrix", () => {
  it.live("reads numbers with and without names", () =>
    Effect.gen(function* () {
      const plain = yield* reading("1,2\n3,4.5\n")
      assert.deepStrictEqual(plain, { rows: 2, columns: 2, values: Float64Array.of(1, 2, 3, 4.5) })
      const named = yield* reading(",a,b\nx,1,2\ny,3,4\n")
      assert.deepStrictEqual(named.columnNames, ["a", "b"])
      assert.deepStrictEqual(named.rowNames, ["x", "y"])
      assert.deepStrictEqual(named.values, Float64Array.of(1, 2, 3, 4))
      const corner = yield* reading("a,b\nx,1,2\ny,3,4\n")
      assert.deepStrictEqual(corner, named)
    }),
  )

  it.live("says what is wrong", () =>
    Effect.gen(function* () {
      const cases = [
        ["", "EmptyCsv"],
        ["a,b\n", "EmptyCsv"],
        ["1,2\n1\n", "RaggedRow"],
        ["a,b,c\n1,2\n3,4\n", "RaggedRow"],
        ["a\n1,2\n3,4\n", "RaggedRow"],
        ["a,b\n1,2\n1,x\n", "BadCell"],
        ['1,2\n"1,2\n', "MalformedCsv"],
      ] as const
      for (const [text, tag] of cases) {
        assert.strictEqual((yield* Effect.flip(reading(text)))._tag, tag)
      }
      const cell = yield* Effect.flip(reading('a,"b\nc"\n\n1,2\n1,x\n'))
      assert.match(cell.message, /row 5, column "b\\nc": "x" is not a number/)
      const named = yield* Effect.flip(reading("x,y\nr1,1,2\nr2,bad,3\n"))
      assert.match(named.message, /row 3, column "x": "bad" is not a number/)
    }),
  )
})
