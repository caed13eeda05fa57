import { assert, describe, it } from "vitest"
import * as Boundaries from "../src/Boundaries.ts"
import type { Package } from "../src/Workspace.ts"
import * as Workspace from "../src/Workspace.ts"

const named = (folder: string, tag: string, exports: ReadonlyArray<string> = ["."]): Package =>
  Workspace.makePackage(folder, {
    name: `@nonconvex/${folder.split("/")[1]!}`,
    exports: Object.fromEntries(exports.map((path) => [path, "./src/index.ts"])),
    nx: { tags: tag === "" ? [] : [`type:${tag}`] },
  })

const packages = [
  named("packages/numerics", "core"),
  named("packages/problems", "core"),
  named("packages/evidence", "core"),
  named("packages/datasets", "core"),
  named("packages/runner", "core"),
  named("packages/optim-sam", "system", [".", "./evidence"]),
  named("packages/flat-minima", "system"),
  named("packages/tensorflow", "bridge"),
  named("packages/untagged", ""),
  named("apps/lab", "app"),
  named("apps/gallery", "app"),
  named("tools/peers", "tool"),
  named("tools/checks", "tool"),
]

const workspace: Workspace.Workspace = { manifest: {}, packages }

const objection = (from: string, to: string) => {
  const get = (short: string) => packages.find((p) => p.short === short)!
  return Boundaries.objection(get(from), get(to))
}

const violation = (file: string, specifier: string) =>
  Boundaries.violation(workspace, file, { specifier, line: 1 })

describe("Boundaries", () => {
  it.for([
    ["lab", "tensorflow"],
    ["lab", "optim-sam"],
    ["lab", "numerics"],
    ["tensorflow", "optim-sam"],
    ["tensorflow", "problems"],
    ["optim-sam", "datasets"],
    ["optim-sam", "optim-sam"],
    ["evidence", "problems"],
    ["evidence", "numerics"],
    ["evidence", "datasets"],
    ["runner", "evidence"],
    ["runner", "datasets"],
    ["optim-sam", "runner"],
    ["problems", "numerics"],
    ["datasets", "numerics"],
    ["peers", "optim-sam"],
  ] as const)("%s may import %s", ([from, to]) => {
    assert.isUndefined(objection(from, to))
  })

  it.for([
    ["lab", "gallery", "app may not import app"],
    ["tensorflow", "lab", "bridge may not import app"],
    ["optim-sam", "flat-minima", "system may not import system"],
    ["optim-sam", "tensorflow", "system may not import bridge"],
    ["numerics", "optim-sam", "core may not import system"],
    ["problems", "evidence", "inside core, problems may import numerics"],
    ["numerics", "problems", "inside core, numerics may import nothing"],
    ["datasets", "problems", "inside core, datasets may import numerics"],
    [
      "evidence",
      "runner",
      "inside core, evidence may import numerics, problems, figures, datasets",
    ],
    ["checks", "numerics", "tool may not import core"],
    ["lab", "peers", "app may not import tool"],
    ["untagged", "numerics", "untagged has no single tag type:..."],
  ] as const)("%s may not import %s", ([from, to, reason]) => {
    assert.strictEqual(objection(from, to), reason)
  })

  it("lets a file import what another package exports, and no more", () => {
    const file = "apps/lab/src/Systems.ts"
    assert.isUndefined(violation(file, "@nonconvex/optim-sam/evidence"))
    assert.include(violation(file, "@nonconvex/optim-sam/src/Sam.ts"), "is not exported")
    assert.isUndefined(violation(file, "effect"))
  })

  it("keeps relative imports inside of the package", () => {
    const file = "packages/optim-sam/src/claims/Steps.ts"
    assert.isUndefined(violation(file, "../Sam.ts"))
    assert.include(violation(file, "../../../numerics/src/Vector.ts"), "leaves packages/optim-sam")
  })

  it("lets vitest.config.ts, and tools, take what the tools share", () => {
    const settings = "../../tools/testing/src/Project.ts"
    assert.isUndefined(violation("packages/optim-sam/vitest.config.ts", settings))
    assert.include(violation("packages/optim-sam/src/a.ts", `../${settings}`), "leaves packages/")
    assert.isUndefined(violation("tools/checks/test/fixture.ts", "../../testing/src/Scratch.ts"))
    const core = "../../../packages/numerics/src/index.ts"
    assert.include(violation("tools/checks/test/fixture.ts", core), "leaves tools/checks")
  })

  it("lets a compiled loop, and no other source, take the vectors of the kernels", () => {
    const vectors = "../../numerics/assembly/simd"
    assert.isUndefined(violation("packages/optim-sam/src/Loop.kernel.ts", vectors))
    assert.include(violation("packages/optim-sam/src/Loop.ts", vectors), "leaves packages/")
  })
})
