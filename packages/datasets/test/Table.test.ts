import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Cell from "../src/internal/Cell.ts"
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

  it.effect("reads a header without its corner as one with an empty corner", () =>
    Effect.gen(function* () {
      const parts = ({ columnNames, rowNames, values }: Table.Table) => [
        columnNames,
        rowNames,
        values,
      ]
      const plain = yield* read("1,2\n3,4.5\n")
      assert.deepStrictEqual(plain.values, Float64Array.of(1, 2, 3, 4.5))
      const full = yield* read(",a,b\nx,1,2\ny,3,4\n")
      assert.deepStrictEqual(
        [full.columnNames, full.rowNames],
        [
          ["a", "b"],
          ["x", "y"],
        ],
      )
      assert.deepStrictEqual(full.values, Float64Array.of(1, 2, 3, 4))
      const corner = yield* read("a,b\nx,1,2\ny,3,4\n")
      assert.deepStrictEqual(parts(corner), parts(full))
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
      "t.csv: row 2: 2 cells expected as in the first row, 1 found; check the row for a missing or extra separator",
    ],
    [
      "a,b,c\n1,2\n3,4\n",
      "t.csv: row 2: 3 cells expected as in the first row, 2 found; check the row for a missing or extra separator",
    ],
    [
      "a\n1,2\n3,4\n",
      "t.csv: row 2: 1 cell expected as in the first row, 2 found; if the table begins here, remove the lines above row 2",
    ],
    [
      "1,2\n\n1,2,3\n1,2\n",
      "t.csv: row 3: 2 cells expected as in the first row, 3 found; check the row for a missing or extra separator",
    ],
    [
      "1,2\nx,1,2\ny,1,2,3\n",
      "t.csv: row 3: 3 cells expected as in the first row, 4 found; check the row for a missing or extra separator",
    ],
    ['1,2\n"1,2\n', /^t\.csv: row 2: a quote is not closed; /],
    ["a,b\n1,2\n1,x\n", /row 3, column "b": "x" is not a number/],
    ['a,"b\nc"\n\n1,2\n1,x\n', /row 5, column "b\\nc": "x" is not a number/],
    ["x,y\nr1,1,2\nr2,bad,3\n", /row 3, column "x": "bad" is not a number/],
    ["1,2\n3,x\n", /row 2, column 2: "x" is not a number/],
    ["r,1.5,2\ns,3,1e999\n", /row 2, column 3: "1e999" is not finite/],
    ["1,2\n3,\n", /row 2, column 2: "" is a missing value/],
    ["1,2\n3,NA\n", /row 2, column 2: "NA" is a missing value/],
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
      const comma = yield* read("a;b\n1,5;2.5\n;5\n", { delimiter: ";" })
      const { message } = yield* Effect.flip(Effect.fromResult(Table.observed(comma, ["u", "v"])))
      assert.strictEqual(
        message,
        't.csv: row 2, column "u": "1,5" has a decimal comma; write 1.5, or set --decimal comma if all cells have one',
      )
    }),
  )

  it.effect("says that there is no file", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(Table.read("u.csv")).pipe(holding(""))
      assert.strictEqual(message, "u.csv: no such file; check the path")
    }),
  )
})

describe("a cell", () => {
  it("is a number, or says why not", () => {
    assert.deepStrictEqual(
      ["2.5", "", "x", "1e999", "1,5"].map((cell) => Cell.toNumber(cell, Cell.standard)),
      [2.5, "missing", "not-a-number", "not-finite", "decimal-comma"],
    )
    assert.deepStrictEqual(["x", "NA", "1", "1,5", "inf"].map(Table.isWord), [
      true,
      false,
      false,
      false,
      false,
    ])
  })
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
      assert.deepStrictEqual([0, 1, 2].map(grid.line), [1, 2, 3])
      assert.deepStrictEqual(grid.values, Float64Array.of(7, 1.5, 2.5, 1, 2, 3, NaN, NaN, NaN))
    }),
  )
})

describe("a quote between tabs", () => {
  it.effect("is text where it is inside of a cell, and a quote where a cell begins with it", () =>
    Effect.gen(function* () {
      const { columnNames, rowNames, values } = yield* read(
        'city\tx\nNew "York"\t1\n"Paris\tFrance"\t2\n',
      )
      assert.deepStrictEqual(rowNames, ['New "York"', "Paris\tFrance"])
      assert.deepStrictEqual([columnNames, [...values]], [["x"], [1, 2]])
    }),
  )
})

describe("lines above the header", () => {
  it.effect("must go, and the first line of the table is named", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read("Export of 2023\nsource: x\n\nx,y\n1,2\n2,3\n"))
      assert.strictEqual(
        error.message,
        "t.csv: row 4: 1 cell expected as in the first row, 2 found; if the table begins here, remove the lines above row 4",
      )
    }),
  )
})

describe("words for no value", () => {
  it.effect.each(["", "NA", "NaN", "null", "none", "?"])("%s", (word) =>
    Effect.gen(function* () {
      const table = yield* read(`1,2\n3,${word}\n`)
      const { values } = yield* Effect.fromResult(Table.observed(table))
      assert.deepStrictEqual([...values], [1, 2, 3, Number.NaN])
    }),
  )

  it.effect("are named where a cell has another", () =>
    Effect.gen(function* () {
      const table = yield* read("1,2\n3,zzz\n")
      const error = yield* Effect.flip(Effect.fromResult(Table.observed(table)))
      assert.match(
        error.message,
        /row 2, column 2: "zzz" is not .*; missing values are .* NA, NaN, /,
      )
    }),
  )
})
