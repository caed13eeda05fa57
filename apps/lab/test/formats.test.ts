/** Commands on tables of typed columns, as pandas, polars and NumPy wrote them. */
import { NodeServices } from "@effect/platform-node"
import * as Frame from "@nonconvex/datasets/Frame"
import * as Table from "@nonconvex/datasets/Table"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { copyFileSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CompleteReport } from "../src/data/complete/CompleteReport.ts"
import { SolveReport } from "../src/data/solve/SolveReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const fixture = (name: string): string =>
  join(import.meta.dirname, "../../../packages/datasets/test/fixtures/tables", name)

const decode = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))

const printed = Effect.fnUntraced(function* <Type, Encoded>(
  schema: Schema.Codec<Type, Encoded>,
  ...args: ReadonlyArray<string>
) {
  const { code, stderr, stdout } = yield* nonconvex([], [...args, "--json"])
  assert.deepStrictEqual([code, stderr], [0, ""])
  return yield* decode(schema)(stdout)
})

const ratings = "user,item,rating\nada,film,4\nada,book,2\nbob,film,5\nbob,play,1\ncleo,book,3\n"

describe("tables of typed columns", () => {
  it.live.each(["ratings-pandas.parquet", "ratings-polars.arrow"])(
    "are completed as the same table of text is: %s",
    (name) =>
      Effect.gen(function* () {
        const text = join(temporary(), "ratings.csv")
        writeFileSync(text, ratings)
        const columns = ["--columns", "user,item,rating", "--rank", "0"]
        const { read, ...typed } = yield* printed(
          CompleteReport,
          "complete",
          fixture(name),
          ...columns,
        )
        const { read: _, ...plain } = yield* printed(CompleteReport, "complete", text, ...columns)
        assert.deepStrictEqual(typed, plain)
        assert.strictEqual(read.format, name.endsWith("parquet") ? "parquet" : "arrow")
      }),
  )

  it.live.each([
    { name: "holes-pandas.parquet", save: "filled", is: "parquet" },
    { name: "holes-pandas.parquet", save: "filled.feather", is: "arrow" },
    { name: "holes.npz", save: "filled", is: "npz" },
    { name: "holes.npz", save: "filled.npy", is: "npy" },
    { name: "holes.npz", save: "filled.csv", is: undefined },
  ])("are written as they are read, or as the name says: $name to $save", ({ is, name, save }) =>
    Effect.gen(function* () {
      const path = join(temporary(), save)
      const report = yield* printed(
        CompleteReport,
        "complete",
        fixture(name),
        "--rank",
        "0",
        "--save",
        path,
      )
      const table = yield* Table.read(path).pipe(Effect.provide(NodeServices.layer))
      assert.strictEqual(table.spelling.format, is)
      assert.deepStrictEqual([...table.values], report.filled!.flat())
      const rows = name === "holes.npz" && is !== undefined ? undefined : report.rowNames
      assert.deepStrictEqual(table.rowNames, rows)
    }),
  )

  it.live("are games, whose bits are those of the same numbers as text", () =>
    Effect.gen(function* () {
      const { published } = yield* printed(SolveReport, "solve", fixture("version-1.npy"))
      const path = join(temporary(), "game.csv")
      writeFileSync(path, "0,1,2\n0,1,2\n3,4,5\n")
      const plain = yield* printed(SolveReport, "solve", path, "--header")
      assert.deepStrictEqual(published, plain.published)
    }),
  )

  it.live("train networks, and are predicted", () =>
    Effect.gen(function* () {
      const network = join(temporary(), "network.json")
      const data = fixture("xy.npz")
      const small = ["--epochs", "2", "--hidden", "none", "--batch", "2", "--test-fraction", "0.4"]
      const train = ["train", data, "-t", "y", ...small, "--save", network]
      const { code, stderr } = yield* nonconvex([], train)
      assert.deepStrictEqual([code, stderr], [0, ""])
      const save = join(temporary(), "predicted.csv")
      const predicted = yield* nonconvex([], ["predict", network, data, "--save", save])
      assert.deepStrictEqual([predicted.code, predicted.stderr], [0, ""])
      const { rows } = yield* Frame.read(save).pipe(Effect.provide(NodeServices.layer))
      assert.strictEqual(rows, 6)
    }),
  )

  it.live("are refused in a line, whatever they are called", () =>
    Effect.gen(function* () {
      const path = join(temporary(), "ratings.csv")
      copyFileSync(fixture("nested.parquet"), path)
      for (const command of [["complete"], ["solve"], ["train", "-t", "tags"]]) {
        const [verb, ...flags] = command
        const { code, stderr } = yield* nonconvex([], [verb!, path, ...flags])
        assert.strictEqual(code, 1)
        assert.match(stderr, /ratings\.csv: column "tags": it is nested/)
        assert.strictEqual(stderr.trimEnd().split("\n").length, 1)
      }
    }),
  )

  it.live("never replace what is read", () =>
    Effect.gen(function* () {
      const path = join(temporary(), "holes.parquet")
      copyFileSync(fixture("holes-pandas.parquet"), path)
      const { code, stderr } = yield* nonconvex([], ["complete", path, "--save", path])
      assert.strictEqual(code, 1)
      assert.match(stderr, /the command also reads this file/)
      assert.deepStrictEqual(readFileSync(path), readFileSync(fixture("holes-pandas.parquet")))
    }),
  )
})
