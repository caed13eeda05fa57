import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { afterAll, assert, describe, it } from "vitest"
import * as Block from "../src/Block.ts"
import * as Documents from "../src/Documents.ts"
import * as Hooks from "../src/Hooks.ts"

const root = join(import.meta.dirname, "../../..")

const hooks = Hooks.register()
afterAll(() => hooks.deregister())

// Examples do not remove their temporary files. Other tests of this thread have its environment too.
const { TMPDIR } = process.env
const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
process.env["TMPDIR"] = folder
afterAll(() => {
  if (TMPDIR === undefined) delete process.env["TMPDIR"]
  else process.env["TMPDIR"] = TMPDIR
  rmSync(folder, { recursive: true })
})

describe.for(Documents.list(root))("$file", ({ blocks, file }) => {
  it("runs every code block, or says at its fence why not", () => {
    const unmarked = blocks.filter((block) => Block.use(block) === "unmarked")
    assert.deepStrictEqual(
      unmarked.map(({ info, language, line }) => `${file}:${line} ${language} ${info}`.trim()),
      [],
      "mark it `ts import.meta.vitest`, `sh test` or `<language> no-run: <reason>`",
    )
  })

  for (const { line } of blocks.filter((block) => Block.use(block) === "module")) {
    it(`line ${line}`, async () => {
      const { assertionCount } = await import(Hooks.addressOf(join(root, file), line))
      assert.isAbove(assertionCount, 0, "it shows no value: `expression // => value`")
    })
  }
})
