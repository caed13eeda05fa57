/** How `complete` tells headers, names, matrices and triplets apart, and what it says of what it cannot read. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { CompleteReport } from "../src/data/complete/CompleteReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CompleteReport)))

const file = (text: string): string => {
  const path = join(temporary(), "table.csv")
  writeFileSync(path, text)
  return path
}

const complete = (text: string, ...flags: ReadonlyArray<string>) =>
  nonconvex([], ["complete", file(text), "--folds", "2", ...flags])

/** Four rows and three columns of a multiplication table with a hole. */
const numbers = ["1,2,3", "2,4,6", "3,,9", "4,8,12"]
const named = numbers.map((line, r) => `${["fr", "de", "it", "es"][r]!},${line}`)
const numbered = numbers.map((line, r) => `${10 + r},${line}`)

const readings: ReadonlyArray<{
  readonly what: string
  readonly lines: ReadonlyArray<string>
  readonly flags?: ReadonlyArray<string>
  readonly header: boolean
  readonly rowNames: boolean
  readonly size: readonly [rows: number, columns: number]
}> = [
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
    flags: ["--no-header"],
    header: false,
    rowNames: true,
    size: [5, 3],
  },
  {
    what: "numbers of columns, when told so",
    lines: ["2019,2020,2021", ...numbers],
    flags: ["--header"],
    header: true,
    rowNames: false,
    size: [4, 3],
  },
  {
    what: "numbers of rows, when told so",
    lines: ["id,a,b,c", ...numbered],
    flags: ["--row-names"],
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
]

describe("complete reads", () => {
  for (const { flags = [], header, lines, rowNames, size, what } of readings) {
    it.live(what, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* complete(lines.join("\n"), "--json", ...flags)
        assert.deepStrictEqual([code, stderr], [0, ""])
        const report = yield* decode(stdout)
        assert.deepStrictEqual(report.read, { form: "matrix", header, rowNames })
        assert.deepStrictEqual([report.rowNames.length, report.columnNames.length], size)
        assert.isFalse([...report.rowNames, ...report.columnNames].includes(""))
      }),
    )
  }

  it.live("and says how, with the flags that read it otherwise", () =>
    Effect.gen(function* () {
      const years = yield* complete(["country,2019,2020,2021", ...named].join("\n"))
      assert.match(
        years.stdout,
        /^read {9}as a matrix with a header, with row names; to change this, use --no-header, --no-row-names$/m,
      )
      const bare = yield* complete(numbers.join("\n"))
      assert.match(
        bare.stdout,
        /^read {9}as a matrix without a header, without row names; to change this, use --header, --row-names$/m,
      )
    }),
  )
})

const ratings = ["user,item,rating"]
for (let u = 0; u < 5; u++) {
  for (let i = 0; i < 4; i++) if (u !== i) ratings.push(`u${u},i${i},${(u + 1) * (i + 1)}`)
}

describe("complete takes three columns", () => {
  it.live("as triplets where the second holds names that repeat, and says so", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* complete(ratings.join("\n"))
      assert.strictEqual(code, 0)
      assert.match(stdout, /^5 x 4, 16 observations, 4 holes filled$/m)
      assert.match(
        stdout,
        /^read {9}as triplets with a header, row, column and value in columns 1, 2, 3; to change this, use --no-header, --columns, --no-triplets$/m,
      )
      const told = yield* complete(ratings.join("\n"), "--triplets")
      assert.strictEqual(told.stdout, stdout)
    }),
  )

  it.live("as triplets where integers in a file without a hole cannot be a matrix", () =>
    Effect.gen(function* () {
      const lines = ratings.map((line) => line.replaceAll(/[ui](?=\d)/g, ""))
      const { stdout } = yield* complete(lines.join("\n"))
      assert.match(stdout, /^5 x 4, 16 observations, 4 holes filled$/m)
      const matrix = yield* complete(lines.join("\n"), "--no-triplets")
      assert.match(matrix.stderr, /as a matrix of 16 x 3 it has no missing value/)
    }),
  )

  it.live("as a header where it is told so", () =>
    Effect.gen(function* () {
      const lines = ratings.slice(1).join("\n")
      const { stdout } = yield* complete(lines, "--triplets", "--header", "--json")
      const report = yield* decode(stdout)
      assert.deepStrictEqual(report.read, {
        form: "triplets",
        header: true,
        rowNames: true,
        columns: [1, 2, 3],
      })
      assert.strictEqual(report.observed, 15)
    }),
  )
})

const wrong: ReadonlyArray<
  readonly [name: string, text: string, flags: ReadonlyArray<string>, message: RegExp]
> = [
  [
    "a table without holes",
    "a,b,c,d\n1,2,3,4\n2,4,6,8\n",
    [],
    /as a matrix of 2 x 4 it has no missing value, so there is nothing to fill; missing values are empty cells, NA, NaN or \?$/,
  ],
  ["a single row", "1,2,3,4\n", [], /as a matrix of 1 x 4 it has no missing value/],
  [
    "triplets of every entry",
    "a,x,1\na,y,2\nb,x,3\nb,y,4\n",
    ["--triplets"],
    /as triplets of 2 x 2 it has no missing value, so there is nothing to fill; an entry without a line is a missing value$/,
  ],
  [
    "names in three columns of which none repeats",
    "name,city,age\nanna,rome,31\nbert,oslo,42\n",
    [],
    /as a matrix of 2 x 2 it has no missing value, .*; lines of row, column and value need --triplets$/,
  ],
  [
    "triplets that are no matrix, when told so",
    ratings.join("\n"),
    ["--no-triplets"],
    /as a matrix of 16 x 3 it has no missing value, .*; lines of row, column and value need --triplets$/,
  ],
  [
    "decimal commas beside decimal points",
    "a;b\n1,5;2.5\n3;\n4;5\n",
    ["--delimiter", "semicolon"],
    /row 2, column "a": "1,5" has a decimal comma; write 1\.5, or set --decimal comma if all cells have one$/,
  ],
  [
    "decimal commas in every cell of the first column, and points beside",
    "1,5;2.5\n3,5;\n",
    ["--delimiter", "semicolon"],
    /row 1, column 1: "1,5" has a decimal comma; write 1\.5, or set --decimal comma if all cells have one$/,
  ],
  [
    "decimal commas in triplets",
    "x;y;1,5\nx;z;2.5\n",
    ["--delimiter", "semicolon", "--triplets"],
    /row 1, column "value": "1,5" has a decimal comma; write 1\.5, or set --decimal comma if all cells have one$/,
  ],
  [
    "a triplet without a row name",
    "u,i,rating\nx,y,1\n,z,2\n",
    ["--triplets"],
    /row 3: the row of this triplet has no name; name it, or remove the line$/,
  ],
  [
    "a triplet without a column name",
    "x,y,1\nx,,2\n",
    ["--triplets"],
    /row 2: the column of this triplet has no name; name it, or remove the line$/,
  ],
  [
    "row names for triplets",
    ratings.join("\n"),
    ["--triplets", "--no-row-names"],
    /--row-names needs a matrix, not triplets$/,
  ],
]

describe("complete refuses to read", () => {
  for (const [name, text, flags, message] of wrong) {
    it.live(`${name}, in one line with exit code 1`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* complete(text, ...flags)
        assert.deepStrictEqual([code, stdout], [1, ""])
        assert.match(stderr, message)
        assert.strictEqual(stderr.split("\n").length, 1)
      }),
    )
  }
})
