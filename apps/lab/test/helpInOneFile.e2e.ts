/** What the built program loads where it only explains itself: one file, which says the same as the modules. */
import { assert, beforeAll, describe, it } from "vitest"
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"

const lab = join(import.meta.dirname, "..")
/** In the package, whose files the program reads by its name; a name with a dot is no code: runs of tests that go on beside this one stay those of the same code. */
const folder = join(lab, "dist/.test-help")

const node = (...args: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--conditions=source", ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  })
  return { status, stderr, stdout }
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  // alone: what it does not explain it cannot do
  cpSync(join(lab, "src/main.ts"), join(folder, "main.ts"))
  const { status, stderr } = node(join(lab, "scripts/help.ts"), join(folder, "help.js"))
  assert.deepStrictEqual([status, stderr], [0, ""])
  return () => rmSync(folder, { recursive: true })
})

describe("help in one file", () => {
  it.each([
    [[]],
    [["--version"]],
    [["worst-case", "-h"]],
    [["train", "--save", "--help"]],
    [["no-such-command", "--help"]],
  ])("says of %j what the modules say", (words) => {
    const modules = node(join(lab, "src/main.ts"), ...words)
    assert.deepStrictEqual(node(join(folder, "main.ts"), ...words), modules)
    assert.notStrictEqual(`${modules.stdout}${modules.stderr}`, "")
  })

  it("is not asked for what is behind two dashes", () => {
    assert.match(
      node(join(folder, "main.ts"), "explain", "--", "--help").stderr,
      /Cannot find module/,
    )
  })
})
