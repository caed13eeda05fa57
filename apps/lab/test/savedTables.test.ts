/** Tables are written as what their name says, or as what was read, and are read again bit for bit. */
import { assert, describe, it } from "@effect/vitest"
import { NodeServices } from "@effect/platform-node"
import * as Frame from "@nonconvex/datasets/Frame"
import * as Table from "@nonconvex/datasets/Table"
import * as TableFile from "@nonconvex/datasets/TableFile"
import { Effect } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { ofPatients, patients, predict, refused, written } from "./support/Trained.ts"

const formats = ["csv", "tsv", "parquet", "feather", "npz"] as const

const read = (path: string, verbatim: ReadonlyArray<string>) =>
  Frame.read(path, { verbatim }).pipe(Effect.provide(NodeServices.layer))

const cells = (frame: Frame.Frame, name: string) => frame.verbatim.get(name)!.cells

const numbers = (frame: Frame.Frame, name: string): ReadonlyArray<number> => {
  const column = frame.columns.get(name)!
  assert.strictEqual(column._tag, "Numbers")
  return column._tag === "Numbers" ? [...column.values] : []
}

const ok = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr } = yield* nonconvex([], [...args, "--quiet"])
  assert.deepStrictEqual([code, stderr], [0, ""])
})

/** A game whose only equilibrium is (2/5, 3/5), with the format of its file. */
const game = Effect.fnUntraced(function* (format: "csv" | Parameters<typeof TableFile.encode>[1]) {
  if (format === "csv") return written(',left,right\nup,2,-1\n"do,wn",-1,1\n', "game.csv")
  return written(yield* TableFile.encode("parquet", format), "game.parquet")
})

const columns = [
  { name: "left", values: Float64Array.of(2, -1) },
  { name: "right", values: Float64Array.of(-1, 1) },
]

describe("solve --save", () => {
  it.live.each(formats)("writes strategies that are read again: %s", (format) =>
    Effect.gen(function* () {
      const file = yield* game("csv")
      const out = join(temporary(), `strategies.${format}`)
      yield* ok("solve", file, "--exact", "--save", out)
      const frame = yield* read(out, ["player", "strategy", "numerator", "denominator"])
      assert.deepStrictEqual(cells(frame, "player"), ["column", "column", "row", "row"])
      assert.deepStrictEqual(cells(frame, "strategy"), ["left", "right", "up", "do,wn"])
      assert.deepStrictEqual(cells(frame, "numerator"), ["2", "3", "2", "3"])
      assert.deepStrictEqual(cells(frame, "denominator"), ["5", "5", "5", "5"])
      assert.deepStrictEqual(numbers(frame, "probability"), [0.4, 0.6, 0.4, 0.6])
    }),
  )

  it.live("writes what it read where the name does not say", () =>
    Effect.gen(function* () {
      const file = yield* game({ columns, rowNames: ["up", "down"] })
      const out = join(temporary(), "strategies")
      yield* ok("solve", file, "--save", out)
      const frame = yield* read(out, ["strategy"])
      assert.strictEqual(frame.spelling.format, "parquet")
      assert.deepStrictEqual(cells(frame, "strategy"), ["left", "right", "up", "down"])
      const array = yield* TableFile.encode("npy", { columns })
      yield* ok("solve", written(array, "game.npy"), "--save", out)
      assert.strictEqual((yield* read(out, [])).spelling.format, "npz")
    }),
  )

  it.live("writes nothing under a name that promises something else", () =>
    Effect.gen(function* () {
      const file = yield* game("csv")
      const folder = temporary()
      const expected = [
        ["a.npy", /cannot hold names and words; use an archive, with a name that ends with \.npz$/],
        ["a.xlsx", /its ending is not a supported table format; there are \.csv, /],
        ["a.csv.gz", /its ending is not a supported table format/],
      ] as const
      for (const [name, line] of expected) {
        assert.match(yield* refused("solve", file, "--save", join(folder, name)), line)
        assert.isFalse(existsSync(join(folder, name)))
      }
    }),
  )
})

describe("predict --save", () => {
  it.live("copies identifiers as they are, into each format", () =>
    Effect.gen(function* () {
      const { save } = yield* ofPatients()
      const rows = patients.map(({ age, stage, ward }, i) =>
        [age, ward, stage, `00${i}`, i % 2 === 0 ? i : "", "NA", 0.1 * i].join(","),
      )
      const file = written(["age,ward,stage,code,even,land,x", ...rows, ""].join("\n"))
      const copied = ["code", "even", "land", "x"]
      const copy = copied.flatMap((name) => ["--copy", name])
      for (const format of formats) {
        const out = join(temporary(), `predicted.${format}`)
        const args = [save, file, "--probabilities", "--save", out, ...copy]
        const { predictions, probabilities } = yield* predict(...args)
        const frame = yield* read(out, [...copied, "prediction"])
        assert.deepStrictEqual(
          cells(frame, "code"),
          patients.map((_, i) => `00${i}`),
        )
        const even = cells(frame, "even").map((cell) => (cell === "NaN" ? "" : cell))
        assert.deepStrictEqual(
          even,
          patients.map((_, i) => (i % 2 === 0 ? String(i) : "")),
        )
        assert.deepStrictEqual(
          cells(frame, "land"),
          patients.map(() => "NA"),
        )
        assert.deepStrictEqual(
          numbers(frame, "x"),
          patients.map((_, i) => 0.1 * i),
        )
        assert.deepStrictEqual(cells(frame, "prediction"), predictions)
        const ill = probabilities!.map(([first]) => first!)
        assert.deepStrictEqual(numbers(frame, "probability of ill"), ill)
      }
    }),
  )

  it.live("refuses a copy that has the name of the prediction", () =>
    Effect.gen(function* () {
      const { save } = yield* ofPatients()
      const file = written("age,ward,stage,prediction\n40,north,low,1\n")
      const args = ["predict", save, file, "--copy", "prediction", "--save"]
      const line = yield* refused(...args, join(temporary(), "out.csv"))
      assert.match(line, /two columns would have the name "prediction"; omit one$/)
    }),
  )
})

describe("complete --save", () => {
  it.live("writes each format bit for bit", () =>
    Effect.gen(function* () {
      const file = written("name,a,b,c\nu,1,2,3\nv,2,4,6\nw,3,,-0\n")
      const matrix = (path: string) => Table.read(path).pipe(Effect.provide(NodeServices.layer))
      const filled = yield* Effect.forEach(formats, (format) =>
        Effect.gen(function* () {
          const out = join(temporary(), `filled.${format}`)
          yield* ok("complete", file, "--rank", "0", "--folds", "2", "--save", out)
          const { columnNames, rowNames, values } = yield* matrix(out)
          assert.deepStrictEqual(
            [columnNames, rowNames],
            [
              ["a", "b", "c"],
              ["u", "v", "w"],
            ],
          )
          assert.isTrue(Object.is(values[8], -0))
          return [...values]
        }),
      )
      for (const values of filled) assert.deepStrictEqual(values, filled[0])
    }),
  )

  it.live("refuses typed columns of the same name", () =>
    Effect.gen(function* () {
      const file = written("name,a,a,c\nu,1,2,3\nv,2,4,6\nw,3,,1\n")
      const out = join(temporary(), "filled.parquet")
      const args = ["complete", file, "--rank", "0", "--folds", "2", "--save"]
      assert.match(yield* refused(...args, out), /the name "a"; use a name that ends with \.csv/)
      const text = join(temporary(), "filled.csv")
      yield* ok(...args, text)
      assert.match(readFileSync(text, "utf8"), /^,a,a,c\r\n/)
    }),
  )
})
