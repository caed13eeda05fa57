/** The packages that a pull request tests, by nx itself. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"

const root = join(import.meta.dirname, "../../..")

describe("a pull request", () => {
  it("of one package tests that package and its dependants, and no other system", () => {
    const folderOf = mkdtempSync(join(tmpdir(), "affected-"))
    const file = join(folderOf, "graph.json")
    try {
      const nx = join(root, "node_modules/nx/dist/bin/nx.js")
      const ask = ["affected", "-t", "test", "--files=packages/catapults/src/index.ts"]
      const env = { ...process.env, NX_DAEMON: "false" }
      const { status } = spawnSync(process.execPath, [nx, ...ask, `--graph=${file}`], {
        cwd: root,
        env,
      })
      assert.strictEqual(status, 0)
      const { tasks } = JSON.parse(readFileSync(file, "utf8")) as {
        readonly tasks: { readonly tasks: Readonly<Record<string, unknown>> }
      }
      const tested = Object.keys(tasks.tasks).filter((id) => id.endsWith(":test"))
      assert.includeMembers(tested, [
        "@nonconvex/catapults:test",
        "@nonconvex/tensorflow:test",
        "@nonconvex/lab:test",
      ])
      for (const other of ["numerics", "dp-lowrank"])
        assert.notInclude(tested, `@nonconvex/${other}:test`)
    } finally {
      rmSync(folderOf, { recursive: true })
    }
  })
})
