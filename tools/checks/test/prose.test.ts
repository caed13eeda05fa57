import { assert, describe, it } from "vitest"
import { passagesOf, termsOf } from "../src/checks/prose.ts"

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
