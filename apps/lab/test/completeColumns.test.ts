/** Tables of mixed units, words and keys from the command line; the files were written by scikit-learn and pandas. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ColumnsReport } from "../src/data/complete/ColumnsReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(ColumnsReport)))
const fixture = (name: string) => join(import.meta.dirname, "fixtures", "columns", name)

/** The known cells of a file, and its holes. */
const cellsOf = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(","))

describe("complete fills", () => {
  it.live("scikit-learn's wine, whose units differ by a factor of a thousand, below any mean", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex([], ["complete", fixture("wine.csv"), "--json"])
      assert.strictEqual(code, 0)
      const { columns, heldOut } = yield* decode(stdout)
      assert.deepStrictEqual([columns.length, columns.at(-1)!.kind], [14, "category"])
      for (const { error, meanError } of columns) assert.isBelow(error!, meanError!)
      assert.isBelow(columns.at(-1)!.error!, 0.15)
      assert.isBelow(heldOut.relative.combined, heldOut.relative.lowRank)
    }),
  )

  it.live("numbers, words and a constant that pandas wrote, and says which is a key", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "filled.csv")
      const file = fixture("people.csv")
      const { code, stdout } = yield* nonconvex([], ["complete", file, "--save", save])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^categories {3}city: words, filled by the most likely one$/m)
      assert.match(stdout, /^left out {5}id: numbers or names the rows/m)
      assert.match(stdout, /^constant {5}floors: one value$/m)
      assert.match(stdout, /^warning {6}luck: filled no better than by the mean/m)
      assert.match(stdout, /^salary +\d+ +\S+ ± \S+ +\S+ +\S/m)
      const [given, filled] = [cellsOf(file), cellsOf(save)]
      assert.deepStrictEqual(filled[0], given[0])
      given.slice(1).forEach((row, r) =>
        row.forEach((cell, c) => {
          const found = filled[r + 1]![c]!
          if (cell === "") assert.notStrictEqual(found, "")
          else if (Number.isNaN(Number(cell))) assert.strictEqual(found, cell)
          else assert.strictEqual(Number(found), Number(cell))
          if (given[0]![c] === "height" && cell === "")
            assert.isTrue(1.4 < Number(found) && Number(found) < 2.2)
        }),
      )
    }),
  )

  it.live("numbers of one low rank as before, since no column is filled better alone", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 40 }, (_, r) =>
        Array.from({ length: 6 }, (_cell, c) =>
          (r + c) % 7 === 0 ? "" : String((1 + ((r * 7) % 13)) * (c + 2)),
        ).join(","),
      )
      const path = join(temporary(), "rank-one.csv")
      writeFileSync(path, rows.join("\n"))
      const { stdout } = yield* nonconvex([], ["complete", path])
      assert.match(stdout, /^rank {9}1, singular values/m)
      assert.match(stdout, /^certificate/m)
    }),
  )

  it.live("words only without the flags of low rank", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex(
        [],
        ["complete", fixture("people.csv"), "--rank", "2"],
      )
      assert.strictEqual(code, 1)
      assert.match(stderr, /--rank needs a table without columns of words/)
    }),
  )
})
