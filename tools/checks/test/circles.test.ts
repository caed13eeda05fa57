import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Scratch from "../../testing/src/Scratch.ts"
import * as Circles from "../src/Circles.ts"
import { graphOf } from "../src/checks/circles.ts"

const graph = (imports: Readonly<Record<string, ReadonlyArray<string>>>): Circles.ImportGraph =>
  new Map(Object.entries(imports))

describe("circles", () => {
  it.for([
    ["none in a diamond", { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, []],
    ["two files", { a: ["b"], b: ["a"] }, [["a", "b"]]],
    [
      "all files that reach each other, as one",
      { a: ["b"], b: ["c", "a"], c: ["a"] },
      [["a", "b", "c"]],
    ],
    [
      "two that one file joins by no way back",
      { a: ["b"], b: ["a", "c"], c: ["d"], d: ["c"] },
      [
        ["c", "d"],
        ["a", "b"],
      ],
    ],
    ["one that is entered from outside", { a: ["c"], b: ["c"], c: ["b"] }, [["b", "c"]]],
  ] as const)("are %s", ([, imports, expected]) => {
    assert.deepStrictEqual(Circles.find(graph(imports)), expected)
  })

  it("are told by a shortest way around", () => {
    const imports = graph({ a: ["b", "d"], b: ["c"], c: ["a"], d: ["a"] })
    assert.deepStrictEqual(Circles.shortest(imports, ["a", "b", "c", "d"]), ["a", "d"])
  })
})

it("an import of a type closes a circle, and so does one on demand", () => {
  const root = Scratch.folder()
  const files = {
    "package.json": '{ "workspaces": ["packages/*"] }',
    "packages/a/package.json": JSON.stringify({
      name: "@nonconvex/a",
      exports: { ".": { source: "./src/index.ts" } },
    }),
    "packages/a/src/index.ts": 'const later = () => import("./Handler.ts")\n',
    "packages/a/src/Handler.ts": 'import type { Input } from "@nonconvex/a"\n',
    "packages/a/test/a.test.ts": 'import "../src/index.ts"\n',
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  assert.deepStrictEqual(Circles.find(graphOf(root)), [
    ["packages/a/src/Handler.ts", "packages/a/src/index.ts"],
  ])
})
