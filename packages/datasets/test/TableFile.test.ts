import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Frame from "../src/Frame.ts"
import * as Table from "../src/Table.ts"
import * as TableFile from "../src/TableFile.ts"
import { filesInMemory } from "./support/Files.ts"
import * as Column from "../src/internal/Column.ts"

const columns = [
  { name: "x", values: Float64Array.of(0.1, -0, 1e308) },
  { name: "y z", values: Float64Array.of(1, 2, 3) },
]
const rowNames = ["a", "ü", "c,d"]

const written = Effect.fnUntraced(function* (
  format: "parquet" | "arrow" | "npz" | "npy",
  table: Parameters<typeof TableFile.encode>[1],
) {
  const bytes = yield* TableFile.encode(format, table)
  return yield* Table.read("t").pipe(Effect.provide(filesInMemory({ t: bytes })))
})

describe("tables that are written", () => {
  it.live.each(["parquet", "arrow", "npz"] as const)("are read as they were: %s", (format) =>
    Effect.gen(function* () {
      const table = yield* written(format, { columns, rowNames })
      assert.strictEqual(table.spelling.format, format)
      assert.deepStrictEqual(table.rowNames, rowNames)
      assert.deepStrictEqual(table.columnNames, ["x", "y z"])
      assert.deepStrictEqual([...table.values], [0.1, 1, -0, 2, 1e308, 3])
    }),
  )

  it.live.each(["parquet", "arrow", "npz", "npy"] as const)("need no names of rows: %s", (format) =>
    Effect.gen(function* () {
      const counted = columns.map(({ values }, j) => ({ name: String(j), values }))
      const table = yield* written(format, { columns: counted })
      assert.isUndefined(table.rowNames)
      assert.deepStrictEqual(table.columnNames, ["0", "1"])
      assert.deepStrictEqual([...table.values], [0.1, 1, -0, 2, 1e308, 3])
    }),
  )

  it.live("have texts beside numbers", () =>
    Effect.gen(function* () {
      const texts = { name: "word", values: ["b", "a", "b"] }
      for (const format of ["parquet", "arrow", "npz"] as const) {
        const bytes = yield* TableFile.encode(format, { columns: [...columns, texts] })
        const frame = yield* Frame.read("t").pipe(Effect.provide(filesInMemory({ t: bytes })))
        assert.deepStrictEqual((frame.columns.get("word") as Column.Words).words, ["b", "a"])
      }
    }),
  )

  it("are of the format that their name says", () => {
    const names = ["a.parquet", "a.PQ", "a.feather", "a.arrow", "a.npz", "a.npy", "a.csv", "a"]
    assert.deepStrictEqual(names.map(TableFile.formatOf), [
      "parquet",
      "parquet",
      "arrow",
      "arrow",
      "npz",
      "npy",
      undefined,
      undefined,
    ])
  })
})
