/** The rule on the first word of a docblock, run as the linter runs it. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"

const root = join(import.meta.dirname, "../../..")

/** Findings of the rule in a source. */
const lint = (source: string): number => {
  const folder = mkdtempSync(join(tmpdir(), "docblock-"))
  try {
    const file = join(folder, "a.ts")
    const config = join(folder, "oxlintrc.json")
    writeFileSync(file, source)
    const jsPlugins = [join(root, "tools/checks/src/rules/docblock.ts")]
    writeFileSync(config, JSON.stringify({ jsPlugins, rules: { "docblock/first-word": "error" } }))
    const oxlint = join(root, "node_modules/.bin/oxlint")
    const { stdout } = spawnSync(oxlint, ["-c", config, "-f", "unix", file], { encoding: "utf8" })
    return stdout.match(/first-word/g)?.length ?? 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("docblock/first-word", () => {
  it("refuses first words that circle the thing, and only in docblocks", () => {
    assert.strictEqual(lint("/** What a step takes. */\nexport const a = 1\n"), 1)
    assert.strictEqual(lint("/**\n * Whether it ends.\n */\nexport const a = 1\n"), 1)
    assert.strictEqual(
      lint("/* What stands aside. */\n// What is a remark\nexport const a = 1\n"),
      0,
    )
  })

  it("takes a noun or a verb", () => {
    assert.strictEqual(lint("/** Length of a step. */\nexport const a = 1\n"), 0)
    assert.strictEqual(lint("/** Tests whether it ends. */\nexport const a = 1\n"), 0)
  })
})
