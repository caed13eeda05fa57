import { assert, describe, it } from "vitest"
import * as Block from "../src/Block.ts"

const fenced = (info: string, code = "1") => `\`\`\`${info}\n${code}\n\`\`\``
const uses = (markdown: string) => Block.ofMarkdown(markdown).map(Block.use)

describe("Block", () => {
  it("reads language, info, code and line from Markdown", () => {
    assert.deepStrictEqual(
      Block.ofMarkdown(`# title\n\n${fenced("ts no-run: needs a GPU", "f()")}`),
      [{ line: 3, language: "ts", info: "no-run: needs a GPU", code: "f()" }],
    )
  })

  it("keeps a shorter fence inside of a longer one", () => {
    const [outer, ...others] = Block.ofMarkdown(`\`\`\`\`md\n${fenced("ts")}\n\`\`\`\``)
    assert.strictEqual(outer?.code, fenced("ts"))
    assert.strictEqual(others.length, 0)
  })

  it("refuses a fence that does not close", () => {
    assert.throws(() => Block.ofMarkdown("a\n```ts\n1"), /line 2: the code block does not end/)
  })

  it("reads docblocks, and nothing that only looks like one", () => {
    const source = [
      "const glob = '/** ```ts import.meta.vitest'",
      "/**",
      " * Adds.",
      " *",
      " * ```ts import.meta.vitest",
      " * add(",
      " *   1,",
      " * )",
      " * ```",
      " */",
      "export const add = 1 // ```ts",
    ].join("\n")
    assert.deepStrictEqual(Block.ofSource("add.ts", source), [
      { line: 5, language: "ts", info: "import.meta.vitest", code: "add(\n  1,\n)" },
    ])
  })

  it("runs what is marked to run", () => {
    assert.deepStrictEqual(uses(fenced("ts import.meta.vitest")), ["module"])
    assert.deepStrictEqual(uses(fenced("sh test")), ["shell"])
  })

  it("lets output, data and excused code pass", () => {
    for (const info of ["", "text", "json", "sh no-run: installs", "js no-run: for the browser"])
      assert.deepStrictEqual(uses(fenced(info)), ["shown"], info)
  })

  it("compares what is shown with what was printed, line by line, but for what is left out", () => {
    const printed = "held  a\n  100 runs\n1 statement\n"
    assert.isUndefined(Block.notPrinted("held a\n...\n1 statement", printed))
    assert.strictEqual(Block.notPrinted("held b", printed), "held b")
    assert.strictEqual(Block.notPrinted("1 statement\nheld a", printed), "held a")
    assert.deepStrictEqual(
      Block.ofMarkdown(`${fenced("text output")}\n${fenced("text")}`).map(Block.isOutput),
      [true, false],
    )
  })

  it("objects to code that neither runs nor says why", () => {
    for (const info of [
      "ts",
      "js",
      "sh",
      "bash",
      "ts no-run:",
      "sh no-run",
      "js import.meta.vitest",
    ])
      assert.deepStrictEqual(uses(fenced(info)), ["unmarked"], info)
  })
})
