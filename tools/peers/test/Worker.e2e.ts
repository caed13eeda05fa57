/** Workers in processes of their own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it, onTestFinished } from "vitest"
import { measureCase } from "../src/Measure.ts"
import * as Worker from "../src/Worker.ts"

/** A workload of two implementations, of which one computes something else. */
const source = `
export const workload = {
  cases: [{ name: "sum", parameters: { n: 3 }, tolerance: 1e-12 }],
  missing: { ghost: "not installed" },
  implementations: [
    { name: "right", own: true, prepare: ({ n }) => ({ run: () => {}, result: () => [n] }) },
    { name: "wrong", own: false, prepare: () => ({ run: () => {}, result: () => [4] }) },
    { name: "async", own: false, prepare: ({ n }) => ({ run: async () => {}, result: async () => [n] }) },
    { name: "other", own: false, prepare: () => undefined },
  ],
}
`

describe("a worker", () => {
  const serve = join(import.meta.dirname, "..", "src", "serve.ts")
  const serving = (file: string) =>
    Worker.start(process.execPath, ["--conditions=source", serve, file], process.env)

  it("is timed where it agrees, in rounds", async () => {
    const folder = mkdtempSync(join(tmpdir(), "peers-"))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, "sum.mjs")
    writeFileSync(file, source)
    const worker = await serving(file)
    const { cases, missing, versions } = worker.ready
    assert.deepStrictEqual(missing, { ghost: "not installed" })
    assert.strictEqual(versions["node"], process.version)
    const effort = { rounds: 2, least: 1e-4, most: 60 }
    const found = await measureCase(
      "w",
      cases![0]!,
      [[{ worker, suffix: "!", threads: "one" }]],
      effort,
    )
    worker.stop()
    assert.deepStrictEqual(
      found.measured.map(({ implementation, rounds }) => [implementation, rounds.length]),
      [
        ["right!", 2],
        ["async!", 2],
      ],
    )
    assert.deepStrictEqual(Object.keys(found.disagreements), ["wrong!"])
  })

  it("that dies early says why", async () => {
    const started = Worker.start(
      process.execPath,
      ["--conditions=source", serve, "/nowhere.mjs"],
      process.env,
    )
    const message = await started.then(
      () => "started",
      (error: unknown) => String(error),
    )
    assert.include(message, "ended early")
    assert.include(message, "nowhere.mjs")
  })

  it("that does not exist says so", async () => {
    const message = await Worker.start("no-such-command", [], process.env).then(
      () => "started",
      (error: unknown) => String(error),
    )
    assert.include(message, "ENOENT")
  })
})
