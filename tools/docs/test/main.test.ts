import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "vitest"
import { root } from "./support/Told.ts"

const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
afterAll(() => rmSync(folder, { recursive: true }))

const site = (...words: ReadonlyArray<string>) =>
  spawnSync(
    process.execPath,
    ["--conditions=source", join(root, "tools/docs/src/main.ts"), ...words],
    { cwd: folder, encoding: "utf8" },
  )

describe("npm run site", () => {
  it("refuses a flag that it does not have, in a line", () => {
    const { status, stderr } = site("--reprot", "x")
    assert.strictEqual(status, 1)
    assert.match(stderr, /^[^\n]*--reprot[^\n]*--help has what there is\n$/)
  })

  it("refuses a report that is none, in a line that says what it wants", () => {
    const { status, stderr } = site("--report", "nowhere", "--out", join(folder, "new"))
    assert.strictEqual(status, 1)
    assert.match(stderr, /^[^\n]*results\.json is not there: --report wants a folder that[^\n]*\n$/)
  })

  it("never replaces a folder that is no site", () => {
    writeFileSync(join(folder, "thesis.tex"), "ten years")
    const { status, stderr } = site("--out", folder)
    assert.strictEqual(status, 1)
    assert.match(stderr, /holds other files than a site: name another folder with --out\n$/)
  })
})
