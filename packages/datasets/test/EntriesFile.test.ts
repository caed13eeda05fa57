/** Entries of a table: how often their numbers are copied on the way from the file, and that none becomes text again. */
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as EntriesFile from "../src/EntriesFile.ts"
import * as TableFile from "../src/TableFile.ts"
import { filesInMemory } from "./support/Files.ts"

const read = (content: string | Uint8Array, options?: Parameters<typeof EntriesFile.read>[1]) =>
  EntriesFile.read("t.csv", options).pipe(Effect.provide(filesInMemory({ "t.csv": content })))

/** Numbers that are copied from one array of them to another while an effect runs. */
const copying = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const [set, slice] = [
      vi.spyOn(Float64Array.prototype, "set"),
      vi.spyOn(Float64Array.prototype, "slice"),
    ]
    return Effect.map(work, (value) => {
      const copied = [
        ...set.mock.calls.map(([from]) => from.length),
        ...slice.mock.results.map((made) => (made.type === "return" ? made.value.length : 0)),
      ]
      return { value, copied: copied.reduce((sum, each) => sum + each, 0) }
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          set.mockRestore()
          slice.mockRestore()
        }),
      ),
    )
  })

const rows = 2000
const columns = 5

/** The value of an entry; a hole in each column. */
const valueAt = (row: number, column: number): number | undefined =>
  row === column ? undefined : row + column / 8

const rowAt = (row: number) => Array.from({ length: columns }, (_, column) => valueAt(row, column))

const cells = Array.from({ length: rows }, (_, row) => rowAt(row))

const observed = cells.flatMap((row) => row.filter((value) => value !== undefined))

const header = Array.from({ length: columns }, (_, column) => `c${column}`).join(",")

const forms = {
  "a matrix": [header, ...cells.map((row) => row.join(","))].join("\n"),
  "a matrix with names of rows": [
    `,${header}`,
    ...cells.map((row, i) => `r${i},${row.join(",")}`),
  ].join("\n"),
  triplets: [
    "row,column,value",
    ...cells.flatMap((row, i) => row.map((value, j) => `r${i},c${j},${value ?? ""}`)),
  ].join("\n"),
}

describe.each(Object.entries(forms))("the numbers of %s", (form, text) => {
  it.live("are copied as their list grows, and once more into the entries of a matrix", () =>
    Effect.gen(function* () {
      const isList = form === "triplets"
      const { copied, value } = yield* copying(read(text, isList ? { triplets: true } : {}))
      const { rowOf, values } = value.table
      assert.deepStrictEqual([...values], observed)
      // by doubling, a list that ends at n has copied fewer than 2 n; weights, all 1, come beside the values of triplets
      const numbers = (isList ? 2 : 1) * rows * (columns + 1)
      assert.isBelow(copied, 2 * numbers)
      // what is posted to a thread is not copied there
      for (const { buffer } of [values, rowOf]) assert.instanceOf(buffer, SharedArrayBuffer)
    }),
  )
})

/** Texts that become numbers while an effect runs: a regular expression looks at each. */
const parsing = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const test = vi.spyOn(RegExp.prototype, "test")
    return Effect.map(work, (value) => ({
      value,
      parsed: test.mock.calls.map(([text]) => text),
    })).pipe(Effect.ensuring(Effect.sync(() => test.mockRestore())))
  })

describe("a number of triplets", () => {
  const users = ["ann", "bob", "cleo", "ann"]
  const items = ["tea", "tea", "milk", "milk"]
  const ratings = Float64Array.of(1.0625, 2.0625, 3.0625, -0.0625)

  it.live("is not written as text of a file that has numbers", () =>
    Effect.gen(function* () {
      const bytes = yield* TableFile.encode("parquet", {
        columns: [
          { name: "user", values: users },
          { name: "item", values: items },
          { name: "rating", values: ratings },
        ],
      })
      for (const options of [{}, { columns: ["user", "item", "rating"] }]) {
        const { parsed, value } = yield* parsing(read(bytes, options))
        assert.deepStrictEqual([...value.table.values], [...ratings])
        assert.strictEqual(value.read.form, "triplets")
        assert.deepStrictEqual(
          parsed.filter((text) => text.includes("0625")),
          [],
        )
      }
    }),
  )

  it.live("is read of its text once, whether the form is told or found", () =>
    Effect.gen(function* () {
      const lines = users.map((user, i) => `${user},${items[i]!},${ratings[i]!}`)
      const text = ["user,item,rating", ...lines].join("\n")
      const counts = yield* Effect.forEach([{}, { triplets: true }] as const, (options) =>
        Effect.map(parsing(read(text, options)), ({ parsed, value }) => {
          assert.deepStrictEqual([...value.table.values], [...ratings])
          return parsed.filter((each) => each === "3.0625").length
        }),
      )
      assert.strictEqual(counts[0], counts[1])
    }),
  )
})

describe("weights", () => {
  const weigh = (weights: string) =>
    EntriesFile.read("t.csv", { weights: "w.csv" }).pipe(
      Effect.provide(filesInMemory({ "t.csv": "x,y\n1,2\n3,\n", "w.csv": weights })),
      Effect.result,
    )

  it.effect("of 0 make holes, and are kept of all other entries", () =>
    Effect.gen(function* () {
      const { table } = Result.getOrThrow(yield* weigh("x,y\n2,0\n0.5,1\n"))
      assert.deepStrictEqual([...table.values], [1, 3])
      assert.deepStrictEqual([...table.rowOf], [0, 1])
      assert.deepStrictEqual([...table.columnOf], [0, 0])
      assert.deepStrictEqual([...table.confidence!], [2, 0.5])
    }),
  )

  it.effect("are refused where they are negative, or of another table", () =>
    Effect.gen(function* () {
      const negative = Result.getOrThrow(Result.flip(yield* weigh("x,y\n2,-1\n0.5,1\n")))
      assert.include(negative.message, 'w.csv: row 2, column "y": "-1" is not a weight')
      const other = Result.getOrThrow(Result.flip(yield* weigh("x,z\n2,1\n0.5,1\n")))
      assert.include(other.message, "its column 2 has a different name")
    }),
  )
})
