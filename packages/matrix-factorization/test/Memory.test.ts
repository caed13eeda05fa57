/** A step allocates no array, and a completion stays within its bars of memory and time. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Allocated, Completed } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")

const run = (...args: ReadonlyArray<string>): unknown => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", program, ...args],
    { encoding: "utf8" },
  )
  assert.strictEqual(status, 0, stderr)
  return JSON.parse(stdout)
}

describe("memory", () => {
  it("of 50,000 label-noise steps is a few boxed numbers each", { timeout: 60_000 }, () => {
    const { loss, sampled } = run("steps", "50000") as Allocated
    // no array: what there is are numbers that cross calls, 16 bytes each, less than eight a step
    assert.isBelow(sampled, 50_000 * 8 * 16)
    assert.isTrue(loss > 0 && loss < 1)
  })

  it(
    "of a 200 x 200 completion of rank 5 to a gap of 1e-8 is below 300 MB",
    { timeout: 60_000 },
    () => {
      const { megabytes, relativeGap, seconds, status } = run("completion") as Completed
      assert.strictEqual(status, "certified")
      assert.isAtMost(relativeGap, 1e-8)
      assert.isBelow(megabytes, 300)
      assert.isBelow(seconds, 20)
    },
  )
})
