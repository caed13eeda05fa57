import { readJson, writeJson } from "@nx/devkit"
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing"
import { assert, describe, it } from "vitest"
import sync from "../src/generators/references.ts"

const tree = () => {
  const created = createTreeWithEmptyWorkspace()
  const write = (file: string, json: object) => writeJson(created, file, json)
  write("package.json", { workspaces: ["packages/*", "tools/*"] })
  write("tsconfig.json", { files: [], references: [{ path: "packages/gone" }] })
  write("packages/a/package.json", { name: "@x/a" })
  write("packages/a/tsconfig.json", { include: ["src"], references: [] })
  write("packages/b/package.json", { name: "@x/b", dependencies: { "@x/a": "1" } })
  write("packages/b/tsconfig.json", { include: ["src"] })
  write("tools/checks/tsconfig.json", { references: [{ path: "../by-hand" }] })
  return created
}

describe("nx sync", () => {
  it("writes the references that package.json implies, and names the files", () => {
    const synced = tree()
    const { outOfSyncMessage } = sync(synced)
    const references = (file: string) => readJson(synced, file).references
    assert.deepStrictEqual(references("tsconfig.json"), [
      { path: "packages/a" },
      { path: "packages/b" },
      { path: "tools/checks" },
    ])
    assert.deepStrictEqual(references("packages/b/tsconfig.json"), [{ path: "../a" }])
    assert.deepStrictEqual(references("tools/checks/tsconfig.json"), [{ path: "../by-hand" }])
    assert.match(outOfSyncMessage, /: tsconfig\.json, packages\/b\/tsconfig\.json$/)
  })

  it("changes nothing the second time", () => {
    const synced = tree()
    sync(synced)
    const before = synced.listChanges().map(({ content, path }) => [path, String(content)])
    sync(synced)
    const after = synced.listChanges().map(({ content, path }) => [path, String(content)])
    assert.deepStrictEqual(after, before)
  })
})
