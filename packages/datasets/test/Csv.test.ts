import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Option, Path, Stream } from "effect"
import * as Csv from "../src/Csv.ts"
import type { CsvTarget } from "../src/CsvTarget.ts"
import type { Target } from "../src/Dataset.ts"
import { filesInMemory } from "./support/Files.ts"

const label = Csv.labels("y")

const parse = <T extends Target>(
  text: string,
  options: Partial<Parameters<typeof Csv.parse<T>>[1]> & { readonly target: CsvTarget<T> },
) => Csv.parse(text, { path: "t.csv", ...options })

const errorOf = (text: string, options: Partial<Parameters<typeof Csv.parse<Target>>[1]> = {}) =>
  Effect.flip(Csv.parse(text, { path: "t.csv", target: label, ...options }))

describe("Csv.parse", () => {
  it.effect("reads features, labels and names", () =>
    Effect.gen(function* () {
      const iris = yield* parse("width,y,height\n1.5,b,-2\n.25,a,3e2\n", { target: label })
      assert.deepStrictEqual(iris, {
        name: "t.csv",
        features: Float64Array.of(1.5, -2, 0.25, 300),
        samples: 2,
        dimension: 2,
        featureNames: ["width", "height"],
        target: {
          _tag: "Classification",
          labels: Int32Array.of(1, 0),
          classes: ["a", "b"],
        },
        provenance: {
          source: "t.csv",
          licence: "unknown",
          notice: "data of the user, read from t.csv",
        },
      })
    }),
  )

  it.effect("reads real targets", () =>
    Effect.gen(function* () {
      const { target } = yield* parse("x,y\n1,0.5\n2,-7\n", { target: Csv.values("y") })
      assert.deepStrictEqual(target, { _tag: "Regression", values: Float64Array.of(0.5, -7) })
    }),
  )

  it.effect("takes integers as classes in the order of their values", () =>
    Effect.gen(function* () {
      const { target } = yield* parse("x,y\n1,10\n2,9\n3,09\n4,9.0\n5,-1\n", { target: label })
      assert.deepStrictEqual(target.classes, ["-1", "9", "10"])
      assert.deepStrictEqual(target.labels, Int32Array.of(2, 1, 1, 1, 0))
    }),
  )

  it.effect("takes a column of names and numbers as names", () =>
    Effect.gen(function* () {
      const { target } = yield* parse("x,y\n1,10\n2,9\n3,b\n4,0.5\n", { target: label })
      assert.deepStrictEqual(target.classes, ["0.5", "10", "9", "b"])
    }),
  )

  it.effect("takes plus and minus as classes", () =>
    Effect.gen(function* () {
      const { target } = yield* parse("x,y\n1,+\n2,-\n", { target: label })
      assert.deepStrictEqual(target.classes, ["+", "-"])
    }),
  )

  it.effect("keeps the classes given, whatever the file holds", () =>
    Effect.gen(function* () {
      const target = Csv.labels("y", { classes: ["none", "3", "a"] })
      const read = yield* parse("x,y\n1,3.0\n2,none\n", { target })
      assert.deepStrictEqual(read.target.classes, ["none", "3", "a"])
      assert.deepStrictEqual(read.target.labels, Int32Array.of(1, 0))
    }),
  )

  it.effect("chooses, orders and ignores columns by name", () =>
    Effect.gen(function* () {
      const text = "id,a,y,b\nfirst,1,u,2\nsecond,3,v,4\n"
      const ignored = yield* parse(text, { target: label, ignore: ["id"] })
      assert.deepStrictEqual(ignored.featureNames, ["a", "b"])
      const chosen = yield* parse(text, { target: label, features: ["b", "y", "a", "b"] })
      assert.deepStrictEqual(chosen.featureNames, ["b", "a"])
      assert.deepStrictEqual(chosen.features, Float64Array.of(2, 1, 4, 3))
    }),
  )

  it.effect.each([
    { what: "a byte order mark", text: "\u{feff}x,y\n1,a\n2,b\n" },
    { what: "Windows line ends", text: "x,y\r\n1,a\r\n2,b\r\n" },
    { what: "mixed line ends", text: "x,y\r\n1,a\n2,b" },
    { what: "blank lines", text: "\nx,y\n\n1,a\n   \n2,b\n\n\n" },
    { what: "spaces and quotes", text: '"x" , "y"\n 1 ,"a"\n"2", b \n' },
  ])("reads $what", ({ text }) =>
    Effect.gen(function* () {
      const { features, featureNames, target } = yield* parse(text, { target: label })
      assert.deepStrictEqual(featureNames, ["x"])
      assert.deepStrictEqual(features, Float64Array.of(1, 2))
      assert.deepStrictEqual(target.classes, ["a", "b"])
    }),
  )

  it.effect("reads other delimiters, quoted delimiters and quotes", () =>
    Effect.gen(function* () {
      const tab = yield* parse("x\ty\n1\ta\n2\tb\n", { target: label, delimiter: "\t" })
      assert.deepStrictEqual(tab.features, Float64Array.of(1, 2))
      const { target } = yield* parse('x;y\n1;"a;b"\n2;"say ""c"""\n', {
        target: label,
        delimiter: ";",
      })
      assert.deepStrictEqual(target.classes, ["a;b", 'say "c"'])
    }),
  )
})

describe("Csv.parse says what is wrong and where", () => {
  it.effect.each([
    {
      text: "x,y\n1,a\nfoo,b\n",
      message:
        't.csv: row 3, column "x": "foo" is not a number; correct it or omit the column; missing values are empty cells, NA, NaN, null, none or ?',
    },
    {
      text: "x,y\n1,a\n0x10,b\n",
      message:
        't.csv: row 3, column "x": "0x10" is not a number; correct it or omit the column; missing values are empty cells, NA, NaN, null, none or ?',
    },
    {
      text: "x,z,y\n1,2,a\n2,NaN,b\n",
      message: 't.csv: row 3, column "z": "NaN" is a missing value; fill it in or remove the row',
    },
    {
      text: "x,z,y\n1,,a\n2,3,b\n",
      message: 't.csv: row 2, column "z": "" is a missing value; fill it in or remove the row',
    },
    {
      text: "x,y\n1,a\n2,?\n",
      message: 't.csv: row 3, column "y": "?" is a missing value; fill it in or remove the row',
    },
    {
      text: "x,y\n1e999,a\n2,b\n",
      message:
        't.csv: row 2, column "x": "1e999" is not finite in double precision; correct it or remove the row',
    },
    {
      text: "x,y\n-Infinity,a\n2,b\n",
      message:
        't.csv: row 2, column "x": "-Infinity" is not finite in double precision; correct it or remove the row',
    },
    {
      text: "x,y\n1,1\n2,0.5\n",
      message:
        't.csv: row 3, column "y": "0.5" is not a class (a name or an integer); correct it or use regression',
    },
    {
      text: "x,y\n1,a\n2,b,c\n",
      message:
        "t.csv: row 3: 2 cells expected as in the first row, 3 found; check the row for a missing or extra separator",
    },
    {
      text: "x,y\n1\n2,b\n",
      message:
        "t.csv: row 2: 2 cells expected as in the first row, 1 found; check the row for a missing or extra separator",
    },
    { text: "", message: "t.csv: the file is empty; check the path" },
    { text: "\n\n", message: "t.csv: the file is empty; check the path" },
    { text: "x,y\n", message: "t.csv: there are no rows below the header; add at least one" },
    {
      text: "\nx,y,x\n1,a,2\n",
      message: 't.csv: row 2: columns 1 and 3 are both named "x"; rename or remove one',
    },
    {
      text: ",x,y\n0,1,a\n",
      message: "t.csv: row 1: column 1 has no name; name it or remove the column",
    },
    {
      text: "x,z\n1,2\n",
      message: 't.csv: no column "y"; the header has "x", "z"; choose one of these',
    },
    {
      text: "x;y\n1;a\n",
      delimiter: "," as const,
      message:
        't.csv: no column "y"; the header has "x;y"; check the delimiter, and remove lines above the header',
    },
    {
      text: "y\na\n",
      message:
        't.csv: no feature column beside the target; the header has "y"; keep at least one column more',
    },
    {
      text: "x,y\n1,a\n2,a\n",
      message:
        't.csv: column "y" holds the class "a" only; at least two classes are needed: choose another target',
    },
    {
      text: 'x,y\n1,a\n2,"b\n3,c\n',
      message:
        't.csv: row 3: a quote is not closed; close every quote, and double each quote inside a cell, as in "a ""quoted"" word"',
    },
    {
      text: 'x,y\n1,a\n\n2,b"c\n3,c\n',
      message:
        't.csv: row 4: a quote occurs inside a cell that does not begin with one; close every quote, and double each quote inside a cell, as in "a ""quoted"" word"',
    },
  ])("$message", ({ text, delimiter, message }) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* errorOf(text, { delimiter })).message, message)
    }),
  )

  it.effect("as data", () =>
    Effect.gen(function* () {
      const error = yield* errorOf("x,y\n1,a\nfoo,b\n")
      assert.deepInclude(error, {
        _tag: "BadCell",
        path: "t.csv",
        row: 3,
        column: "x",
        cell: "foo",
        reason: "not-a-number",
      })
    }),
  )

  it.effect.each([
    { what: "blank lines", text: "x,y\n\n1,a\n\n\nfoo,b\n", row: 6 },
    { what: "line breaks in quotes", text: 'x,y\n1,"a\nb\nc"\nfoo,b\n', row: 5 },
    { what: "Windows line breaks in quotes", text: 'x,y\r\n1,"a\r\nb"\r\nfoo,b\r\n', row: 4 },
    { what: "a bad cell in a row of several lines", text: 'x,y\n1,a\nfoo,"b\nc"\n', row: 3 },
    { what: "all of these", text: '\r\nx,y\r\n\r\n1,"a\r\n\r\nb"\r\n\r\n\nfoo,b', row: 9 },
  ])("with the line of the file after $what", ({ text, row }) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* errorOf(text), { _tag: "BadCell", row, cell: "foo" })
    }),
  )

  it.effect("about columns chosen or ignored that are not there, and about unknown classes", () =>
    Effect.gen(function* () {
      const text = "x,y\n1,a\n2,b\n"
      assert.deepInclude(yield* errorOf(text, { features: ["x", "w"] }), {
        _tag: "MissingColumn",
        column: "w",
      })
      assert.deepInclude(yield* errorOf(text, { ignore: ["id"] }), {
        _tag: "MissingColumn",
        column: "id",
      })
      assert.deepInclude(yield* errorOf(text, { target: Csv.labels("y", { classes: ["a"] }) }), {
        _tag: "BadCell",
        row: 3,
        cell: "b",
        reason: "not-a-class",
      })
      const classes = ["not-a-number", "a"]
      assert.deepInclude(yield* errorOf(text, { target: Csv.labels("y", { classes }) }), {
        row: 3,
        reason: "not-a-class",
      })
      assert.deepInclude(yield* errorOf(text, { target: Csv.values("y") }), {
        _tag: "BadCell",
        row: 2,
        cell: "a",
        reason: "not-a-number",
      })
    }),
  )

  it.effect("in one line, however long and wild the cell", () =>
    Effect.gen(function* () {
      const { message } = yield* errorOf(`x,y\n"${"wild\n".repeat(100)}",a\n`)
      assert.notInclude(message, "\n")
      assert.isBelow(message.length, 200)
    }),
  )
})

describe("Csv.read", () => {
  it.effect("names the data set after the file", () =>
    Effect.gen(function* () {
      const data = yield* Csv.read("/data/flowers.csv", { target: label })
      assert.strictEqual(data.name, "flowers")
      assert.strictEqual(data.provenance.source, "/data/flowers.csv")
    }).pipe(Effect.provide(filesInMemory({ "/data/flowers.csv": "x,y\n1,a\n2,b\n" }))),
  )

  it.effect("says that a file is missing or may not be read", () =>
    Effect.gen(function* () {
      const missing = yield* Effect.flip(Csv.read("/nowhere.csv", { target: label }))
      assert.strictEqual(missing.message, "/nowhere.csv: no such file; check the path")
      const secret = yield* Effect.flip(Csv.read("/secret.csv", { target: label }))
      assert.strictEqual(
        secret.message,
        "/secret.csv: cannot be read (permission denied); check that it is a file you may read",
      )
    }).pipe(Effect.provide(filesInMemory({}, ["/secret.csv"]))),
  )

  it.effect("says that a folder is no file", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* fs.makeTempDirectoryScoped()
      const error = yield* Effect.flip(Csv.read(folder, { target: label }))
      assert.deepInclude(error, { _tag: "UnreadableFile", path: folder })
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("gives the same for every way to cut the file into chunks", () =>
    Effect.gen(function* () {
      const text = '\u{feff}x,"ü y"\r\n1.25,"a\r\n""ß"""\r\n\r\n-2e3,b\r\nfoo,b'
      const bytes = new TextEncoder().encode(text)
      for (let cut = 1; cut < bytes.length; cut++) {
        const files = FileSystem.layerNoop({
          stream: () => Stream.make(bytes.subarray(0, cut), bytes.subarray(cut)),
        })
        const error = yield* Csv.read("t.csv", { target: Csv.labels("ü y") }).pipe(
          Effect.flip,
          Effect.provide([files, Path.layer]),
        )
        assert.deepInclude(error, { _tag: "BadCell", row: 6, column: "x", cell: "foo" })
      }
    }),
  )

  it.live("can be interrupted in an endless file", () =>
    Effect.gen(function* () {
      const row = new TextEncoder().encode("1,a\n".repeat(1000))
      const header = new TextEncoder().encode("x,y\n")
      const files = FileSystem.layerNoop({
        stream: () => Stream.concat(Stream.make(header), Stream.forever(Stream.make(row))),
      })
      const outcome = yield* Csv.read("endless.csv", { target: label }).pipe(
        Effect.provide([files, Path.layer]),
        Effect.timeoutOption("50 millis"),
      )
      assert.isTrue(Option.isNone(outcome))
    }),
  )
})
