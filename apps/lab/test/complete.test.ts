/** Tables with holes, filled from the command line. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CompleteReport } from "../src/index.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CompleteReport)))

const file = (text: string): string => {
  const path = join(temporary(), "table.csv")
  writeFileSync(path, text)
  return path
}

/** A multiplication table of 8 x 6 with four holes. */
const holes = new Set(["1,2", "4,0", "6,5", "3,3"])
const product = (row: number, column: number): number => (row + 1) * (column + 2)
const cells = Array.from({ length: 8 }, (_row, r) =>
  Array.from({ length: 6 }, (_cell, c) => (holes.has(`${r},${c}`) ? "" : String(product(r, c)))),
)
const matrix = ["name,a,b,c,d,e,f", ...cells.map((row, r) => [`r${r}`, ...row].join(","))].join(
  "\n",
)
const triplets = [
  "user,item,rating",
  ...cells.flatMap((row, r) =>
    row.flatMap((cell, c) => (cell === "" ? [] : [`r${r},${"abcdef"[c]!},${cell}`])),
  ),
].join("\n")

describe("complete", () => {
  it.live("fills a multiplication table, keeps what was observed, and says how sure it is", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "filled.csv")
      const { code, stdout } = yield* nonconvex([], ["complete", file(matrix), "--save", save])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^8 x 6, 44 observations, 4 holes filled$/m)
      assert.match(stdout, /^rank {9}1$/m)
      assert.match(stdout, /^certificate {2}certified: within a part of \S+ of the optimum/m)
      assert.match(
        stdout,
        /^held out {5}\S+ ± \S+ root mean square error in 5 folds, best of 40 models/m,
      )
      const lines = readFileSync(save, "utf8").trimEnd().split("\n")
      assert.strictEqual(lines[0], ",a,b,c,d,e,f")
      const filled = lines.slice(1).map((line) => line.split(","))
      filled.forEach(([name, ...values], r) => {
        assert.strictEqual(name, `r${r}`)
        values.forEach((value, c) => assert.closeTo(Number(value), product(r, c), 0.05))
      })
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
      assert.deepStrictEqual([report.rank, report.observed, report.heldOut.folds], [1, 44, 4])
      const [row, column] = [report.rowNames.indexOf("r4"), report.columnNames.indexOf("a")]
      assert.closeTo(report.filled[row]![column]!, 10, 0.05)
      assert.isBelow(report.heldOut.error, 0.2 * report.heldOut.baseline)
      assert.isAtMost(report.certificate.relativeGap, 1e-6)
    }),
  )

  it.live("shows how many fits are done", () =>
    Effect.gen(function* () {
      const { progress } = yield* nonconvex([], ["complete", file(matrix)])
      assert.match(progress, /^complete \[#{20}\] 210\/210 fits, .*in \S+ m?s$/m)
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
        const relative = report.filled[1]![2]! / (product(1, 2) * Number(`1e${power}`))
        assert.closeTo(relative, 1, 0.01)
      }
    }),
  )

  it.live("says where holes get the means of columns and nothing else", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex(
        [],
        ["complete", file("a,b,c\n1,2,3\n1,,3\n,2,3\n1,2,\n1,2,3\n")],
      )
      assert.match(stdout, /^rank {9}0: holes are filled with the means of the columns alone$/m)
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

  it.live("numbers rows and columns without names, and does not print what is large", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 22 }, (_, r) =>
        ["NA", 1, 2, 3].map((factor, c) => (c === 0 && r > 0 ? r : factor)).join(","),
      )
      const { code, stdout } = yield* nonconvex([], ["complete", file(rows.join("\n"))])
      assert.strictEqual(code, 0)
      assert.match(stdout, /write it with --save filled\.csv/)
    }),
  )
})

const wrong: ReadonlyArray<
  readonly [name: string, args: () => ReadonlyArray<string>, message: RegExp]
> = [
  [
    "a row and a column that nothing is known of",
    () => [file("name,a,b,c\nx,1,,2\ny,,,\nz,3,,4\n")],
    /nothing is observed of rows y and of columns b; remove them, or observe an entry$/,
  ],
  [
    "a user without a rating",
    () => [file("anna,film,3\nbert,film,NA\n"), "--triplets"],
    /nothing is observed of rows bert; remove them/,
  ],
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
  ["one column", () => [file("a\n1\n\n2\n")], /one column only; give a table of two at least/],
  [
    "another delimiter",
    () => [file("a;b\n1;2\n3;\n"), "--delimiter", "comma"],
    /one column only; .* or another --delimiter$/,
  ],
  ["an infinity", () => [file("1,inf\n2,3\n")], /row 1, column "column 2": "inf" is not finite/],
  [
    "an entry given twice",
    () => [file("anna,film,3\nbert,film,4\nanna,film,5\n"), "--triplets"],
    /rows 1 and 3 both give the entry \(anna, film\); keep one/,
  ],
  [
    "triplets of four columns",
    () => [file("1,2,3,4\n"), "--triplets"],
    /4 columns; triplets have three/,
  ],
  ["an empty file", () => [file("")], /the file is empty/],
  ["a header alone", () => [file("a,b\n")], /there are no rows below the header/],
  [
    "triplets with a header alone",
    () => [file("u,i,rating\n"), "--triplets"],
    /there are no rows below/,
  ],
  [
    "fewer observations than folds",
    () => [file("1,2\n3,\n")],
    /at least as many observations as folds/,
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
