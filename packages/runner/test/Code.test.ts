import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import * as Code from "../src/node/Code.ts"
import { system } from "./support/System.ts"

const base = realpathSync(mkdtempSync(join(tmpdir(), "code-")))

afterAll(() => rmSync(base, { recursive: true, force: true }))

let made = 0

/** The digest of a system in a package of its own that has these files. */
const digestOf = (files: Readonly<Record<string, string>>): string | undefined => {
  const root = join(base, `package${made++}`)
  for (const [path, content] of Object.entries({ "package.json": '{"name":"own"}', ...files })) {
    mkdirSync(join(root, path, ".."), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return Code.digestOf({ ...system, module: pathToFileURL(join(root, "src/system.ts")).href })
}

const plain = { "src/system.ts": "export const system = 1" }

describe("the version of the code", () => {
  it("is that of the files, wherever they lie", () => {
    expect(digestOf(plain)).toMatch(/^[0-9a-f]{64}$/)
    expect(digestOf(plain)).toBe(digestOf(plain))
  })

  for (const [what, files] of Object.entries({
    "a changed source": { "src/system.ts": "export const system = 2" },
    "one more source": { ...plain, "src/step.ts": "" },
    "a source of another name": { "src/system.ts": "", "src/a.ts": plain["src/system.ts"] },
    "shipped data": { ...plain, "data/iris.csv": "1,2" },
  })) {
    it(`is another with ${what}`, () => expect(digestOf(files)).not.toBe(digestOf(plain)))
  }

  it("does not depend on tests, documents and other builds", () => {
    const more = { "test/a.ts": "1", "README.md": "#", "dist/src/system.js": "2" }
    expect(digestOf({ ...plain, ...more })).toBe(digestOf(plain))
  })

  it("follows the packages that the system needs", () => {
    const needing = (version: string) =>
      digestOf({
        ...plain,
        "package.json": '{"name":"own","dependencies":{"step":"*"}}',
        "node_modules/step/package.json": `{"name":"step","version":"${version}"}`,
      })
    expect(needing("1.0.0")).toBe(needing("1.0.0"))
    expect(needing("1.0.0")).not.toBe(needing("1.0.1"))
  })

  it("is nothing of a system that names no module", () => {
    const { module: _, ...homeless } = system
    expect(Code.digestOf(homeless)).toBeUndefined()
  })

  it("knows data of one's own by all their bytes and names", () => {
    const folder = (files: Readonly<Record<string, string>>) => {
      const root = join(base, `data${made++}`)
      mkdirSync(root)
      for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content)
      return Code.digestOfFolder(root)
    }
    expect(folder({ a: "1", b: "2" })).toBe(folder({ b: "2", a: "1" }))
    expect(folder({ a: "1", b: "2" })).not.toBe(folder({ a: "12", b: "" }))
    expect(folder({ a: "1", b: "2" })).not.toBe(folder({ a: "2", b: "1" }))
  })
})
