import { assert, describe, it } from "vitest"
import * as Exports from "../src/Exports.ts"

const conditions = (source: string) => ({ source, types: "x", default: "x" })

const manifest = {
  exports: {
    "./package.json": "./package.json",
    ".": conditions("./src/index.ts"),
    "./internal/*": null,
    "./*": conditions("./src/*.ts"),
    "./network/secret": null,
  },
}

describe("the source of an entry", () => {
  it.for([
    [".", "./src/index.ts"],
    ["./Lanczos", "./src/Lanczos.ts"],
    ["./network/Dense", "./src/network/Dense.ts"],
    ["./internal/Probes", undefined],
    ["./network/secret", undefined],
    ["./package.json", "./package.json"],
  ] as const)("%s is %s", ([subpath, source]) => {
    assert.strictEqual(Exports.source(manifest, subpath), source)
  })

  it("is none where nothing is exported, or nothing that matches", () => {
    assert.isUndefined(Exports.source({}, "."))
    const only = { exports: { ".": "./src/index.ts" } }
    assert.strictEqual(Exports.source(only, "."), "./src/index.ts")
    assert.isUndefined(Exports.source(only, "./Lanczos"))
  })
})

it("the entries of a pattern are those of the files that are there", () => {
  const files = ["index", "Lanczos", "internal/Probes", "network/Dense", "network/secret"]
  assert.deepStrictEqual(
    Exports.subpaths(manifest, [...files.map((name) => `./src/${name}.ts`), "./test/a.test.ts"]),
    [".", "./Lanczos", "./index", "./network/Dense", "./package.json"],
  )
})
