/** Files as people have them: read right, or refused in a line that says what to do. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Stream } from "effect"
import * as Cell from "../src/internal/Cell.ts"
import * as Spelling from "../src/Spelling.ts"
import * as Table from "../src/Table.ts"
import { filesInMemory } from "./support/Files.ts"

const read = (content: string | Uint8Array, options?: Table.Options & Table.Names) =>
  Table.read("t.csv", options).pipe(Effect.provide(filesInMemory({ "t.csv": content })))

const utf16 = (text: string, isBig: boolean): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !isBig)
  return bytes
}

const latin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => (character === "€" ? 0x80 : character.charCodeAt(0)))

/** Names of rows and columns, a hole, and numbers with halves. */
const wanted = {
  columnNames: ["Größe", "b"],
  rowNames: ["x", "y", "z"],
  values: [1.5, 2, 1234.5, Number.NaN, -3, 0.25],
}

const tables: ReadonlyArray<readonly [what: string, text: string, spelling: string]> = [
  [
    "commas",
    "name,Größe,b\nx,1.5,2\ny,1234.5,\nz,-3,0.25\n",
    "--delimiter comma, --decimal point, --encoding utf-8",
  ],
  [
    "semicolons and decimal commas",
    "name;Größe;b\nx;1,5;2\ny;1234,5;\nz;-3;0,25\n",
    "--delimiter semicolon, --decimal comma, --encoding utf-8",
  ],
  [
    "semicolons and decimal points",
    "name;Größe;b\r\nx;1.5;2\r\ny;1234.5;NA\r\nz;-3;0.25\r\n",
    "--delimiter semicolon, --decimal point, --encoding utf-8",
  ],
  [
    "thousands between points",
    "name;Größe;b\nx;1,5;2\ny;1.234,50;\nz;−3;0,25\n",
    "--delimiter semicolon, --decimal comma, --encoding utf-8",
  ],
  [
    "thousands between commas, in quotes",
    'name,Größe,b\nx,1.5,2\ny,"1,234.50",\nz,-3,0.25\n',
    "--delimiter comma, --decimal point, --encoding utf-8",
  ],
  [
    "decimal commas in quotes between commas",
    'name,Größe,b\nx,"1,5",2\ny,"1234,5",\nz,-3,"0,25"\n',
    "--delimiter comma, --decimal comma, --encoding utf-8",
  ],
  [
    "tabs and old line ends",
    "name\tGröße\tb\rx\t1.5\t2\ry\t1234.5\t\rz\t-3\t0.25\r",
    "--delimiter tab, --decimal point, --encoding utf-8",
  ],
  [
    "pipes around every cell's spaces",
    "name | Größe | b\nx | 1.5 | 2\ny | 1234.5 | ?\nz | -3 | .25\n",
    "--delimiter pipe, --decimal point, --encoding utf-8",
  ],
  [
    "runs of spaces, quoted words and a header without its corner",
    '  "Größe"   "b"\nx   1.5     2\ny 1234.5    NA\nz   -3   0.25\n',
    "--delimiter space, --decimal point, --encoding utf-8",
  ],
  [
    "two colons",
    "name::Größe::b\nx::1.5::2\ny::1234.5::\nz::-3::25e-2\n",
    "--delimiter double-colon, --decimal point, --encoding utf-8",
  ],
  [
    "the line of Excel, delimiters at line ends and blank lines",
    "sep=;\r\n\r\nname;Größe;b;\r\nx;1,5;2;\r\n\r\ny;1234,5;;\r\nz;-3;0,25;\r\n",
    "--delimiter semicolon, --decimal comma, --encoding utf-8",
  ],
  [
    "delimiters at the ends of rows alone",
    "name,Größe,b\nx,1.5,2,\ny,1234.5,,\nz,-3,.25,\n",
    "--delimiter comma, --decimal point, --encoding utf-8",
  ],
  [
    "a delimiter at the end of the header alone",
    "name,Größe,b,\nx,1.5,2\ny,1234.5,\nz,-3,.25\n",
    "--delimiter comma, --decimal point, --encoding utf-8",
  ],
  [
    "comments",
    '# made by "hand"\n# 1,2\nname,Größe,b\nx,1.5,2\n# no\ny,1234.5,\nz,-3,.25\n#end',
    "--delimiter comma, --decimal point, --encoding utf-8",
  ],
  [
    "single quotes",
    "'name','Größe','b'\n'x',1.5,2\n'y','1234.5',\n'z',-3,.25\n",
    "--delimiter comma, --decimal point, --encoding utf-8, single quotes",
  ],
  [
    "lines of delimiters, as spreadsheets end in them",
    "name;Größe;b\nx;1,5;2\ny;1234,5;#N/A\nz;-3;0,25\n;;\n;;\n",
    "--delimiter semicolon, --decimal comma, --encoding utf-8",
  ],
  [
    "thousands between spaces and apostrophes",
    "name;Größe;b\nx;1.5;2\ny;1\u202f234.5;\nz;-3;0.25\n",
    "--delimiter semicolon, --decimal point, --encoding utf-8",
  ],
]

const isRead = (what: string, content: string | Uint8Array, spelling: string) =>
  it.effect(`reads ${what}`, () =>
    Effect.gen(function* () {
      const table = yield* read(content)
      assert.deepStrictEqual(
        [table.columnNames, table.rowNames, [...table.values]],
        [wanted.columnNames, wanted.rowNames, wanted.values],
      )
      assert.strictEqual(Spelling.describe(table.spelling), spelling)
      yield* Effect.fromResult(Table.observed(table))
    }),
  )

describe("a table in any spelling", () => {
  for (const [what, text, spelling] of tables) isRead(what, text, spelling)

  const [, commas, spelling] = tables[0]!
  for (const [encoding, content] of [
    ["utf-8", `\u{feff}${commas}`],
    ["utf-16le", utf16(`\u{feff}${commas}`, false)],
    ["utf-16be", utf16(`\u{feff}${commas}`, true)],
    ["utf-16le", utf16(commas, false)],
    ["utf-16be", utf16(commas, true)],
    ["windows-1252", latin1(commas)],
  ] as const) {
    isRead(`${encoding} of ${content.length}`, content, spelling.replace("utf-8", encoding))
  }

  it.effect("is told by what is said, whatever the cells tell", () =>
    Effect.gen(function* () {
      const grouped = yield* read("a;b\n1,234;2\n", { decimal: "." })
      assert.deepStrictEqual([...grouped.values], [1234, 2])
      const decimal = yield* read("a;b\n1,234;2\n", { decimal: "," })
      assert.deepStrictEqual([...decimal.values], [1.234, 2])
      const one = yield* read("a;b\n1;2\n", { delimiter: "," })
      assert.deepStrictEqual([one.columns, one.rows], [1, 1])
      const euro = yield* read(latin1("a,€\n1,2\n"), { encoding: "windows-1252" })
      assert.deepStrictEqual(euro.columnNames, ["a", "€"])
    }),
  )

  it.effect("keeps the lines of the file, below comments and the line of Excel", () =>
    Effect.gen(function* () {
      const { message } = yield* read("sep=;\n# c\n\na;b\n1;2\n# c\n\n1;x\n").pipe(
        Effect.flatMap((table) => Effect.fromResult(Table.allNumbers(table))),
        Effect.flip,
      )
      assert.match(message, /row 8, column "b": "x" is not a number/)
      const spaced = yield* read("a b\n1 2\n   \n \n3 x\n").pipe(
        Effect.flatMap((table) => Effect.fromResult(Table.allNumbers(table))),
        Effect.flip,
      )
      assert.match(spaced.message, /row 5, column "b": "x" is not a number/)
    }),
  )

  it.effect("keeps a row of holes between others, and one alone below a header", () =>
    Effect.gen(function* () {
      const between = yield* read("a,b\n1,2\n,\n3,4\n,\n")
      assert.deepStrictEqual([...between.values], [1, 2, NaN, NaN, 3, 4])
      assert.deepStrictEqual([...(yield* read("a,b\n,\n")).values], [NaN, NaN])
    }),
  )

  it.effect("reads the same however the file is cut", () =>
    Effect.gen(function* () {
      for (const content of [
        new TextEncoder().encode(tables[1]![1]),
        latin1(tables[1]![1]),
        utf16(`\u{feff}${tables[1]![1]}`, true),
      ]) {
        for (let cut = 1; cut < content.length; cut++) {
          const files = FileSystem.layerNoop({
            stream: () => Stream.make(content.subarray(0, cut), content.subarray(cut)),
          })
          const table = yield* Table.read("t.csv").pipe(Effect.provide([files, Path.layer]))
          assert.deepStrictEqual([...table.values], wanted.values)
          assert.deepStrictEqual(table.columnNames, wanted.columnNames)
        }
      }
    }),
  )

  it.effect("is Windows-1252 too where that shows far below its first lines", () =>
    Effect.gen(function* () {
      const lines = "x,1\n".repeat(100_000)
      const table = yield* read(latin1(`${lines}ä,2\n`), { header: false })
      assert.deepStrictEqual([table.rows, table.rowNames!.at(-1)], [100_001, "ä"])
    }),
  )
})

describe("what cannot be told", () => {
  const bytes = (...values: ReadonlyArray<number>) => Uint8Array.from(values)
  it.effect.each<readonly [content: string | Uint8Array, message: string | RegExp]>([
    [
      "a;b,c\nd;e,f\n",
      "its cells may be separated by comma or semicolon; choose one with --delimiter comma or --delimiter semicolon",
    ],
    [
      "a;b\n1,234;2\n",
      'row 2, column "a": "1,234" is 1234 or 1.234; set the decimal mark with --decimal point or --decimal comma',
    ],
    [
      "a;b\n0,5;1.234\n",
      'row 2, column "b": "1.234" is 1234 or 1.234; set the decimal mark with --decimal point or --decimal comma',
    ],
    [
      "a;b\n1,5;2.5\n",
      'row 2, column "a": "1,5" has a decimal comma; write 1.5, or set --decimal comma if all cells have one',
    ],
    [
      "a,b\n50%,1\n",
      'row 2, column "a": "50%" is a percentage; write the number alone, with the whole column either as fractions or in percent',
    ],
    ["a,b\n$3,1\n", 'row 2, column "a": "$3" has a currency sign; write the number alone'],
    ["a;b\n3 €;1\n", 'row 2, column "a": "3 €" has a currency sign; write the number alone'],
    [
      bytes(0x50, 0x4b, 3, 4, 0, 0),
      "it is a spreadsheet or an archive; save the sheet as CSV and give that file",
    ],
    [bytes(0x1f, 0x8b, 8, 0), "it is compressed; unpack it first"],
    [
      '[{"step": 0, "loss": 1}]',
      "it is JSON; write it as CSV first, with a header and one line per record",
    ],
    [
      '{"step": 0, "loss": 1}\n{"step": 1, "loss": 2}\n',
      "it is JSON; write it as CSV first, with a header and one line per record",
    ],
    [
      "<!DOCTYPE html><table><tr><td>1</td></tr></table>",
      "it is HTML or XML; save its table as CSV and give that file",
    ],
    [
      "a,b\n1,\0\n",
      "it contains bytes that do not occur in text; give a text file, or set --encoding utf-16le or utf-16be",
    ],
    [
      Uint8Array.from([...new TextEncoder().encode("ä,b\n1,2\n"), 0xe4, 0x2c, 0x31, 0x0a]),
      "row 3: it contains bytes that are not UTF-8; set the encoding with --encoding, such as windows-1252",
    ],
  ])("is refused in a line: %j", ([content, message]) =>
    Effect.gen(function* () {
      const error = yield* read(content).pipe(
        Effect.flatMap((table) => Effect.fromResult(Table.allNumbers(table))),
        Effect.flip,
      )
      assert.strictEqual(error.message, `t.csv: ${String(message)}`)
    }),
  )

  it.effect(
    "is not asked of words with spaces, of a single column, or of what only looks divided",
    () =>
      Effect.gen(function* () {
        const towns = yield* read("town,size\nNew York,1.5\nLos Angeles,2\n")
        assert.deepStrictEqual(towns.rowNames, ["New York", "Los Angeles"])
        const tabbed = yield* read("town\tsize\nNew York\t1.5\nLos Angeles\t2\n")
        assert.deepStrictEqual(tabbed.rowNames, ["New York", "Los Angeles"])
        const single = yield* read("loss\n0.5\n0.25\n")
        assert.deepStrictEqual([single.columns, single.rows], [1, 2])
        const authors = yield* read('who;cited\n"Doe, John; Roe";1\nPoe, Ann;2\n')
        assert.deepStrictEqual(authors.rowNames, ["Doe, John; Roe", "Poe, Ann"])
        const apostrophes = yield* read("name,a\nO'Brien,1\nd'Arc,2\n")
        assert.deepStrictEqual(apostrophes.rowNames, ["O'Brien", "d'Arc"])
        const genres = yield* read("genres,score\ncrime|drama,3\ncomedy|drama,4\n")
        assert.deepStrictEqual(genres.columnNames, ["score"])
      }),
  )
})

describe("a number in a cell", () => {
  const point = { decimal: ".", groups: false } as const
  const comma = { decimal: ",", groups: false } as const
  it("is read in the notation of its file, or says why not", () => {
    for (const [cell, here, there] of [
      ["1.5", 1.5, "decimal-point"],
      ["1,5", "decimal-comma", 1.5],
      ["0,125", "decimal-comma", 0.125],
      ["0.125", 0.125, "decimal-point"],
      ["1,234", "thousands-or-decimal", 1.234],
      ["1.234", 1.234, "thousands-or-decimal"],
      ["1234,567", "decimal-comma", 1234.567],
      ["1,234.56", 1234.56, "decimal-point"],
      ["1.234,56", "decimal-comma", 1234.56],
      ["1,234,567", 1234567, "decimal-point"],
      ["-1.234.567", "decimal-comma", -1234567],
      ["12 345,6", "decimal-comma", 12345.6],
      ["12 345", 12345, 12345],
      ["1'234.5", 1234.5, "decimal-point"],
      ["−5", -5, -5],
      ["+5", 5, 5],
      ["1e-3", 0.001, 0.001],
      ["1,5E+2", "decimal-comma", 150],
      ["5.", 5, "decimal-point"],
      [",5", "decimal-comma", 0.5],
      ["50%", "percentage", "percentage"],
      ["-12,5 %", "percentage", "percentage"],
      ["$3", "unit", "unit"],
      ["-$3.50", "unit", "unit"],
      ["1.234,56 €", "unit", "unit"],
      ["12.05.2020", "not-a-number", "not-a-number"],
      ["1,23,456", "not-a-number", "not-a-number"],
      ["1 23", "not-a-number", "not-a-number"],
      ["0x10", "not-a-number", "not-a-number"],
      ["(3)", "not-a-number", "not-a-number"],
      ["1e999", "not-finite", "not-finite"],
      ["-inf", "not-finite", "not-finite"],
      ["n/a", "missing", "missing"],
      ["#N/A", "missing", "missing"],
      [".", "missing", "missing"],
      ["-", "missing", "missing"],
    ] as const) {
      assert.deepStrictEqual(
        [cell, Cell.toNumber(cell, point), Cell.toNumber(cell, comma)],
        [cell, here, there],
      )
    }
  })
})
