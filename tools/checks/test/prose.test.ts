import { assert, describe, it } from "vitest"
import { medianOf, passagesOf, sentenceLengths, termsOf } from "../src/checks/prose.ts"

describe("the style sheet", () => {
  it("is the table of CONTRIBUTING", () => {
    const page = [
      "Words:",
      "",
      "| not           | write       |",
      "| ------------- | ----------- |",
      "| to the bit    | bit for bit |",
      "| whole numbers | integers    |",
      "",
      "| another | table |",
    ].join("\n")
    assert.deepStrictEqual(termsOf(page), [
      ["to the bit", "bit for bit"],
      ["whole numbers", "integers"],
    ])
  })

  it("has no word where there is no table", () => {
    assert.deepStrictEqual(termsOf("no table"), [])
  })
})

describe("passages", () => {
  const source = [
    "/**",
    " * Adds two numbers.",
    " *",
    " * @example",
    " * an example is code",
    " */",
    "export const add = (a: number, b: number) => a + b",
    "// a comment inside is no docblock",
    'export const short = "two words"',
    'export const help = "three or more words"',
    "export const count = (n: number) => `${n} rows were read from the table`",
  ].join("\n")

  it("are docblocks without examples, and strings of three words", () => {
    assert.deepStrictEqual(
      passagesOf("sum.ts", source).map(({ line, text }) => [line, text.trim()]),
      [
        [1, "Adds two numbers."],
        [10, "three or more words"],
        [11, "0 rows were read from the table"],
      ],
    )
  })
})

describe("sentences", () => {
  it("are those of paragraphs and lists, in which code is one word and tables do not count", async () => {
    const page = [
      "# A heading of five words.",
      "",
      "Two short. `npm run lab -- verify` takes a",
      "[claim](a.md).",
      "",
      "- An entry with its mark.",
      "- an entry without a mark",
      "",
      "| a table | of words. |",
      "| ------- | --------- |",
    ].join("\n")
    assert.deepStrictEqual(await sentenceLengths(page), [2, 4, 5])
  })

  it("have a median under eighteen words", async () => {
    const page = (words: number) => `Word${" word".repeat(words - 1)}. `.repeat(9)
    assert.deepStrictEqual(await medianOf("short.md", page(17)), [])
    assert.deepStrictEqual(await medianOf("long.md", page(18)), [
      "long.md:1 the median sentence has 18 words, and must have fewer than 18",
    ])
  })
})
