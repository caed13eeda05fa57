import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { assert, describe, it } from "vitest"
import { type Answers, bundle } from "./bundle.ts"
import * as entry from "./engineEntry.ts"

/** Another Node: where it is, and its version. */
interface Other {
  readonly path: string
  readonly version: string
}

/** Every Node on the path and in the usual places whose version is not that of this one, from 20 on. */
const others = (): ReadonlyArray<Other> => {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"]
  const found = new Map<string, Other>()
  for (const path of folders.map((folder) => join(folder, "node"))) {
    if (!existsSync(path)) continue
    const version = spawnSync(path, ["--version"], { encoding: "utf8" }).stdout?.trim() ?? ""
    const major = Number(/^v(\d+)\./.exec(version)?.[1])
    if (major >= 20 && version !== process.version) found.set(version, { path, version })
  }
  return [...found.values()]
}

const program = (file: string) => `
  const entry = await import(${JSON.stringify(file)})
  process.stdout.write(JSON.stringify({
    failures: entry.failures(),
    fingerprint: entry.fingerprint(),
  }))`

describe("in other versions of Node", () => {
  it("holds every law, with the bits of this one", { timeout: 120_000 }, async () => {
    const found = others()
    if (found.length === 0) console.info(`skipped: no Node but ${process.version}`)
    const folder = mkdtempSync(join(tmpdir(), "numerics-"))
    try {
      const file = join(folder, "entry.mjs")
      writeFileSync(file, await bundle())
      const here = { failures: [], fingerprint: entry.fingerprint() }
      for (const { path, version } of [{ path: process.execPath, version: "this" }, ...found]) {
        const args = ["--input-type=module", "--eval", program(file)]
        const { stderr, stdout } = spawnSync(path, args, { encoding: "utf8" })
        assert.notStrictEqual(stdout, "", `${version}: ${stderr}`)
        assert.deepStrictEqual(JSON.parse(stdout) as Answers, here, version)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
