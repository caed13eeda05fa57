/** Rows filled by a model of others, and observations that count differently. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { AppliedReport } from "../src/data/complete/Apply.ts"
import { CompletionFile } from "../src/data/complete/CompletionFile.ts"
import { CompleteReport } from "../src/data/complete/CompleteReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))

const file = (name: string, text: string): string => {
  const path = join(temporary(), name)
  writeFileSync(path, text)
  return path
}

/** A multiplication table of 12 x 6 with a hole in every second row. */
const product = (row: number, column: number): number => (row + 1) * (column + 2)
const lines = Array.from({ length: 12 }, (_row, r) =>
  Array.from({ length: 6 }, (_cell, c) => (r % 2 === 0 && c === (r / 2) % 6 ? "" : product(r, c))),
)
const table = ["name,a,b,c,d,e,f", ...lines.map((row, r) => `r${r},${row.join(",")}`)].join("\n")

const fitted = Effect.fnUntraced(function* () {
  const model = join(temporary(), "model.json")
  const args = ["complete", file("table.csv", table), "--folds", "3", "--model", model]
  const { code, stderr } = yield* nonconvex([], args)
  assert.deepStrictEqual([code, stderr], [0, ""])
  return model
})

describe("complete --apply", () => {
  it.live("fills rows that the model has not seen, whatever columns they have", () =>
    Effect.gen(function* () {
      const model = yield* fitted()
      const { columnNames, right } = yield* decode(CompletionFile)(readFileSync(model, "utf8"))
      assert.deepStrictEqual([columnNames.length, right.length], [6, 6])
      const rows = "name,d,b,e\nnew,100,60,120\nother,5,3,\nnothing,,,\n"
      const args = ["complete", file("new.csv", rows), "--apply", model, "--json"]
      const { code, stderr, stdout } = yield* nonconvex([], args)
      assert.deepStrictEqual([code, stderr], [0, ""])
      const report = yield* decode(AppliedReport)(stdout)
      assert.deepStrictEqual(report.columnNames, ["a", "b", "c", "d", "e", "f"])
      assert.deepStrictEqual(report.observations, [3, 2, 0])
      const [first, second, third] = report.filled!
      first!.forEach((value, c) => assert.closeTo(value, 20 * (c + 2), 2))
      second!.forEach((value, c) => assert.closeTo(value, c + 2, 2))
      // of nothing, a row of the mean
      assert.isTrue(third!.every((value, c) => c === 0 || value > third![c - 1]!))
    }),
  )

  it.live.each<{ what: string; rows: string; flags?: ReadonlyArray<string>; says: RegExp }>([
    {
      what: "a column that the model has not seen",
      rows: "name,a,zz\nx,1,\n",
      says: /"zz" is not a column of the model, which fills only the columns of its fit/,
    },
    {
      what: "no hole",
      rows: "name,a,b,c,d,e,f\nx,1,2,3,4,5,6\ny,1,2,3,4,5,6\n",
      says: /it has no missing value/,
    },
    {
      what: "a rank beside it",
      rows: "name,a,b\nx,1,\n",
      flags: ["--rank", "1"],
      says: /--rank needs a fit, and no --apply/,
    },
  ])("refuses $what", ({ flags = [], rows, says }) =>
    Effect.gen(function* () {
      const model = yield* fitted()
      const args = ["complete", file("new.csv", rows), "--apply", model, ...flags]
      const { code, stderr } = yield* nonconvex([], args)
      assert.strictEqual(code, 1)
      assert.match(stderr, says)
    }),
  )

  it.live.each([
    ["a network", '{"format":1,"parameters":[]}', /is not a model that this version reads/],
    [
      "a later version",
      '{"format":2,"kind":"completion"}',
      /is not a model that this version reads/,
    ],
    ["nothing", "", /is not a model that this version reads/],
  ] as const)("refuses a model that is %s", ([, text, says]) =>
    Effect.gen(function* () {
      const args = ["complete", file("new.csv", table), "--apply", file("model.json", text)]
      const { code, stderr } = yield* nonconvex([], args)
      assert.strictEqual(code, 1)
      assert.match(stderr, says)
      assert.strictEqual(stderr.trimEnd().split("\n").length, 1)
    }),
  )

  it.live("refuses a model whose parts do not fit", () =>
    Effect.gen(function* () {
      const whole = JSON.parse(readFileSync(yield* fitted(), "utf8")) as CompletionFile
      for (const change of [
        { columnNames: ["a"] },
        { columnNames: ["a", "a", "b", "c", "d", "e"] },
        { rank: 900 },
        { right: [] },
      ]) {
        const model = file("model.json", JSON.stringify({ ...whole, ...change }))
        const args = ["complete", file("new.csv", table), "--apply", model]
        const { code, stderr } = yield* nonconvex([], args)
        assert.strictEqual(code, 1)
        assert.match(stderr, /it has (different numbers|two columns|a number of factors)/)
      }
    }),
  )
})

const counted = [
  "user,item,rating,count",
  ...lines.flatMap((row, r) =>
    row.flatMap((cell, c) => (cell === "" ? [] : [`r${r},i${c},${cell},${1 + ((r + c) % 3)}`])),
  ),
]

const completed = Effect.fnUntraced(function* (path: string, ...flags: ReadonlyArray<string>) {
  const args = ["complete", path, "--folds", "2", "--rank", "1", "--json", ...flags]
  const { code, stderr, stdout } = yield* nonconvex([], args)
  assert.deepStrictEqual([code, stderr], [0, ""])
  return yield* decode(CompleteReport)(stdout)
})

describe("complete --weights", () => {
  it.live("counts triplets as a column says, a zero as a hole", () =>
    Effect.gen(function* () {
      const columns = ["--columns", "user,item,rating", "--weights", "count"]
      const wrong = [...counted.slice(0, -1), "r11,i5,100000,0"]
      const report = yield* completed(file("counted.csv", wrong.join("\n")), ...columns)
      assert.strictEqual(report.observed, counted.length - 2)
      const [asked] = report.asked
      assert.deepStrictEqual([asked!.row, asked!.column], ["r11", "i5"])
      assert.closeTo(asked!.value, product(11, 5), 1)
    }),
  )

  it.live("finds the column where nobody says which are the others", () =>
    Effect.gen(function* () {
      const path = file("counted.csv", counted.join("\n"))
      const told = yield* completed(path, "--columns", "user,item,rating", "--weights", "count")
      assert.deepStrictEqual(yield* completed(path, "--weights", "count"), told)
    }),
  )

  it.live(
    "counts a matrix as another file says, and nothing else where all weights are the same",
    () =>
      Effect.gen(function* () {
        const path = file("table.csv", table)
        const same = file("same.csv", table.replaceAll(/(?<=,)\d+/g, "2.5"))
        const plain = yield* completed(path)
        assert.deepStrictEqual(yield* completed(path, "--weights", same), plain)
        const other = file("other.csv", table.replaceAll(/(?<=,)\d+(?=,)/g, "0.25"))
        const weighed = yield* completed(path, "--weights", other)
        assert.notDeepEqual(weighed.heldOut.error, plain.heldOut.error)
      }),
  )

  it.live.each<{ what: string; weights: string; says: RegExp }>([
    {
      what: "a negative weight",
      weights: table.replace("r1,4", "r1,-4"),
      says: /"-\d+" is not a weight; write a number of at least 0/,
    },
    {
      what: "a weight that is missing",
      weights: table.replace("r1,4", "r1,"),
      says: /row 3, column "a": "" is not a weight/,
    },
    {
      what: "other columns",
      weights: table.replace("name,a", "name,z"),
      says: /its column 1 has a different name/,
    },
    {
      what: "other rows",
      weights: table.replace("r0", "zz"),
      says: /its row 1 has a different name/,
    },
    {
      what: "fewer rows",
      weights: table.split("\n").slice(0, 5).join("\n"),
      says: /4 x 6 weights for 12 x 6 entries/,
    },
  ])("refuses $what", ({ says, weights }) =>
    Effect.gen(function* () {
      const args = ["complete", file("table.csv", table), "--weights", file("weights.csv", weights)]
      const { code, stderr } = yield* nonconvex([], args)
      assert.strictEqual(code, 1)
      assert.match(stderr, says)
    }),
  )

  it.live("refuses a column that there is not", () =>
    Effect.gen(function* () {
      const columns = ["--columns", "user,item,rating", "--weights", "zz"]
      const { code, stderr } = yield* nonconvex(
        [],
        ["complete", file("counted.csv", counted.join("\n")), ...columns],
      )
      assert.strictEqual(code, 1)
      assert.match(stderr, /no column "zz"; the header has "user", "item", "rating", "count"/)
    }),
  )
})
