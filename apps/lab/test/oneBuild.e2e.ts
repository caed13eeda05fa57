/** A program and its threads load one build of the kernels: that of their name. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, it } from "vitest"

const lab = (...args: ReadonlyArray<string>) =>
  spawnSync(
    process.execPath,
    [
      "--conditions=source",
      "--import",
      join(import.meta.dirname, "fixtures/withoutRelaxed.ts"),
      join(import.meta.dirname, "../src/main.ts"),
      ...args,
    ],
    { encoding: "utf8" },
  )

const verify = ["verify", "dp-lowrank/clipping", "--no-store", "--quiet", "--jobs", "2"]

it("strict kernels, without a look at the relaxed build", () => {
  const { status, stderr } = lab(...verify, "--kernels", "strict")
  assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
})

it("relaxed kernels, which a program cannot have without their build", () => {
  const { status, stderr } = lab(...verify, "--kernels", "relaxed")
  assert.strictEqual(status, 1)
  assert.include(stderr, "the kernels are not compiled")
})
