/** Tables that pandas, polars and PyArrow wrote: the same in every format. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Frame from "../src/Frame.ts"
import * as Table from "../src/Table.ts"
import { filesInMemory } from "./support/Files.ts"
import * as Column from "../src/internal/Column.ts"

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", "tables", name)

const recordsOf = Effect.fnUntraced(function* (path: string) {
  const records: Array<ReadonlyArray<string>> = []
  yield* Table.readRecords(
    path,
    {},
    {
      add: (cells) => {
        records.push(cells)
        return undefined
      },
    },
  )
  return records
})

/** What the script that made the fixtures put in. */
const typed = [
  "int8 uint32 int64 uint64 half float double bool text code category decimal date moment utc time",
  "-128 0 -9007199254740991 0 0.5 0.5 0.1 1 a 01 low -0.05 2026-11-27 2026-11-27T10:00:00.000005 2026-11-27T00:00:00Z 01:02:03",
  "- - - 1 -2 - - - - 1 - - - - - -",
  "127 4294967295 9007199254740991 - 65504 1.5 1e+308 0 naïve_😀 02 high 12345678901234.50 1969-12-31 1969-12-31T23:59:59 - 23:59:59.500000",
].map((line) =>
  line.split(" ").map((cell) => (cell === "-" ? "" : cell.replace("naïve_", "naïve "))),
)

const typedFiles = [
  ...["none", "snappy", "gzip", "zstd", "lz4", "brotli", "v2"].map(
    (name) => `typed-${name}.parquet`,
  ),
  ...["uncompressed", "lz4", "zstd"].map((name) => `typed-${name}.feather`),
  "typed.arrows",
]

describe("tables of typed columns", () => {
  it.live.each(typedFiles)("have the cells that were put in: %s", (name) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* recordsOf(fixture(name)), typed)
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live.each(["long-lz4.feather", "long-zstd.feather"])(
    "are unpacked over many blocks that refer to each other: %s",
    (name) =>
      Effect.gen(function* () {
        const { columns, rows } = yield* Frame.read(fixture(name))
        const [x, word] = [columns.get("x") as Column.Numbers, columns.get("word") as Column.Words]
        assert.strictEqual(rows, 20_000)
        assert.isTrue(x.values.every((value, k) => value === (k % 1000) / 8))
        assert.isTrue(word.codes.every((code, k) => word.words[code] === `w${k % 7}`))
      }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live.each([
    "ratings-pandas.parquet",
    "ratings-polars.parquet",
    "ratings-pandas.feather",
    "ratings-polars.arrow",
  ])("are the same frame, whoever wrote it: %s", (name) =>
    Effect.gen(function* () {
      const { columns, rows } = yield* Frame.read(fixture(name))
      assert.strictEqual(rows, 5)
      const users = columns.get("user") as Column.Words
      assert.deepStrictEqual(users.words, ["ada", "bob", "cleo"])
      assert.deepStrictEqual([...users.codes], [0, 0, 1, 1, 2])
      const ratings = columns.get("rating") as Column.Numbers
      assert.deepStrictEqual([...ratings.values], [4, 2, 5, 1, 3])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("have texts as words, also where these are numbers", () =>
    Effect.gen(function* () {
      const { columns } = yield* Frame.read(fixture("typed-lz4.feather"))
      assert.deepStrictEqual(
        [...columns.values()].flatMap(({ _tag, name }) => (_tag === "Words" ? [name] : [])),
        ["text", "code", "category", "date", "moment", "utc", "time"],
      )
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live.each([
    {
      name: "holes-pandas.parquet",
      rowNames: ["r1", "r2", "r3", "r4"],
      columnNames: ["a", "b", "c"],
    },
    {
      name: "holes-named.parquet",
      rowNames: ["r1", "r2", "r3", "r4"],
      columnNames: ["a", "b", "c"],
    },
    { name: "holes.npz", rowNames: undefined, columnNames: ["0", "1", "2"] },
  ])("are a matrix with holes: $name", ({ columnNames, name, rowNames }) =>
    Effect.gen(function* () {
      const table = yield* Table.read(fixture(name))
      assert.deepStrictEqual(table.rowNames, rowNames)
      assert.deepStrictEqual(table.columnNames, columnNames)
      const expected = [1, 2, 3, 2, 4, NaN, NaN, 6, 9, 4, 8, 12]
      assert.deepStrictEqual([...table.values], expected)
      assert.isTrue(Result.isSuccess(Table.observed(table)))
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("have arrays of an archive side by side", () =>
    Effect.gen(function* () {
      const { columns, values } = yield* Table.readColumns(fixture("xy.npz"), {
        columns: ["X.1", "y"],
      })
      assert.deepStrictEqual(columns, ["X.1", "y"])
      assert.deepStrictEqual([...values.subarray(0, 4)], [1, 0, 3, 1])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("are told by what is in them, not by their name", () =>
    Effect.gen(function* () {
      const bytes = readFileSync(fixture("ratings-polars.parquet"))
      const { rows } = yield* Frame.read("ratings.csv").pipe(
        Effect.provide(filesInMemory({ "ratings.csv": bytes })),
      )
      assert.strictEqual(rows, 5)
    }),
  )
})

/** Bytes with others from a place on; a negative one counts from the end. */
const patched = (name: string, at: number, bytes: ReadonlyArray<number>): Uint8Array => {
  const copy = Uint8Array.from(readFileSync(fixture(name)))
  copy.set(bytes, at < 0 ? copy.length + at : at)
  return copy
}

const whole = (name: string): Uint8Array => readFileSync(fixture(name))

describe("tables of typed columns that are refused in a line", () => {
  it.live.each<{ what: string; bytes: () => Uint8Array; says: RegExp }>([
    {
      what: "a list in a cell",
      bytes: () => whole("nested.parquet"),
      says: /^t: column "tags": it is nested.*df\.explode/,
    },
    {
      what: "a struct in a cell",
      bytes: () => whole("nested.feather"),
      says: /^t: column "point": it is nested/,
    },
    {
      what: "bytes that are no text",
      bytes: () => whole("bytes.parquet"),
      says: /^t: column "a": it holds bytes/,
    },
    {
      what: "an integer that may be another",
      bytes: () => whole("large.parquet"),
      says: /row 1, column "a": "9007199254740993" is beyond 2\^53/,
    },
    {
      what: "the same in Arrow",
      bytes: () => whole("large.feather"),
      says: /row 1, column "a": "9007199254740993" is beyond 2\^53/,
    },
    {
      what: "a number that is none beside null",
      bytes: () => whole("nan-polars.parquet"),
      says: /row 3, column "b": "NaN" does not mark a missing value in a format with null/,
    },
    {
      what: "Parquet without its end",
      bytes: () => whole("typed-snappy.parquet").subarray(0, 900),
      says: /not a complete Parquet file/,
    },
    {
      what: "Parquet whose footer is longer than it",
      bytes: () => patched("ratings-polars.parquet", -8, [255, 255, 255, 127]),
      says: /not a complete Parquet file \(parquet metadata length 2147483647/,
    },
    {
      what: "Parquet that is encrypted",
      bytes: () => patched("ratings-polars.parquet", 0, [0x50, 0x41, 0x52, 0x45]),
      says: /it is encrypted/,
    },
    {
      what: "Arrow without its end",
      bytes: () => whole("typed-lz4.feather").subarray(0, 900),
      says: /not a complete Arrow file|end before their data are complete/,
    },
    {
      what: "Feather of version 1",
      bytes: () => patched("typed-lz4.feather", 0, [0x46, 0x45, 0x41, 0x31]),
      says: /Feather file of version 1.*pandas\.read_feather/,
    },
    {
      what: "arrays of other lengths",
      bytes: () => whole("stored.npz"),
      says: /array "b": it has 2 rows, but array "a" has 3/,
    },
    {
      what: "a sparse matrix",
      bytes: () => whole("sparse.npz"),
      says: /numpy\.savez\(path, row=m\.row, col=m\.col, value=m\.data\)/,
    },
    {
      what: "objects of Python",
      bytes: () => whole("objects.npy"),
      says: /holds Python objects/,
    },
  ])("$what", ({ bytes, says }) =>
    Effect.gen(function* () {
      const read = Effect.flatMap(Table.read("t"), (table) =>
        Effect.fromResult(Table.observed(table)),
      )
      const error = yield* Effect.flip(read.pipe(Effect.provide(filesInMemory({ t: bytes() }))))
      assert.match(error.message, says)
      assert.notMatch(error.message, /\n/)
    }),
  )

  it.live(
    "are read without a nested column that is not asked for, and refused by its name where it is",
    () =>
      Effect.gen(function* () {
        for (const [name, nested] of [
          ["nested.parquet", "tags"],
          ["nested.feather", "point"],
        ] as const) {
          const files = Effect.provide(filesInMemory({ t: whole(name) }))
          const frame = yield* Frame.read("t").pipe(files)
          assert.isFalse(frame.columns.has(nested))
          assert.isAbove(frame.columns.size, 0)
          assert.deepStrictEqual(
            frame.spelling.unread?.map(({ column }) => column),
            [nested],
          )
          const without = yield* Frame.read("t", { ignore: [nested] }).pipe(files)
          assert.deepStrictEqual([...without.columns.keys()], [...frame.columns.keys()])
          const asked = Frame.read("t", { required: [nested] })
          assert.match(
            (yield* Effect.flip(asked.pipe(files))).message,
            /: it is nested, .*; flatten it/,
          )
          const [only] = frame.columns.keys()
          const { columns } = yield* Table.readColumns("t", { columns: [only!] }).pipe(files)
          assert.deepStrictEqual(columns, [only!])
          const all = Table.readInto("t", {}, () => Effect.succeed(() => Effect.void))
          assert.strictEqual((yield* Effect.flip(all.pipe(files)))._tag, "UnreadableTable")
        }
      }),
  )

  it.live("say nothing of rows that are private", () =>
    Effect.gen(function* () {
      for (const name of [
        "nan-polars.parquet",
        "large.feather",
        "nested.parquet",
        "objects.npy",
        "stored.npz",
      ]) {
        const read = Table.readPrivateInto("t", { needs: "table of numbers" }, () =>
          Effect.succeed(() => Effect.void),
        )
        const error = yield* Effect.flip(
          read.pipe(Effect.provide(filesInMemory({ t: whole(name) }))),
        )
        assert.strictEqual(
          error.message,
          "t: no table of numbers; the owner of the rows can check it",
        )
      }
    }),
  )
})
