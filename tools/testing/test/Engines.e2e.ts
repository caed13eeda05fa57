import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Engines from "../src/Engines.ts"
import { all, each, first, nameOf, newest } from "../src/Matrix.ts"
import * as Scratch from "../src/Scratch.ts"

/** A folder with a program `node` that says it is of this version. */
const folderOf = (version: number): string => {
  const folder = Scratch.folder()
  const path = join(folder, "node")
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`)
  chmodSync(path, 0o755)
  return folder
}

describe("Engines.node", () => {
  it("finds this one, and the first of its version in the folders that are given", () => {
    const here = process.versions.node
    assert.deepStrictEqual(Engines.node(here, ""), { path: process.execPath })
    const [one, two, three] = [folderOf(1), folderOf(2), folderOf(2)]
    assert.deepStrictEqual(Engines.node("2.3.4", [one, two, three].join(":")), {
      path: join(two, "node"),
    })
  })

  it("says of one that there is not", { timeout: 60_000 }, () => {
    const found = Engines.node("3.0.0-none", folderOf(1))
    assert.match("reason" in found ? found.reason : "", /^no Node 3 in PATH, and npm has no node-/)
  })
})

describe("the matrix", () => {
  const keyOf = (run: typeof first) => nameOf(run)

  it("has each engine, both kernels and each number of jobs, once and in full", () => {
    for (const runs of [
      [first, ...each],
      [first, ...all],
    ]) {
      assert.deepStrictEqual(
        [...new Set(runs.map(({ jobs }) => jobs))].toSorted((a, b) => a - b),
        [1, 2, 4],
      )
      assert.deepStrictEqual([...new Set(runs.map(({ kernels }) => kernels))].toSorted(), [
        "reference",
        "strict",
      ])
      const engines = runs.map(({ engine }) => (engine === "Chromium" ? engine : engine.node))
      assert.strictEqual(new Set(engines).size, 4)
      assert.strictEqual(new Set(runs.map(keyOf)).size, runs.length)
    }
    assert.strictEqual(all.length + 1, 3 * 2 * 3 + 2)
    assert.deepStrictEqual(first.engine, { node: newest })
  })

  it("names its runs for people", () => {
    assert.deepStrictEqual(each.map(keyOf), [
      "Node 24, reference kernels, 4 jobs",
      "Node 22, strict kernels, 1 job",
      "Node 20, strict kernels, 2 jobs",
      "Chromium, strict kernels",
    ])
  })
})
