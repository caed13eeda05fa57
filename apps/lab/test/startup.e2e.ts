/** What commands load that need no files of other programs: neither the readers of these nor what draws. */
import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import process from "node:process"
import { temporary } from "./support/Folders.ts"

interface Loaded {
  readonly packages: ReadonlyArray<string>
  readonly modules: number
}

const loadedBy = (...args: ReadonlyArray<string>): Loaded => {
  const fixture = join(import.meta.dirname, "fixtures", "loaded.ts")
  const main = join(import.meta.dirname, "..", "src", "main.ts")
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--conditions=source", "--import", fixture, main, ...args],
    { encoding: "utf8", cwd: temporary() },
  )
  assert.strictEqual(status, 0, stderr)
  return JSON.parse(stderr.slice(stderr.lastIndexOf('{"packages"'))) as Loaded
}

const always = ["@effect/platform-node", "@effect/platform-node-shared", "effect"]

describe("the start of a command", () => {
  it("loads effect and the flags of commands for help", () => {
    const { modules, packages } = loadedBy("--help")
    assert.deepStrictEqual(packages, always)
    // 292 when this was written, two thirds of them effect's
    assert.isAtMost(modules, 330)
  })

  it("loads no reader of files for what is known without one", () => {
    assert.deepStrictEqual(loadedBy("systems").packages, always)
    const claim = "optim-sam/normalised-step-length"
    const { packages } = loadedBy("verify", claim, "--runs", "1", "--no-store", "--quiet")
    assert.deepStrictEqual(packages, [...always, "csv-parse", "fast-check", "pure-rand"].toSorted())
  })
})
