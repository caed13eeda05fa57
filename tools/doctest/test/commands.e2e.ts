import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as Block from "../src/Block.ts"
import * as Documents from "../src/Documents.ts"
import * as Resident from "./support/Resident.ts"

const root = join(import.meta.dirname, "../../..")

const commands = Documents.list(root).flatMap(({ blocks, file }) =>
  blocks.flatMap((block, i) => {
    if (Block.use(block) !== "shell") return []
    const after = blocks[i + 1]
    const shown = after !== undefined && Block.isOutput(after) ? after.code : ""
    return [{ code: block.code, file, shown, where: `${file}:${block.line}` }]
  }),
)

let resident: Resident.Resident

beforeAll(() => {
  resident = Resident.start(root)
})

afterAll(() => resident.end())

describe("documented commands", () => {
  it("do not install or test, which would run this test for ever", () => {
    const circular = commands.filter(({ code }) =>
      /npm (?:ci|i|install|test)\b|\.ci\/run/.test(code),
    )
    assert.deepStrictEqual(circular, [])
  })

  it.for(commands)("$where", { timeout: 120_000 }, async ({ code, file, shown }) => {
    // what a newcomer gives first is run as it stands
    const { error, output } =
      file === "README.md" ? await Resident.shell(root, code) : await resident.shell(code)
    assert.isNull(error, output)
    assert.isUndefined(Block.notPrinted(shown, output), output)
  })
})
