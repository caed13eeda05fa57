import { assert, describe, it } from "vitest"
import { makePackage } from "@nonconvex/nx-plugin/Workspace"
import type { Lock } from "../src/checks/install.ts"
import { commandOf, plan, UnknownPackage } from "../src/Packing.ts"

const packageOf = (folder: string, layer: string, more: object = {}) =>
  makePackage(folder, {
    name: `@nonconvex/${folder.split("/").at(-1)!}`,
    version: "0.3.0",
    nx: { tags: [`type:${layer}`] },
    ...more,
  })

const packages = [
  packageOf("packages/numerics", "core"),
  packageOf("packages/optim-sam", "system"),
  packageOf("packages/catapults", "system"),
  packageOf("packages/store", "bridge"),
  packageOf("tools/checks", "tool", { private: true }),
]

const linkTo = (name: string): Lock => ({
  [`node_modules/@nonconvex/${name}`]: { resolved: `packages/${name}`, link: true },
})

const lock: Lock = {
  ...linkTo("numerics"),
  "packages/numerics": { name: "@nonconvex/numerics", peerDependencies: { effect: "4" } },
  "packages/optim-sam": {
    name: "@nonconvex/optim-sam",
    dependencies: { "@nonconvex/numerics": "0.3.0", elsewhere: "1" },
  },
  "packages/catapults": { name: "@nonconvex/catapults" },
  "packages/store": { name: "@nonconvex/store" },
  "node_modules/elsewhere": {},
  "node_modules/effect": {},
}

const planOf = (...asked: ReadonlyArray<string>) =>
  plan({ packages }, lock, asked).map(({ name, parts }) => [name, parts.map(({ short }) => short)])

describe("a plan of what is packed", () => {
  it("has what a package needs of the workspace, and nothing from elsewhere", () => {
    assert.deepStrictEqual(planOf("optim-sam"), [
      ["@nonconvex/optim-sam", ["numerics", "optim-sam"]],
    ])
    assert.deepStrictEqual(planOf("@nonconvex/store"), [["@nonconvex/store", ["store"]]])
  })

  it("has all systems where none is named", () => {
    assert.deepStrictEqual(
      planOf().map(([name]) => name),
      ["@nonconvex/optim-sam", "@nonconvex/catapults"],
    )
  })

  it("refuses what is not published, and says the choice", () => {
    for (const wrong of ["checks", "@nonconvex/nothing"]) {
      assert.throws(
        () => planOf("store", wrong),
        UnknownPackage,
        /^no package @nonconvex\/(checks|nothing); choose among numerics, optim-sam, catapults, store$/,
      )
    }
  })

  it("becomes the command that installs its tarballs beside effect", () => {
    const [packing] = plan({ packages }, lock, ["optim-sam"])
    assert.strictEqual(
      commandOf(packing!, "/there/packed", "4.1.0"),
      "npm install effect@4.1.0 /there/packed/nonconvex-numerics-0.3.0.tgz /there/packed/nonconvex-optim-sam-0.3.0.tgz",
    )
  })
})
