import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as Encoder from "../src/Encoder.ts"
import * as Frame from "../src/Frame.ts"
import { filesInMemory } from "./support/Files.ts"
import * as Column from "../src/internal/Column.ts"

const read = (text: string, options: Column.Options = {}) =>
  Frame.read("rows.csv", options).pipe(Effect.provide(filesInMemory({ "rows.csv": text })))

const refusal = (text: string, options: Column.Options = {}) =>
  Effect.map(Effect.flip(read(text, options)), ({ message }) => message)

const words = (frame: Frame.Frame, name: string) =>
  Array.from({ length: frame.rows }, (_, row) => Frame.word(frame.columns.get(name)!, row))

const rowsOf = ({ rows }: Frame.Frame) => Array.from({ length: rows }, (_, i) => i)

describe("Frame", () => {
  describe("read", () => {
    it.effect("tells numbers from words, and keeps the holes of both", () =>
      Effect.gen(function* () {
        const frame = yield* read("a,b,c\n1,x,NA\n,y,2.5\n3,?,-1\n")
        assert.deepStrictEqual(
          [...frame.columns.values()].map(({ _tag }) => _tag),
          ["Numbers", "Words", "Numbers"],
        )
        assert.deepStrictEqual(words(frame, "a"), ["1", undefined, "3"])
        assert.deepStrictEqual(words(frame, "b"), ["x", "y", undefined])
        assert.deepStrictEqual(words(frame, "c"), [undefined, "2.5", "-1"])
        assert.deepStrictEqual(frame.lines, [2, 3, 4])
      }),
    )

    it.effect("reads what the file tells of delimiters and decimal marks", () =>
      Effect.gen(function* () {
        const frame = yield* read("a;b\n1,5;rot\n-2,25;blau\n")
        assert.deepStrictEqual(words(frame, "a"), ["1.5", "-2.25"])
        assert.deepStrictEqual(words(frame, "b"), ["rot", "blau"])
      }),
    )

    it.effect("takes numbers for words where it is told, the same of each spelling", () =>
      Effect.gen(function* () {
        const frame = yield* read("x,y,zone\n1,1,01\n1,1,1.0\n1,1,2\n", { words: ["zone"] })
        assert.deepStrictEqual(words(frame, "zone"), ["1", "1", "2"])
      }),
    )

    it.effect("leaves out an index without a name", () =>
      Effect.gen(function* () {
        const frame = yield* read(",a\n0,1\n1,2\n")
        assert.deepStrictEqual([...frame.columns.keys()], ["a"])
      }),
    )

    it.effect("names the place of a cell that is no number among many that are", () =>
      Effect.gen(function* () {
        const numbers = Array.from({ length: 30 }, (_, i) => `${i}.5`)
        assert.strictEqual(
          yield* refusal(["a", ...numbers, "abc"].join("\n")),
          'rows.csv: row 32, column "a": "abc" is not a number; correct it or omit the column; missing values are empty cells, NA, NaN, null, none or ?',
        )
        const codes = yield* read(["a", "1", "2", "2a", "1"].join("\n"))
        assert.deepStrictEqual(words(codes, "a"), ["1", "2", "2a", "1"])
        assert.match(yield* refusal("a,b\n1,$3\n2,$4\n"), /row 2, column "b": .* currency/)
      }),
    )

    it.effect("refuses names that are missing or twice, before any row", () =>
      Effect.gen(function* () {
        assert.match(yield* refusal("a,b\n1\n", { required: ["c"] }), /no column "c".* "a", "b"/)
        assert.match(yield* refusal("a,a\n1,2\n"), /columns 1 and 2 are both named "a"/)
        assert.match(yield* refusal("a,b\n"), /no rows below the header/)
        assert.match(yield* refusal(""), /the file is empty/)
      }),
    )
  })

  describe("says", () => {
    const numbers = Array.from({ length: 30 }, (_, i) => `${i}.5`)

    it.effect.each(["missing", "Unknown"])("what to write instead of %s", (word) =>
      Effect.gen(function* () {
        assert.match(
          yield* refusal(["a", ...numbers, word].join("\n")),
          /is not a number; for a missing value .* write NA; --ignore omits the column$/,
        )
      }),
    )

    it.effect("that a file seems to have no header", () =>
      Effect.gen(function* () {
        const text = "2.041,4.082\n-2.5,-5.1\n"
        assert.match(yield* refusal(text, { required: ["y"] }), /seems to have no header/)
        assert.notMatch(yield* refusal(`a,b\n${text}`, { required: ["y"] }), /no header/)
      }),
    )
  })

  describe("Encoder", () => {
    const table = [
      "id,age,city,size,constant,empty,y",
      ...Array.from({ length: 12 }, (_, i) =>
        [
          `P${i}`,
          i === 3 ? "" : i * i,
          i === 4 ? "" : i % 3 === 0 ? "Rom" : "Oslo",
          ["S", "M", "L"][i % 3],
          7,
          "",
          i,
        ].join(","),
      ),
    ].join("\n")

    const learned = Effect.fnUntraced(function* () {
      const frame = yield* read(table)
      const ordinal = new Map([["size", ["S", "M", "L"] as const]])
      const rows = rowsOf(frame)
      return { frame, rows, ...Result.getOrThrow(Encoder.learn(frame, "y", rows, { ordinal })) }
    })

    it.effect("learns what stands for holes and words, and leaves out what says nothing", () =>
      Effect.gen(function* () {
        const { encoder, leftOut, missing } = yield* learned()
        assert.deepStrictEqual(encoder, [
          { _tag: "Number", column: "age", fill: 36, marksMissing: true },
          {
            _tag: "OneHot",
            column: "city",
            categories: ["Oslo", "Rom"],
            fill: "Oslo",
            marksMissing: true,
          },
          { _tag: "Ordinal", column: "size", order: ["S", "M", "L"], fill: 1, marksMissing: false },
        ])
        assert.deepStrictEqual(leftOut, [
          { column: "id", because: "identifier" },
          { column: "constant", because: "constant" },
          { column: "empty", because: "empty" },
        ])
        assert.deepStrictEqual(
          [...missing],
          [
            ["age", 1],
            ["city", 1],
          ],
        )
      }),
    )

    it.effect("gives a feature for each category, and marks what was missing", () =>
      Effect.gen(function* () {
        const { encoder, frame, rows } = yield* learned()
        assert.deepStrictEqual(
          Encoder.features(encoder).map(({ name }) => name),
          ["age", "age is missing", "city=Oslo", "city=Rom", "city is missing", "size"],
        )
        const { features } = Encoder.apply(encoder, frame, rows)
        const row = (i: number) => [...features.subarray(6 * i, 6 * i + 6)]
        assert.deepStrictEqual(row(2), [4, 0, 1, 0, 0, 2])
        assert.deepStrictEqual(row(3), [36, 1, 0, 1, 0, 0])
        assert.deepStrictEqual(row(4), [16, 0, 0, 0, 1, 1])
      }),
    )

    it.effect("takes unknown words for none of the categories, and counts them", () =>
      Effect.gen(function* () {
        const { encoder } = yield* learned()
        const frame = yield* read("size,city,age\nXL,Bern,1\nS,Bern,2\n")
        const { features, unknowns } = Encoder.apply(encoder, frame, [0, 1])
        assert.deepStrictEqual([...features.subarray(0, 6)], [1, 0, 0, 0, 0, 1])
        assert.deepStrictEqual([...features.subarray(6)], [2, 0, 0, 0, 0, 0])
        assert.deepStrictEqual(unknowns.words.get("city"), new Map([["Bern", 2]]))
        assert.deepStrictEqual(unknowns.words.get("size"), new Map([["XL", 1]]))
      }),
    )

    it.effect("fills holes that the training did not have by what is usual", () =>
      Effect.gen(function* () {
        const frame = yield* read("a,b,y\n1,u,0\n3,u,1\n8,v,1\n")
        const { encoder } = Result.getOrThrow(Encoder.learn(frame, "y", [0, 1, 2]))
        const holes = yield* read("b,a\n,\n")
        const { features, unknowns } = Encoder.apply(encoder, holes, [0])
        assert.deepStrictEqual([...features], [3, 1, 0])
        assert.deepStrictEqual(
          [...unknowns.filled],
          [
            ["a", 1],
            ["b", 1],
          ],
        )
      }),
    )

    it.effect("looks at the training rows alone", () =>
      Effect.gen(function* () {
        const frame = yield* read("a,b,y\n1,u,0\n3,u,1\n1000,v,1\n")
        const { encoder } = Result.getOrThrow(Encoder.learn(frame, "y", [0, 1]))
        assert.deepStrictEqual(encoder, [
          { _tag: "Number", column: "a", fill: 2, marksMissing: false },
        ])
      }),
    )

    it.effect("takes counts of rows and ids for what they are, unless they are kept", () =>
      Effect.gen(function* () {
        const text = [
          "row,user_id,year,y",
          ...Array.from({ length: 12 }, (_, i) =>
            [i + 1, (i * 7919) % 4001, 1990 + i, i % 2].join(","),
          ),
        ].join("\n")
        const frame = yield* read(text)
        const columns = (keep: ReadonlyArray<string>) =>
          Result.getOrThrow(
            Encoder.learn(frame, "y", rowsOf(frame), { keep: new Set(keep) }),
          ).encoder.map(({ column }) => column)
        assert.deepStrictEqual(columns([]), ["year"])
        assert.deepStrictEqual(columns(["row", "user_id"]), ["row", "user_id", "year"])
      }),
    )

    it.effect("leaves out dates and text, unless they are kept, and counts words beyond 100", () =>
      Effect.gen(function* () {
        const day = (i: number) => String(1 + (i % 28)).padStart(2, "0")
        const text = [
          "iso,stamp,german,slashed,note,name,zip,y",
          ...Array.from({ length: 600 }, (_, i) =>
            [
              `2024-01-${day(i)}`,
              `2024-01-${day(i)}T08:${day(i)}:00Z`,
              i === 3 ? "unknown" : `${day(i)}.01.2024`,
              `${day(i)}/1/2024 8:30`,
              `word ${i % 250}`,
              `name ${i}`,
              `zip ${i % 150}`,
              i % 2,
            ].join(","),
          ),
        ].join("\n")
        const frame = yield* read(text)
        const all = ["iso", "stamp", "german", "slashed", "note", "name", "zip"]
        const learn = (keep: ReadonlyArray<string>) =>
          Result.getOrThrow(Encoder.learn(frame, "y", rowsOf(frame), { keep: new Set(keep) }))
        const { encoder, leftOut, pooled } = learn([])
        assert.deepStrictEqual(
          leftOut.map(({ because, column }) => `${column}: ${because}`),
          [
            "iso: dates",
            "stamp: dates",
            "german: dates",
            "slashed: dates",
            "note: text",
            "name: identifier",
          ],
        )
        assert.strictEqual(Encoder.features(encoder).length, 100)
        assert.deepStrictEqual([...pooled], [["zip", 150]])
        assert.deepStrictEqual(
          learn(all).encoder.map(({ column }) => column),
          all,
        )
      }),
    )

    it.effect("refuses a word that its order does not have, by its place", () =>
      Effect.gen(function* () {
        const frame = yield* read("size,y\nS,0\nXXL,1\n")
        const ordinal = new Map([["size", ["S", "M"] as const]])
        const { message } = Result.getOrThrow(
          Result.flip(Encoder.learn(frame, "y", [0, 1], { ordinal })),
        )
        assert.match(message, /row 3, column "size": "XXL" is not one of the classes/)
      }),
    )
  })
})
