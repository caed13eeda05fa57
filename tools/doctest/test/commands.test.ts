import { execFile } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Block from "../src/Block.ts"
import * as Documents from "../src/Documents.ts"

const root = join(import.meta.dirname, "../../..")

/** What the shell prints, and the error of a command that did not exit with 0. */
const shell = (code: string): Promise<{ readonly error: Error | null; readonly output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, CI: "true", NO_COLOR: "1" }
    execFile("sh", ["-euc", code], { cwd: root, env, timeout: 110_000 }, (error, stdout, stderr) =>
      resolve({ error, output: `${stdout}${stderr}` }),
    )
  })

const commands = Documents.list(root).flatMap(({ blocks, file }) =>
  blocks.flatMap((block, i) => {
    if (Block.use(block) !== "shell") return []
    const after = blocks[i + 1]
    const shown = after !== undefined && Block.isOutput(after) ? after.code : ""
    return [{ code: block.code, shown, where: `${file}:${block.line}` }]
  }),
)

describe("documented commands", () => {
  it("do not install or test, which would run this test for ever", () => {
    const circular = commands.filter(({ code }) =>
      /npm (?:ci|i|install|test)\b|\.ci\/run/.test(code),
    )
    assert.deepStrictEqual(circular, [])
  })

  it.for(commands)("$where", { timeout: 120_000 }, async ({ code, shown }) => {
    const { error, output } = await shell(code)
    assert.isNull(error, output)
    assert.isUndefined(Block.notPrinted(shown, output), output)
  })
})
