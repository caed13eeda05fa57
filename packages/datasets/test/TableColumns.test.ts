/** Tables whose columns are known by name, read as they come. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Result, Stream } from "effect"
import * as Header from "../src/internal/Header.ts"
import type { ColumnOptions } from "../src/internal/Streamed.ts"
import * as Table from "../src/Table.ts"
import { filesInMemory } from "./support/Files.ts"

const holding = (text: string) => Effect.provide(filesInMemory({ "t.csv": text }))

describe("Table.readColumns", () => {
  const columns = (text: string, options?: ColumnOptions) =>
    Table.readColumns("t.csv", options).pipe(holding(text))

  it.effect("reads columns in the order wanted, or all", () =>
    Effect.gen(function* () {
      const text = "id;a;b\n1;2;3\n4;5;6\n"
      const { spelling, ...read } = yield* columns(text, { columns: ["b", "id"], delimiter: ";" })
      assert.strictEqual(spelling.delimiter, ";")
      assert.deepStrictEqual(read, {
        columns: ["b", "id"],
        rows: 2,
        values: Float64Array.of(3, 1, 6, 4),
      })
      assert.deepStrictEqual((yield* columns(text, { delimiter: ";" })).columns, ["id", "a", "b"])
    }),
  )

  it.effect("refuses what is missing, whichever way", () =>
    Effect.gen(function* () {
      for (const [text, message] of [
        ["step,loss\n0,nan\n1,2\n", /row 2, column "loss": "nan" is a missing value/],
        ["step,loss\n0,inf\n1,x\n", /row 2, column "loss": "inf" is not finite/],
        ["step,loss\n0,1\n1,\n", /row 3, column "loss": "" is a missing value/],
        ["step,loss\n", /no rows below the header/],
        ["", /the file is empty/],
        ["step\n1\n", /no column "loss"/],
        ["step,loss,step\n1,2,3\n", /columns 1 and 3 are both named "step"/],
      ] as const) {
        const wanted = { columns: ["step", "loss"] }
        assert.match((yield* Effect.flip(columns(text, wanted))).message, message)
      }
    }),
  )
})

describe("Table.readPrivateInto", () => {
  const needs = "table of numbers below a row of names"
  const sum = (text: string, ignore: ReadonlyArray<string> = []) => {
    const seen = { names: "", sum: 0 }
    return Table.readPrivateInto("t.csv", { needs, ignore }, (columns) => {
      seen.names += columns.join()
      return Effect.succeed((values) =>
        Effect.sync(() => {
          for (const value of values) seen.sum += value
        }),
      )
    }).pipe(
      Effect.map(({ rows }) => ({ rows, ...seen })),
      holding(text),
    )
  }

  it.effect("hands rows over as they come", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* sum("a,b,c\n1,x,2\n3,y,4\n", ["b"]), {
        rows: 2,
        names: "a,c",
        sum: 10,
      })
      assert.deepStrictEqual(yield* sum("a,b\n"), { rows: 0, names: "a,b", sum: 0 })
    }),
  )

  it.effect.each([
    "a,b,c\n1,2,SECRET\n",
    "a,b,c\n1,2\n",
    "a,b,c\n1,2,NaN\n",
    "",
    "0.5,0.25,0.125\n1,2,3\n",
    'a,b,c\n"1,2,3\n',
    "a,a,c\n1,2,3\n",
    "NA,b,c\n1,2,3\n",
    "1e400,-Infinity,c\n1,2,3\n",
    "0x1F,b\n1,2\n",
    '"1,5",b\n1,2\n',
  ])("says nothing of what is in %j", (text) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(sum(text))
      assert.strictEqual(
        error.message,
        "t.csv: no table of numbers below a row of names; the owner of the rows can check it",
      )
    }),
  )

  it.effect("says nothing of columns either, if none is left or one is not there", () =>
    Effect.gen(function* () {
      for (const ignore of [["a"], ["b"]]) {
        assert.strictEqual((yield* Effect.flip(sum("a\n1\n", ignore)))._tag, "UnusableTable")
      }
    }),
  )

  it.effect("fails with what its consumer fails with, and says that there is no file", () =>
    Effect.gen(function* () {
      const failed = yield* Table.readPrivateInto("t.csv", { needs }, () =>
        Effect.succeed(() => Effect.fail({ _tag: "Enough" } as const)),
      ).pipe(holding("a\n1\n"), Effect.flip)
      assert.strictEqual(failed._tag, "Enough")
      const missing = yield* Table.readPrivateInto("u.csv", { needs }, () =>
        Effect.succeed(() => Effect.void),
      ).pipe(holding(""), Effect.flip)
      assert.strictEqual(missing._tag, "MissingFile")
    }),
  )
})

describe("the check of a header", () => {
  it("looks at every name a few times, and not at all pairs of them", () => {
    const header = Array.from({ length: 2000 }, (_, j) => `column ${j}`)
    let looks = 0
    const counted = new Proxy(header, {
      get: (target, key, receiver) => {
        looks++
        return Reflect.get(target, key, receiver) as unknown
      },
    })
    assert.isTrue(Result.isSuccess(Header.placesOf(counted, { path: "t.csv", row: 1 })))
    assert.isBelow(looks, 10 * header.length)
  })

  it.effect("and so does the choice of features, in a table of many columns", () =>
    Effect.gen(function* () {
      const header = Array.from({ length: 100_000 }, (_, j) => `c${j}`)
      const text = `${header.join()}\n${header.map((_, j) => j).join()}\n`
      const { values } = yield* Table.readColumns("t.csv", { columns: header.toReversed() }).pipe(
        holding(text),
      )
      assert.strictEqual(values[0], 99_999)
    }),
  )
})

describe("a file of any size", () => {
  it.effect("is read in blocks", () =>
    Effect.gen(function* () {
      const lines = new TextEncoder().encode("1,2\n".repeat(1000))
      const files = FileSystem.layerNoop({
        stream: () =>
          Stream.concat(
            Stream.make(new TextEncoder().encode("a,b\n")),
            Stream.make(...Array.from({ length: 20 }, () => lines)),
          ),
      })
      let most = 0
      let total = 0
      const { rows } = yield* Table.readInto("t.csv", {}, () =>
        Effect.succeed((values) =>
          Effect.sync(() => {
            most = Math.max(most, values.length)
            total += values.length
          }),
        ),
      ).pipe(Effect.provide([files, Path.layer]))
      assert.deepStrictEqual([rows, total], [20_000, 40_000])
      assert.isBelow(most, total / 4)
    }),
  )
})
