/** Tables of very many columns or of many wrong cells: what they cost grows with them, and no faster. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type FileSystem, Result } from "effect"
import process from "node:process"
import * as Grid from "../src/internal/Grid.ts"
import * as Header from "../src/internal/Header.ts"
import * as Csv from "../src/Csv.ts"
import * as Table from "../src/Table.ts"
import * as Frame from "../src/Frame.ts"
import { filesInMemory } from "./support/Files.ts"
import * as Column from "../src/internal/Column.ts"

const width = 200_000
const names = Array.from({ length: width }, (_, j) => `c${j}`)
const row = names.map((_, j) => String(j % 7)).join(",")
const files = filesInMemory({
  "wide.csv": `${names.join(",")}\n${row}\n`,
  "same.csv": `${names.map(() => "a").join(",")}\n${row}\n`,
})

const ignored = () => Effect.succeed(() => Effect.void)

/** What asks for columns by name, in every way there is. */
const readers: Readonly<
  Record<string, (path: string) => Effect.Effect<unknown, Error, FileSystem.FileSystem>>
> = {
  "Table.readColumns": (path) => Table.readColumns(path, { columns: ["c5", "c199999"] }),
  "Table.readLog": (path) =>
    Table.readLog(path, {}, () => ({ _tag: "Success", success: ["c5"] }) as never),
  "Table.readInto": (path) => Table.readInto(path, { ignore: ["c5"] }, ignored),
  "Table.readPrivateInto": (path) =>
    Table.readPrivateInto(path, { ignore: ["c5"], needs: "table" }, ignored),
  "Frame.read": (path) => Frame.read(path, { only: new Set(["c5"]), required: ["c199999"] }),
}

describe("a header of very many names", () => {
  it("is looked through once", () => {
    let reads = 0
    const counted = new Proxy(names, {
      get: (target, key, receiver) => {
        if (typeof key === "string" && /^\d+$/.test(key)) reads++
        return Reflect.get(target, key, receiver) as unknown
      },
    })
    assert.isTrue(Result.isSuccess(Header.placesOf(counted, { path: "wide.csv", row: 1 })))
    assert.isAtMost(reads, width)
  })

  it.effect.each(Object.keys(readers))(
    "%s reads, and refuses where two are the same",
    (name) =>
      Effect.gen(function* () {
        yield* readers[name]!("wide.csv")
        const { message } = yield* Effect.flip(readers[name]!("same.csv"))
        assert.isBelow(message.length, 300)
      }).pipe(Effect.provide(files)),
    120_000,
  )

  it.effect(
    "is no part of the message about a name that is not among them",
    () =>
      Effect.gen(function* () {
        const { message } = yield* Effect.flip(Table.readColumns("wide.csv", { columns: ["d"] }))
        assert.match(message, /no column "d"; the header has .* and 199988 more/)
        const target = Csv.values("d")
        const other = yield* Effect.flip(Csv.parse(`${names.join(",")}\n${row}\n`, { target }))
        assert.isBelow(other.message.length, 300)
      }).pipe(Effect.provide(files)),
    120_000,
  )
})

describe("a column of words", () => {
  it.effect(
    "costs about as much where it must be told from numbers",
    () =>
      Effect.gen(function* () {
        const rows = Array.from({ length: 100_000 }, (_, i) => `word${i % 1000},${i}`)
        const layer = filesInMemory({ "rows.csv": `a,b\n${rows.join("\n")}\n` })
        const costs = Effect.fnUntraced(function* (options: Column.Options) {
          const before = process.cpuUsage()
          const { columns } = yield* Effect.provide(Frame.read("rows.csv", options), layer)
          assert.strictEqual(columns.get("a")!._tag, "Words")
          return process.cpuUsage(before).user
        })
        // once for the engine to compile it
        yield* costs({})
        const [said, told] = [yield* costs({ words: ["a"] }), yield* costs({})]
        assert.isBelow(told / said, 2)
      }),
    120_000,
  )
})

describe("a table that is held as a whole", () => {
  it.effect("has a limit of cells, and ends where it is passed", () =>
    Effect.gen(function* () {
      const table = filesInMemory({ "long.csv": `a,b\n${"1,2\n".repeat(100_000)}` })
      const failure = yield* Effect.flip(Grid.read("long.csv", {}, { atMost: 12 })).pipe(
        Effect.provide(table),
      )
      assert.strictEqual(
        failure.message,
        "long.csv: row 7: more than 12 cells, the limit for a table in memory; give fewer rows or columns",
      )
      const { records } = yield* Grid.read("long.csv", {}, { atMost: 200_002 }).pipe(
        Effect.provide(table),
      )
      assert.strictEqual(records, 100_001)
    }),
  )
})
