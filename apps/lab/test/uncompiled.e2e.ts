/** A workspace that was installed without scripts: a line that says what to run, and no stack trace. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, it } from "vitest"

it("says how to compile the kernels where nobody has", () => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [
      "--conditions=source",
      "--import",
      join(import.meta.dirname, "fixtures/uncompiled.ts"),
      join(import.meta.dirname, "../src/main.ts"),
      "verify",
      "dp-lowrank/clipping",
    ],
    { encoding: "utf8" },
  )
  assert.strictEqual(status, 1)
  assert.strictEqual(
    stderr,
    "nonconvex: the kernels are not compiled, as after npm ci --ignore-scripts; npm run prepare compiles them\n",
  )
  assert.strictEqual(stdout, "")
})
