/** Tables with holes, filled from the command line. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CompleteReport } from "../src/data/complete/CompleteReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { large, matrix, product, triplets } from "./support/MultiplicationTables.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CompleteReport)))

const file = (text: string): string => {
  const path = join(temporary(), "table.csv")
  writeFileSync(path, text)
  return path
}

describe("complete", () => {
  it.live("fills a multiplication table, keeps what was observed, and says how sure it is", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "filled.csv")
      const { code, stdout } = yield* nonconvex([], ["complete", file(matrix), "--save", save])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^8 x 6, 44 observations, 4 holes filled$/m)
      assert.match(stdout, /^rank {9}1, singular values \S+$/m)
      assert.match(stdout, /^trace norm {3}\S+$/m)
      assert.match(
        stdout,
        /^certificate {2}(certified: .* a relative \S+|limited: to 1 pattern; .* by at most \S+ %)/m,
      )
      const lines = readFileSync(save, "utf8").trimEnd().split("\r\n")
      assert.strictEqual(lines[0], ",a,b,c,d,e,f")
      const filled = lines.slice(1).map((line) => line.split(","))
      filled.forEach(([name, ...values], r) => {
        assert.strictEqual(name, `r${r}`)
        values.forEach((value, c) => assert.closeTo(Number(value), product(r, c), 0.001))
      })
    }),
  )

  it.live("prints the simple models beside its own, on the same entries", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["complete", file(matrix)])
      const lines = stdout.split("\n")
      const from = lines.findIndex((line) => line.startsWith("held out"))
      assert.match(
        lines[from]!,
        /^held out {5}root mean square error on \d+ of 10 folds, for \d+ models:$/,
      )
      assert.match(lines[from + 1]!, /^ {15}mean of all +\S+ ± \S+$/)
      assert.match(lines[from + 2]!, /^ {15}means of columns +\S+ ± \S+$/)
      assert.match(lines[from + 3]!, /^ {15}effects +\S+ ± \S+$/)
      assert.match(lines[from + 4]!, /^ {13}> effects, rank 1 +\S+ ± \S+$/)
    }),
  )

  it.live("reads triplets, and prints JSON", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex(
        [],
        ["complete", file(triplets), "--triplets", "--json", "--folds", "4"],
      )
      assert.strictEqual(code, 0)
      const report = yield* decode(stdout)
      assert.deepStrictEqual([report.rank, report.observed, report.heldOut.of], [1, 44, 4])
      const [row, column] = [report.rowNames.indexOf("r4"), report.columnNames.indexOf("a")]
      assert.closeTo(report.filled![row]![column]!, 10, 0.001)
      const means = report.heldOut.compared.find(({ model }) => model.kind === "column means")
      assert.isBelow(report.heldOut.error, 0.2 * means!.error)
      assert.strictEqual(report.observations.rows[row], 5)
    }),
  )

  it.live("takes columns by name, in any order and among others, and by number", () =>
    Effect.gen(function* () {
      const lines = triplets.split("\n").map((line, k) => {
        const [user, item, rating] = line.split(",")
        return [k === 0 ? "time" : `2001-01-${k}`, rating, user, item].join(",")
      })
      const json = (text: string, ...flags: ReadonlyArray<string>) =>
        nonconvex([], ["complete", file(text), "--json", ...flags])
      const expected = yield* decode((yield* json(triplets)).stdout)
      for (const columns of ["user,item,rating", "3,4,2", "user, item, 2"]) {
        const { code, stdout } = yield* json(lines.join("\n"), "--columns", columns)
        assert.strictEqual(code, 0)
        const found = yield* decode(stdout)
        assert.deepStrictEqual(found.read.columns, [3, 4, 2])
        assert.deepStrictEqual({ ...found, read: expected.read }, expected)
      }
      const bare = yield* json(lines.slice(1).join("\n"), "--columns", "3,4,2")
      const { read, ...rest } = yield* decode(bare.stdout)
      assert.isFalse(read.header)
      assert.deepStrictEqual({ ...rest, read: expected.read }, expected)
    }),
  )

  it.live("reads MovieLens as it is published", () =>
    Effect.gen(function* () {
      const ratings = triplets.split("\n").slice(1)
      const numbered = ratings.map((line, k) => {
        const [user, item, rating] = line.split(",")
        return [user!.slice(1), item!.codePointAt(0)!, rating, 978_300_760 + k]
      })
      const header = "userId,movieId,rating,timestamp"
      for (const text of [
        numbered.map((fields) => fields.join("::")).join("\n"),
        numbered.map((fields) => fields.join("\t")).join("\n"),
        [header, ...numbered.map((fields) => fields.join(","))].join("\n"),
      ]) {
        const { code, stdout } = yield* nonconvex([], ["complete", file(text), "--json"])
        assert.strictEqual(code, 0)
        const report = yield* decode(stdout)
        assert.deepStrictEqual([report.read.form, report.read.columns], ["triplets", [1, 2, 3]])
        assert.deepStrictEqual([report.rowNames.length, report.observed], [8, 44])
      }
    }),
  )

  it.live("takes a rank, and the best so far where the time is over", () =>
    Effect.gen(function* () {
      const json = (table: string, ...flags: ReadonlyArray<string>) =>
        nonconvex([], ["complete", file(table), "--json", ...flags])
      for (const rank of [0, 2]) {
        const report = yield* decode((yield* json(matrix, "--rank", String(rank))).stdout)
        assert.strictEqual(report.model.rank, rank)
        assert.isFalse(report.heldOut.ended)
      }
      const { code, stdout } = yield* json(large, "--rank", "9", "--time", "0.001")
      assert.strictEqual(code, 0)
      const { filled, heldOut } = yield* decode(stdout)
      assert.deepStrictEqual([filled!.length, heldOut.ended], [90, true])
    }),
  )

  it.live("answers rows and columns of which nothing is known by the effects of the others", () =>
    Effect.gen(function* () {
      const text = "name,a,b,c\nw,1,,2\nx,2,,3\ny,,,\nz,4,,5\n"
      const { code, stdout } = yield* nonconvex([], ["complete", file(text)])
      assert.strictEqual(code, 0)
      assert.match(
        stdout,
        /^little known {1}no observations of 1 row \(y\): the effects of the columns$/m,
      )
      assert.match(stdout, /no observations of 1 column \(b\): the effects of the rows$/m)
      assert.match(stdout, /one or two observations of 3 rows: a single one has a weight of \d+ %/)
      const json = yield* nonconvex([], ["complete", file(text), "--json"])
      const { filled, mean, observations } = yield* decode(json.stdout)
      assert.deepStrictEqual(observations, { rows: [2, 2, 0, 2], columns: [3, 0, 3] })
      assert.isAbove(filled![2]![2]!, filled![2]![0]!)
      assert.closeTo(filled![2]![1]!, mean, 1e-6)
      assert.isAbove(filled![3]![1]!, filled![0]![1]!)
    }),
  )

  it.live("predicts the pairs that a list names without a value", () =>
    Effect.gen(function* () {
      const asked = `${triplets}\nr4,a,\nnew,b,NA\n`
      const { code, stdout } = yield* nonconvex([], ["complete", file(asked), "--triplets"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^row +column +predicted$/m)
      assert.match(stdout, /^r4 +a +(10|9\.99\d*|10\.00\d*)$/m)
      const json = yield* nonconvex([], ["complete", file(asked), "--triplets", "--json"])
      const report = yield* decode(json.stdout)
      assert.deepStrictEqual(
        report.asked.map(({ column, row }) => [row, column]),
        [
          ["r4", "a"],
          ["new", "b"],
        ],
      )
      assert.match(stdout, /no observations of 1 row \(new\)/)
    }),
  )

  it.live("shows how far it is", () =>
    Effect.gen(function* () {
      const { progress } = yield* nonconvex([], ["complete", file(large)])
      assert.match(progress, /^complete \[#{20}\] 100 %, .*best so far \S+$/m)
      const quiet = yield* nonconvex([], ["complete", file(matrix), "--quiet"])
      assert.strictEqual(quiet.progress, "")
    }),
  )

  it.live("fills numbers whose squares overflow or underflow", () =>
    Effect.gen(function* () {
      for (const power of ["200", "-170"]) {
        const scaled = matrix.replaceAll(/(?<=,)\d+/g, (cell) => `${cell}e${power}`)
        const { code, stdout } = yield* nonconvex([], ["complete", file(scaled), "--json"])
        assert.strictEqual(code, 0)
        const report = yield* decode(stdout)
        assert.strictEqual(report.rank, 1)
        const relative = report.filled![1]![2]! / (product(1, 2) * Number(`1e${power}`))
        assert.closeTo(relative, 1, 0.01)
      }
    }),
  )

  it.live("takes the means of the columns where nothing more is to be seen", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex(
        [],
        ["complete", file("a,b,c\n1,2,3\n1,,3\n,2,3\n1,2,\n1,2,3\n")],
      )
      assert.match(stdout, /^chosen {7}the means of the columns$/m)
      assert.match(stdout, /^rank {9}0: no patterns beyond the chosen model$/m)
    }),
  )

  it.live("reads the same of cells with semicolons between them", () =>
    Effect.gen(function* () {
      const json = (text: string, ...flags: ReadonlyArray<string>) =>
        nonconvex([], ["complete", file(text), "--json", ...flags])
      const expected = yield* json(matrix)
      const { code, stdout } = yield* json(matrix.replaceAll(",", ";"), "--delimiter", "semicolon")
      assert.strictEqual(code, 0)
      assert.strictEqual(stdout, expected.stdout)
    }),
  )

  it.live("writes a large table row by row, and prints no more of it than fits", () =>
    Effect.gen(function* () {
      const lines = Array.from(
        { length: 2000 },
        (_, k) => `u${k % 500},i${(7 * k + Math.floor(k / 500)) % 400},${1 + (k % 5)}`,
      )
      const save = join(temporary(), "filled.csv")
      const args = ["complete", file(lines.join("\n")), "--rank", "0", "--save", save]
      const { code, stdout } = yield* nonconvex([], args)
      assert.strictEqual(code, 0)
      assert.match(
        stdout,
        /^next {9}the filled table is large: --save filled\.csv writes it, row by row/m,
      )
      const saved = readFileSync(save, "utf8").trimEnd().split("\n")
      assert.deepStrictEqual([saved.length, saved[1]!.split(",").length], [501, 401])
      const json = yield* nonconvex([], [...args.slice(0, 4), "--json"])
      assert.isUndefined((yield* decode(json.stdout)).filled)
    }),
  )
})

const wrong: ReadonlyArray<
  readonly [name: string, args: () => ReadonlyArray<string>, message: RegExp]
> = [
  [
    "a table without a number",
    () => [file("name,a,b\nx,,\ny,NA,\n")],
    /no observation; at least two are/,
  ],
  ["a single observation", () => [file("a,b\n1,\n,\n")], /only one observation; at least two/],
  [
    "a word among numbers",
    () => [file("a,b\n1,2\n3,much\n")],
    /row 3, column "b": "much" is not a number/,
  ],
  [
    "a word below blank lines",
    () => [file("a,b\n\n\n1,2\n3,much\n")],
    /row 5, column "b": "much" is not a number/,
  ],
  ["one column", () => [file("a\n1\n\n2\n")], /only one column; give a table of at least two/],
  [
    "another delimiter",
    () => [file("a;b\n1;2\n3;\n"), "--delimiter", "comma"],
    /only one column; .* or another --delimiter$/,
  ],
  ["an infinity", () => [file("1,inf\n2,3\n")], /row 1, column 2: "inf" is not finite/],
  [
    "an entry given twice",
    () => [file("anna,film,3\nbert,film,4\nanna,film,5\n"), "--triplets"],
    /rows 1 and 3 both give the entry \(anna, film\); keep one/,
  ],
  [
    "triplets of five columns",
    () => [file("1,2,3,4,5\n"), "--triplets"],
    /5 columns, but triplets have three; .* such as --columns user,item,rating or --columns 1,2,3$/,
  ],
  [
    "a column that is not there",
    () => [file(triplets), "--columns", "user,movie,rating"],
    /no column "movie"; the header has "user", "item", "rating"; choose one of these$/,
  ],
  [
    "two columns",
    () => [file(triplets), "--columns", "user,item"],
    /--columns user,item: name the three columns of row, column and value/,
  ],
  [
    "one column twice",
    () => [file(triplets), "--columns", "user,user,rating"],
    /--columns user,user,rating: name the three columns/,
  ],
  [
    "columns of a matrix",
    () => [file(triplets), "--columns", "user,item,rating", "--no-triplets"],
    /--columns needs triplets, without --no-triplets$/,
  ],
  ["no time", () => [file(matrix), "--time", "0"], /time/],
  ["a rank below 0", () => [file(matrix), "--rank", "-1"], /rank/],
  ["an empty file", () => [file("")], /the file is empty/],
  ["a header alone", () => [file("a,b\n")], /there are no rows below the header/],
  [
    "triplets with a header alone",
    () => [file("u,i,rating\n"), "--triplets"],
    /there are no rows below/,
  ],
  [
    "no such file",
    () => [join(temporary(), "absent.csv")],
    /absent\.csv: no such file; check the path/,
  ],
  ["one fold", () => [file(matrix), "--folds", "1"], /folds/],
]

describe("complete refuses", () => {
  for (const [name, args, message] of wrong) {
    it.live(`${name}, in one line with exit code 1`, () =>
      Effect.gen(function* () {
        const save = join(temporary(), "filled.csv")
        const { code, stderr, stdout } = yield* nonconvex(
          [],
          ["complete", ...args(), "--save", save],
        )
        assert.deepStrictEqual([code, stdout, existsSync(save)], [1, "", false])
        assert.match(stderr, message)
        assert.strictEqual(stderr.split("\n").length, 1)
      }),
    )
  }
})
