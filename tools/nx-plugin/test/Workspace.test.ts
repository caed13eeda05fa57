import { assert, describe, it } from "vitest"
import * as References from "../src/References.ts"
import * as Targets from "../src/Targets.ts"
import * as Workspace from "../src/Workspace.ts"

const files: Readonly<Record<string, string>> = {
  "./package.json": '{ "workspaces": ["packages/*", "tools/*"] }',
  "packages/b/package.json":
    '{ "name": "@x/b", "dependencies": { "@x/a": "1" }, "nx": { "tags": ["type:system"] } }',
  "packages/a/package.json":
    '{ "name": "@x/a", "scripts": { "test": "vitest run" }, "nx": { "tags": ["type:core"] } }',
  "tools/checks/tsconfig.json": "{}",
}

const workspace = Workspace.make({
  children: (folder) => ({ packages: ["b", "a", "empty"], tools: ["checks"] })[folder] ?? [],
  text: (file) => files[file],
})

const [a, b, checks] = workspace.packages

describe("Workspace", () => {
  it("finds the packages of the root's workspaces, and tools without a package.json", () => {
    assert.deepStrictEqual(
      workspace.packages.map(({ folder, layer, name }) => [folder, layer, name]),
      [
        ["packages/a", "core", "@x/a"],
        ["packages/b", "system", "@x/b"],
        ["tools/checks", "tool", "checks"],
      ],
    )
  })

  it("has no layer where tags name none, two or an unknown one", () => {
    const layer = (...tags: ReadonlyArray<string>) =>
      Workspace.makePackage("packages/a", { nx: { tags } }).layer
    assert.isUndefined(layer())
    assert.isUndefined(layer("type:core", "type:system"))
    assert.isUndefined(layer("type:library"))
  })

  it("knows the owner of a file", () => {
    assert.strictEqual(Workspace.owner(workspace, "packages/b/src/index.ts"), b)
    assert.isUndefined(Workspace.owner(workspace, "README.md"))
  })
})

describe("References", () => {
  it("follow the dependencies", () => {
    assert.deepStrictEqual(References.ofPackage(workspace, b!), [{ path: "../a" }])
    assert.deepStrictEqual(References.ofPackage(workspace, a!), [])
  })
})

describe("Targets", () => {
  it("are types and tests for all, claims and experiments for a system", () => {
    const names = (p: Workspace.Package | undefined) => Object.keys(Targets.of(workspace, p!))
    assert.deepStrictEqual(names(a), ["typecheck", "test"])
    assert.deepStrictEqual(names(checks), ["typecheck", "test"])
    assert.deepStrictEqual(names(b), ["typecheck", "test", "claims", "experiments"])
  })

  it("are cached, and claims read the sources of the lab and of core too", () => {
    const targets = Targets.of(workspace, b!)
    for (const target of Object.values(targets)) assert.isTrue(target.cache)
    assert.includeMembers(targets["claims"]!.inputs!, [
      "{workspaceRoot}/apps/lab/src/**/*",
      "{workspaceRoot}/packages/a/src/**/*",
    ])
    assert.match(targets["claims"]!.command!, /apps\/lab\/src\/main\.ts verify b$/)
  })

  it("read the whole workspace where a tool works on it", () => {
    const inputs = (p: Workspace.Package | undefined) =>
      Targets.of(workspace, p!)["test"]!.inputs!.slice(0, -2)
    assert.deepStrictEqual(inputs(checks), ["{workspaceRoot}/**/*"])
    assert.deepStrictEqual(inputs(a), ["default", "^production"])
  })

  it("run the script of package.json where there is one", () => {
    assert.strictEqual(Targets.of(workspace, a!)["test"]!.executor, "nx:run-script")
    assert.strictEqual(Targets.of(workspace, b!)["test"]!.command, "vitest run")
  })
})
