import { assert, it } from "vitest"
import { closure, install, type Lock } from "../src/checks/install.ts"
import { packageJson, workspace } from "./fixture.ts"

const names = (lock: Lock, folder: string) => [...closure(lock, folder, ["effect"]).values()]

it("follows dependencies as npm does, optional peers and what the user brings left out", () => {
  const lock: Lock = {
    "packages/a": {
      name: "a",
      dependencies: { b: "1", nested: "1" },
      optionalDependencies: { native: "1", "of-another-system": "1" },
      peerDependencies: { effect: "4", needed: "1", offered: "1" },
      peerDependenciesMeta: { offered: { optional: true } },
    },
    "node_modules/b": { resolved: "packages/b", link: true },
    "packages/b": { name: "b", dependencies: { nested: "2" } },
    "packages/b/node_modules/nested": { dependencies: { a: "1" } },
    "node_modules/a": { resolved: "packages/a", link: true },
    "node_modules/nested": {},
    "node_modules/native": {},
    "node_modules/needed": { dependencies: { effect: "4", deep: "1" } },
    "node_modules/deep": {},
    "node_modules/offered": {},
    "node_modules/effect": {},
  }
  assert.deepStrictEqual(names(lock, "packages/b"), [
    "packages/b",
    "packages/b/node_modules/nested",
    "packages/a",
    "node_modules/native",
    "node_modules/needed",
    "node_modules/deep",
  ])
  assert.deepStrictEqual(names(lock, "packages/a").slice(0, 2), ["packages/a", "packages/b"])
})

const lockOf = (packages: Lock) => JSON.stringify({ lockfileVersion: 3, packages })
const system = (more: object) => packageJson("optim-sam", "system", more)

it("refuses a client of a database, wherever it comes from, and many megabytes", async () => {
  const runs = async (more: object, lock: Lock, files: Readonly<Record<string, string>> = {}) => {
    const root = workspace({
      "packages/optim-sam/package.json": system(more),
      "package-lock.json": lockOf(lock),
      ...files,
    })
    const outcome = await install.run(root)
    return outcome.status === "passed" ? "" : outcome.output
  }
  const platform: Lock = {
    "node_modules/platform": { dependencies: { "@redis/client": "6", undici: "8" } },
    "node_modules/@redis/client": {},
    "node_modules/undici": {},
  }
  const needs = { dependencies: { platform: "1" } }
  assert.match(
    await runs(needs, platform),
    /^@nonconvex\/optim-sam brings @redis\/client along\n@nonconvex\/optim-sam brings undici along/,
  )
  const optional = {
    peerDependencies: { platform: "1" },
    peerDependenciesMeta: { platform: { optional: true } },
  }
  assert.strictEqual(await runs(optional, platform), "")
  assert.match(
    await runs({}, {}, { "packages/optim-sam/src/data.ts": "x".repeat(11e6) }),
    /^@nonconvex\/optim-sam installs 11\.0 MB beside effect, more than 10$/,
  )
})
