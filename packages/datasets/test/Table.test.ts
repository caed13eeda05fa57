import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Stream } from "effect"
import * as Header from "../src/internal/Header.ts"
import * as Table from "../src/Table.ts"
import { filesInMemory } from "./support/Files.ts"

const holding = (text: string) => Effect.provide(filesInMemory({ "t.csv": text }))

const read = (text: string, options?: Table.Options & Table.Names) =>
  Table.read("t.csv", options).pipe(holding(text))

const readAll = (text: string, options?: Table.Options & Table.Names) =>
  read(text, options).pipe(Effect.flatMap((table) => Effect.fromResult(Table.allNumbers(table))))

/** Four rows and three columns of a multiplication table with a hole. */
const numbers = ["1,2,3", "2,4,6", "3,,9", "4,8,12"]
const named = numbers.map((line, r) => `${["fr", "de", "it", "es"][r]!},${line}`)
const numbered = numbers.map((line, r) => `${10 + r},${line}`)

const readings: ReadonlyArray<{
  readonly what: string
  readonly lines: ReadonlyArray<string>
  readonly names?: Table.Names
  readonly header: boolean
  readonly rowNames: boolean
  readonly size: readonly [rows: number, columns: number]
}> = [
  { what: "numbers alone", lines: numbers, header: false, rowNames: false, size: [4, 3] },
  {
    what: "years over row names",
    lines: ["country,2019,2020,2021", ...named],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "years and an empty corner over row names",
    lines: [",2019,2020,2021", ...named],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "years over row names without a corner",
    lines: ["2019,2020,2021", ...named],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "words over row names without a corner",
    lines: ["a,b,c", ...named],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "words over an index without a corner, when told so",
    lines: ["a,b,c", ...numbered],
    names: { rowNames: true },
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "a word that only the first line has",
    lines: ["id,2019,2020,2021", ...numbered],
    header: true,
    rowNames: false,
    size: [4, 4],
  },
  {
    what: "a word and a number over row names",
    lines: ["country,a,2020,b", ...named],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "an index under an empty corner",
    lines: [",a,b,c", ...numbered],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "row names without a header",
    lines: ["pt,5,10,5", ...named],
    header: false,
    rowNames: true,
    size: [5, 3],
  },
  {
    what: "row names without a header, when told so",
    lines: ["pt,5,10,15", ...named],
    names: { header: false },
    header: false,
    rowNames: true,
    size: [5, 3],
  },
  {
    what: "numbers of columns, when told so",
    lines: ["2019,2020,2021", ...numbers],
    names: { header: true },
    header: true,
    rowNames: false,
    size: [4, 3],
  },
  {
    what: "numbers of rows, when told so",
    lines: ["id,a,b,c", ...numbered],
    names: { rowNames: true },
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "numbers of rows, when not told",
    lines: ["id,a,b,c", ...numbered],
    header: true,
    rowNames: false,
    size: [4, 4],
  },
  {
    what: "a blank among row names",
    lines: ["name,a,b,c", ...named.slice(1), ",5,10,15"],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "a row called NA",
    lines: ["name,a,b,c", ...named.slice(1), "NA,5,10,15"],
    header: true,
    rowNames: true,
    size: [4, 3],
  },
  {
    what: "decimal commas, which name nothing",
    lines: ["1,5;2", "3;4"].map((line) => line.replace(";", "|")),
    header: false,
    rowNames: false,
    size: [2, 2],
  },
]

describe("Table.read", () => {
  for (const { header, lines, names = {}, rowNames, size, what } of readings) {
    it.effect(`reads ${what}`, () =>
      Effect.gen(function* () {
        const delimiter = lines[0]!.includes("|") ? "|" : ","
        const table = yield* read(lines.join("\n"), { ...names, delimiter })
        assert.deepStrictEqual(
          [table.columnNames !== undefined, table.rowNames !== undefined],
          [header, rowNames],
        )
        assert.deepStrictEqual([table.rows, table.columns], size)
        assert.strictEqual(table.values.length, size[0] * size[1])
        if (header) assert.strictEqual(table.columnNames!.length, table.columns)
        if (rowNames) assert.strictEqual(table.rowNames!.length, table.rows)
      }),
    )
  }

  it.effect("gives names and numbers, and the text of what is no number", () =>
    Effect.gen(function* () {
      const text = '\n,a,"b\nc",d\nx,1,n/a,3\n\ny,4,?,-5e-1\n'
      const { cell, columnNames, rowNames, values } = yield* read(text)
      assert.deepStrictEqual(columnNames, ["a", "b\nc", "d"])
      assert.deepStrictEqual(rowNames, ["x", "y"])
      assert.deepStrictEqual(values, Float64Array.of(1, NaN, 3, 4, NaN, -0.5))
      assert.deepStrictEqual(cell(0, 1), { text: "n/a", line: 4 })
      assert.deepStrictEqual(cell(1, 1), { text: "?", line: 6 })
    }),
  )

  it.effect("reads wide and long tables", () =>
    Effect.gen(function* () {
      const row = (i: number) => Array.from({ length: 300 }, (_, j) => i * 300 + j).join(",")
      const { columns, rows, values } = yield* read(
        Array.from({ length: 50 }, (_, i) => row(i)).join("\n"),
      )
      assert.deepStrictEqual([rows, columns], [50, 300])
      assert.isTrue(values.every((value, at) => value === at))
    }),
  )

  it.effect.each([
    ["", "t.csv: the file is empty; check the path"],
    ["\n\n", "t.csv: the file is empty; check the path"],
    ["a,b\n", "t.csv: there are no rows below the header; add at least one"],
    [
      "1,2\n1\n",
      "t.csv: row 2: 2 cells expected as in the header, 1 found; check the row for a missing or extra separator",
    ],
    [
      "a,b,c\n1,2\n3,4\n",
      "t.csv: row 2: 3 cells expected as in the header, 2 found; check the row for a missing or extra separator",
    ],
    [
      "a\n1,2\n3,4\n",
      "t.csv: row 2: 1 cells expected as in the header, 2 found; check the row for a missing or extra separator",
    ],
    [
      "1,2\n\n1,2,3\n1,2\n",
      "t.csv: row 3: 2 cells expected as in the header, 3 found; check the row for a missing or extra separator",
    ],
    [
      "1,2\nx,1,2\ny,1,2,3\n",
      "t.csv: row 3: 3 cells expected as in the header, 4 found; check the row for a missing or extra separator",
    ],
    ['1,2\n"1,2\n', /^t\.csv: row 2: broken quoting/],
    ["a,b\n1,2\n1,x\n", /row 3, column "b": "x" is not a number/],
    ['a,"b\nc"\n\n1,2\n1,x\n', /row 5, column "b\\nc": "x" is not a number/],
    ["x,y\nr1,1,2\nr2,bad,3\n", /row 3, column "x": "bad" is not a number/],
    ["1,2\n3,x\n", /row 2, column "2": "x" is not a number/],
    ["r,1.5,2\ns,3,1e999\n", /row 2, column "3": "1e999" is not finite/],
    ["1,2\n3,\n", /row 2, column "2": "" is a missing value/],
    ["1,2\n3,NA\n", /row 2, column "2": "NA" is a missing value/],
  ] as const)("says what is wrong with %j", ([text, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readAll(text))
      if (typeof message === "string") assert.strictEqual(error.message, message)
      else assert.match(error.message, message)
    }),
  )

  it.effect("lets holes pass where they are asked for, and nothing else", () =>
    Effect.gen(function* () {
      const table = yield* read("a,b\n1,\n?,NA\n")
      assert.strictEqual(yield* Effect.fromResult(Table.observed(table)), table)
      const comma = yield* read("a;b\n1,5;2\n;5\n", { delimiter: ";" })
      const { message } = yield* Effect.flip(Effect.fromResult(Table.observed(comma, ["u", "v"])))
      assert.strictEqual(message, 't.csv: row 2, column "u": "1,5" has a decimal comma; write 1.5')
    }),
  )

  it.effect("says that there is no file", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(Table.read("u.csv")).pipe(holding(""))
      assert.strictEqual(message, "u.csv: no such file; check the path")
    }),
  )
})

describe("Table.grid", () => {
  it.effect("keeps the text of the first record and of the columns that may hold names", () =>
    Effect.gen(function* () {
      const grid = yield* Table.grid("t.csv").pipe(holding("007,1.50,2.50\n01,02,03\nx,,NA\n"))
      assert.deepStrictEqual([grid.records, grid.width], [3, 3])
      const texts = [0, 1, 2].map((i) => [0, 1, 2].map((j) => grid.text(i, j)))
      assert.deepStrictEqual(texts, [
        ["007", "1.50", "2.50"],
        ["01", "02", undefined],
        ["x", "", "NA"],
      ])
      assert.deepStrictEqual(grid.lines, [1, 2, 3])
      assert.deepStrictEqual(grid.values, Float64Array.of(7, 1.5, 2.5, 1, 2, 3, NaN, NaN, NaN))
    }),
  )
})

describe("Table.readColumns", () => {
  const columns = (text: string, options?: Table.ColumnOptions) =>
    Table.readColumns("t.csv", options).pipe(holding(text))

  it.effect("reads columns in the order wanted, or all", () =>
    Effect.gen(function* () {
      const text = "id;a;b\n1;2;3\n4;5;6\n"
      assert.deepStrictEqual(yield* columns(text, { columns: ["b", "id"], delimiter: ";" }), {
        columns: ["b", "id"],
        rows: 2,
        values: Float64Array.of(3, 1, 6, 4),
      })
      assert.deepStrictEqual((yield* columns(text, { delimiter: ";" })).columns, ["id", "a", "b"])
    }),
  )

  const log = { columns: ["step", "loss"], mayEnd: ["loss"] }

  it.effect("takes NaN and infinities for the end of a run, in the last row alone", () =>
    Effect.gen(function* () {
      for (const end of ["NaN", "nan", "-inf", "Infinity"]) {
        const { rows, values } = yield* columns(`step,loss\n0,1\n1,${end}\n\n`, log)
        assert.deepStrictEqual([rows, values], [2, Float64Array.of(0, 1, 1, NaN)])
      }
      for (const [text, message] of [
        ["step,loss\n0,nan\n1,2\n", /row 2, column "loss": "nan" is a missing value/],
        ["step,loss\n0,inf\n1,x\n", /row 2, column "loss": "inf" is not finite/],
        ["step,loss\n0,1\nnan,nan\n", /row 3, column "step": "nan" is a missing value/],
        ["step,loss\n0,1\n1,\n", /row 3, column "loss": "" is a missing value/],
        ["step,loss\n", /no rows below the header/],
        ["", /the file is empty/],
        ["step\n1\n", /no column "loss"/],
        ["step,loss,step\n1,2,3\n", /columns 1 and 3 are both named "step"/],
      ] as const) {
        assert.match((yield* Effect.flip(columns(text, log))).message, message)
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
        "t.csv: no table of numbers below a row of names; check it where its rows may be seen",
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
    assert.isUndefined(Header.badNames(counted, { path: "t.csv", row: 1 }))
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
