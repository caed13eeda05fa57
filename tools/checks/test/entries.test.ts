import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { assert, describe, it } from "vitest"
import * as Scratch from "../../testing/src/Scratch.ts"
import * as Bundle from "../src/checks/bundle.ts"
import * as Entries from "../src/checks/entries.ts"
import { type Graph, grapher } from "../src/Graph.ts"

const system = (name: string) =>
  Workspace.makePackage(`packages/${name}`, {
    name: `@nonconvex/${name}`,
    nx: { tags: ["type:system"] },
  })

const graph = (
  modules: ReadonlyArray<string>,
  outside: Readonly<Record<string, string>> = {},
): Graph => ({
  modules: new Map(modules.map((file) => [file, "by.ts"])),
  outside: new Map(Object.entries(outside)),
  broken: [],
})

const numbered = (count: number) =>
  Array.from({ length: count }, (_, i) => `packages/a/src/${i}.ts`)

describe("the entry of a system", () => {
  it.for([
    ["optim-sam", ".", 105],
    ["catapults", ".", 130],
    ["optim-sam", "./operations", 149],
    ["catapults", "./operations", 149],
  ] as const)("of %s, %s, loads at most %i modules", ([name, entry, budget]) => {
    assert.deepStrictEqual(Entries.problems(system(name), graph(numbered(budget)), entry), [])
    assert.deepStrictEqual(Entries.problems(system(name), graph(numbered(budget + 1)), entry), [
      `loads ${budget + 1} modules of the workspace, more than ${budget}`,
    ])
  })

  it.for([
    [["packages/catapults/src/evidence/system.ts"], {}, /loads packages\/catapults\/src\/evidence/],
    [["packages/evidence/src/Claim.ts"], {}, /loads packages\/evidence\/src\/Claim\.ts, by by\.ts/],
    [["packages/datasets/src/Csv.ts"], {}, /loads packages\/datasets/],
    [["packages/runner/src/Compute.ts"], {}, /loads packages\/runner/],
    [[], { "node:fs": "a.ts" }, /loads node:fs, by a\.ts/],
    [[], { fs: "a.ts" }, /loads fs/],
    [[], { "fast-check": "a.ts" }, /loads fast-check/],
    [[], { "csv-parse/sync": "a.ts" }, /loads csv-parse\/sync/],
  ] as const)("never loads %j and %j", ([modules, outside, told]) => {
    const found = Entries.problems(system("catapults"), graph(modules, outside))
    assert.strictEqual(found.length, 1)
    assert.match(found[0]!, told)
  })

  it("may load effect", () => {
    const outside = { effect: "a.ts", "effect/Schema": "a.ts" }
    assert.deepStrictEqual(Entries.problems(system("catapults"), graph([], outside)), [])
  })
})

const written = (files: Readonly<Record<string, string>>): string => {
  const root = Scratch.folder()
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return root
}

it("a graph has what is loaded, each with the file that asked first, in circles too", () => {
  const root = written({
    "package.json": '{ "workspaces": ["packages/*"] }',
    "packages/a/package.json": JSON.stringify({
      name: "@nonconvex/a",
      exports: { ".": { source: "./src/index.ts" } },
    }),
    "packages/a/src/index.ts":
      'export * from "./one.ts"\nexport type * from "./types.ts"\nconst later = import("./later.ts")\n',
    "packages/a/src/one.ts":
      'import "effect/Schema"\nimport "@nonconvex/b/Two"\nimport "./index.ts"\n',
    "packages/b/package.json": JSON.stringify({
      name: "@nonconvex/b",
      exports: { "./*": { source: "./src/*.ts" } },
    }),
    "packages/b/src/Two.ts": 'import "node:fs"\nimport "./lost.ts"\n',
  })
  const { broken, modules, outside } = grapher(
    root,
    Workspace.read(root),
  )("packages/a/src/index.ts")
  assert.deepStrictEqual(
    [...modules],
    [
      ["packages/a/src/index.ts", "packages/a/src/index.ts"],
      ["packages/a/src/one.ts", "packages/a/src/index.ts"],
      ["packages/b/src/Two.ts", "packages/a/src/one.ts"],
    ],
  )
  assert.deepStrictEqual(
    [...outside],
    [
      ["effect/Schema", "packages/a/src/one.ts"],
      ["node:fs", "packages/b/src/Two.ts"],
    ],
  )
  assert.deepStrictEqual(broken, ["packages/b/src/Two.ts: ./lost.ts"])
})

it("a bundle that is too large is told in bytes", async () => {
  const root = written({ "a.ts": `export const text = "${"ab".repeat(500)}"\n` })
  const one = { name: "text", of: [], code: 'export * from "./a.ts"' }
  assert.deepStrictEqual(await Bundle.problems(root, one), [])
  const [told] = await Bundle.problems(root, { ...one, limit: 20 })
  assert.match(told!, /^text: \d+ bytes after gzip, more than 20: import effect by module/)
})

it("every entry that browsers load is in one bundle, and an import of a binary is found in it", async () => {
  const target = (source: string) => ({ source, types: "./x.d.ts", default: "./x.js" })
  const numerics = Workspace.makePackage("packages/numerics", {
    name: "@nonconvex/numerics",
    exports: { ".": target("./src/index.ts"), "./internal/*": null, "./*": target("./src/*.ts") },
    nx: { tags: ["type:core"] },
  })
  const catapults = Workspace.makePackage("packages/catapults", {
    name: "@nonconvex/catapults",
    exports: {
      ".": target("./src/index.ts"),
      "./evidence": target("./src/evidence/index.ts"),
    },
    nx: { tags: ["type:system"] },
  })
  const { code } = Bundle.everyEntry(
    [numerics, catapults],
    ["index", "Trace", "internal/Sketch"].map((name) => `packages/numerics/src/${name}.ts`),
  )
  assert.deepStrictEqual(code.split("\n"), [
    'export * as entry0 from "@nonconvex/numerics"',
    'export * as entry1 from "@nonconvex/numerics/Trace"',
    'export * as entry2 from "@nonconvex/numerics/index"',
    'export * as entry3 from "@nonconvex/catapults"',
  ])

  const root = written({
    "Native.ts": 'export const load = () => import("./binding.node")\n',
    "binding.node": "",
  })
  const found = await Bundle.problems(root, {
    name: "native",
    of: [],
    code: 'export * from "./Native.ts"',
  })
  assert.match(found.join("\n"), /^native: Native\.ts: No loader is configured for "\.node" files/)
})
